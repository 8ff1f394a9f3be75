"""A trained model on disk: one safetensors file whose header says all that it takes to run it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from aespa_core import __version__
from aespa_core.errors import ArtifactError
from aespa_core.models.heat.checkpoints import CLIP, VIT
from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.heat_model import HeatModel, ModelShape
from aespa_core.models.heat.pretrained import rebuilt
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.models.heat.street import StreetEncoder
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.atomic import write_bytes

FORMAT: Final = "aespa heat model 2"
# One key: the library writes several in no fixed order, and equal models shall be equal files.
KEY: Final = "aespa"
MAKE: Final = "train it again with `aespa train`"


@dataclass(frozen=True)
class Checkpoint:
    """A model with what it was made from.

    Attributes
    ----------
    models
        Members, ready to estimate: one architecture, weights of their own. Their mean is the
        estimate, their spread its uncertainty.
    context
        Names of the context columns, in order.
    mode
        ``teacher`` or ``student``.
    words
        What the run says of itself: experiment, seed, study, error on validation.
    encoders
        Those that learned with the model; None where frozen ones were named in its settings.
    """

    models: tuple[HeatModel, ...]
    context: tuple[str, ...]
    mode: str
    words: dict[str, str]
    encoders: Encoders | None = None

    @property
    def settings(self) -> ModelSettings:
        """Settings that all members share."""
        return self.models[0].settings

    @property
    def metros(self) -> tuple[str, ...]:
        """Metros learned from, in the order of the members' levels."""
        return self.models[0].shape.metros


def save_checkpoint(checkpoint: Checkpoint, path: Path) -> None:
    """Write weights, scales and settings atomically."""
    model = checkpoint.models[0]
    header = {
        "format": FORMAT,
        "version": __version__,
        "mode": checkpoint.mode,
        "settings": asdict(model.settings),
        "shape": asdict(model.shape),
        "context": list(checkpoint.context),
        "proxies": list(PROXY_IDS),
        "members": len(checkpoint.models),
        "words": checkpoint.words,
    }
    tensors = {
        f"models.{number}.{name}": value
        for number, member in enumerate(checkpoint.models)
        for name, value in member.state_dict().items()
    }
    if checkpoint.encoders is not None:
        header["encoders"] = {
            name: encoder.network.config.to_dict()
            for name, encoder in (
                ("satellite", checkpoint.encoders.satellite),
                ("street", checkpoint.encoders.street),
            )
        }
        learned = checkpoint.encoders.state_dict()
        tensors |= {f"encoders.{name}": value for name, value in learned.items()}
    tensors = {name: value.contiguous() for name, value in tensors.items()}
    write_bytes(path, save(tensors, {KEY: json.dumps(header)}))


def load_checkpoint(path: Path, context: tuple[str, ...]) -> Checkpoint:
    """Read a model for estimating or for teaching.

    Parameters
    ----------
    path
        A file that :func:`save_checkpoint` wrote.
    context
        Names of the context columns that it will be given.

    Raises
    ------
    ArtifactError
        If the file is missing or garbled, is no such checkpoint, or does not fit.
    """
    if not path.is_file():
        raise ArtifactError(f"{path} is missing: {MAKE}.")
    try:
        with safe_open(path, "pt") as file:
            found: dict[str, Any] = json.loads((file.metadata() or {}).get(KEY, "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise ArtifactError(f"{path} is not a safetensors file ({error}): {MAKE}.") from error
    if found.get("format") != FORMAT:
        raise ArtifactError(
            f"{path} is no checkpoint of the heat model (it says '{found.get('format')}', here "
            f"'{FORMAT}'): give one that `aespa train` wrote."
        )
    for name, wanted in (("proxies", PROXY_IDS), ("context", context)):
        if tuple(found.get(name, ())) != wanted:
            raise ArtifactError(
                f"{path} was made for other {name} ({', '.join(found.get(name, ()))}; here "
                f"{', '.join(wanted)}): {MAKE}."
            )
    try:
        settings, shape = settings_of(found["settings"]), shape_of(found["shape"])
        models = []
        for number in range(found["members"]):
            models.append(HeatModel(settings, shape).eval())
            models[-1].load_state_dict(part(f"models.{number}.", tensors))
        encoders = None
        if "encoders" in found:
            encoders = bare_encoders(settings, found["encoders"])
            encoders.load_state_dict(part("encoders.", tensors))
    except (KeyError, TypeError, RuntimeError) as error:
        reason = str(error).splitlines()[-1].strip()
        raise ArtifactError(f"{path} does not fit its own header ({reason}): {MAKE}.") from error
    return Checkpoint(tuple(models), context, found["mode"], found["words"], encoders)


def part(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Take the tensors of one part."""
    return {n.removeprefix(prefix): v for n, v in tensors.items() if n.startswith(prefix)}


def bare_encoders(settings: ModelSettings, configs: dict[str, Any]) -> Encoders:
    """Build encoders of random weights, for those of the file."""
    return Encoders(
        SatelliteEncoder(settings.satellite, settings.grid, rebuilt(VIT, configs["satellite"])),
        StreetEncoder(settings.street, rebuilt(CLIP, configs["street"])),
    )


def settings_of(fields: dict[str, Any]) -> ModelSettings:
    """Build settings from a header."""
    encoders = {name: EncoderSettings(**fields[name]) for name in ("satellite", "street")}
    return ModelSettings(**{**fields, **encoders})


def shape_of(fields: dict[str, Any]) -> ModelShape:
    """Build a shape from a header."""
    return ModelShape(**{**fields, "metros": tuple(fields["metros"])})
