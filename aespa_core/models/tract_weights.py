"""The tract model on disk: one safetensors file, whose header says which inputs it was made for."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.errors import ArtifactError
from aespa_core.models.physics_head import HeadSettings
from aespa_core.models.tract_model import AREA_MEANS, AREA_SIZE, CONTEXT, SIGNS, TractModel
from aespa_core.studies.atomic import write_bytes

FORMAT: Final = "aespa tract model 1"
# One key: the library writes several in no fixed order, and equal models shall be equal files.
KEY: Final = "aespa"
MAKE: Final = "make it again with `aespa atlas build`"


def header(settings: HeadSettings, distances: int) -> dict[str, Any]:
    """Describe a model: its format, size, and inputs by name in their order."""
    return {
        "format": FORMAT,
        "head": asdict(settings),
        "distances": distances,
        "context": list(CONTEXT),
        "area_means": list(AREA_MEANS),
        "area_size": list(AREA_SIZE),
        "proxies": list(LEARNED),
        "signs": list(SIGNS),
    }


def save_model(model: TractModel, path: Path) -> None:
    """Write all parameters and buffers (standardisation, range, learned proxies) atomically."""
    tensors = {name: value.contiguous() for name, value in model.state_dict().items()}
    words = header(model.settings, model.anomaly_scale.shape[1])
    write_bytes(path, save(tensors, {KEY: json.dumps(words)}))


def load_model(path: Path) -> TractModel:
    """Read a model for estimating.

    Raises
    ------
    ArtifactError
        If the file is missing or garbled, or was made for other inputs than this version's.
    """
    if not path.is_file():
        raise ArtifactError(f"{path} is missing: {MAKE}.")
    try:
        with safe_open(path, "pt") as file:
            found = json.loads((file.metadata() or {}).get(KEY, "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise ArtifactError(f"{path} is not a safetensors file ({error}): {MAKE}.") from error
    try:
        settings, distances = HeadSettings(**found["head"]), int(found["distances"])
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{path} does not say how large its model is: {MAKE}.") from error
    wanted = header(settings, distances)
    if wrong := [key for key in wanted if found.get(key) != wanted[key]]:
        raise ArtifactError(
            f"{path} was made for another {wrong[0].replace('_', ' ')} "
            f"({found.get(wrong[0])}, here {wanted[wrong[0]]}): {MAKE}."
        )
    model = TractModel(settings, distances)
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise ArtifactError(f"{path} does not fit its own header ({reason}): {MAKE}.") from error
    return model.eval()
