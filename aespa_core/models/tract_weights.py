"""The tract model on disk: one safetensors file, whose header says which inputs it was made for."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from safetensors.torch import save

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.errors import ArtifactError
from aespa_core.models.physics_head import HeadSettings
from aespa_core.models.tract_model import AREA_MEANS, AREA_SIZE, CONTEXT, SIGNS, TractModel
from aespa_core.models.weights_file import filled, read_weights
from aespa_core.studies.atomic import write_bytes

FORMAT: Final = "aespa tract model 1"
# One key: the library writes several in no fixed order, and equal models shall be equal files.
KEY: Final = "aespa"
# Of members, hidden units, curve units and distances: far above any model that was made.
MOST: Final = 1_024
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
    read = read_weights(path, KEY, MAKE)
    found = read.header
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
    try:
        refuse_odd_sizes(found["head"], distances)
        model = TractModel(settings, distances)
        filled(model, read.tensors)
    except (RuntimeError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[-1].strip()
        raise ArtifactError(f"{path} does not fit its own header ({reason}): {MAKE}.") from error
    return model.eval()


def refuse_odd_sizes(head: dict[str, Any], distances: int) -> None:
    """Refuse a header whose model nobody made, before it is built.

    Raises
    ------
    ValueError
        If a size is none, or beyond :data:`MOST`.
    """
    for name, value in {**head, "distances": distances}.items():
        whole = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST
        if not (whole or (name == "dropout" and 0 <= value < 1)):
            raise ValueError(f"{name} = {value!r}")
