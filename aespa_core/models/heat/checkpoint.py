"""A trained model on disk: one safetensors file whose header says all that it takes to run it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from safetensors.torch import save
from torch import Tensor

from aespa_core import __version__
from aespa_core.errors import ArtifactError, ConfigError
from aespa_core.models.heat.checkpoints import CLIP, VIT, sizes_in
from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.heat_model import HeatModel, ModelShape
from aespa_core.models.heat.pretrained import rebuilt
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings, refuse_odd_sizes
from aespa_core.models.heat.street import StreetEncoder
from aespa_core.models.weights_file import filled, read_weights
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
    read = read_weights(path, KEY, MAKE)
    found, tensors = read.header, read.tensors
    if found.get("format") != FORMAT:
        raise ArtifactError(
            f"{path} is no checkpoint of the heat model (it says '{found.get('format')}', here "
            f"'{FORMAT}'): give one that `aespa train` wrote."
        )
    for name, wanted in (("proxies", PROXY_IDS), ("context", context)):
        made = tuple(map(str, found[name])) if isinstance(found.get(name), list) else ()
        if made != wanted:
            raise ArtifactError(
                f"{path} was made for other {name} ({', '.join(made)}; here "
                f"{', '.join(wanted)}): {MAKE}."
            )
    try:
        settings, shape = settings_of(found["settings"]), shape_of(found["shape"])
        models = []
        for number in range(members_of(found["members"], tensors)):
            models.append(HeatModel(settings, shape).eval())
            filled(models[-1], part(f"models.{number}.", tensors))
        encoders = None
        if "encoders" in found:
            encoders = bare_encoders(settings, found["encoders"])
            filled(encoders, part("encoders.", tensors))
        mode, words = str(found["mode"]), {k: str(v) for k, v in found["words"].items()}
    except (KeyError, TypeError, RuntimeError, ValueError, AttributeError, ConfigError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[-1].strip().rstrip(".")
        raise ArtifactError(f"{path} does not fit its own header ({reason}): {MAKE}.") from error
    return Checkpoint(tuple(models), context, mode, words, encoders)


def members_of(said: object, tensors: dict[str, Tensor]) -> int:
    """Count the members of a file.

    Raises
    ------
    ValueError
        If its header says another number.
    """
    numbers = {name.split(".")[1] for name in tensors if name.startswith("models.")}
    if said != len(numbers) or isinstance(said, bool) or not numbers:
        raise ValueError(f"members = {said!r}, and there are weights of {len(numbers)}")
    return len(numbers)


def part(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Take the tensors of one part."""
    return {n.removeprefix(prefix): v for n, v in tensors.items() if n.startswith(prefix)}


def bare_encoders(settings: ModelSettings, configs: dict[str, Any]) -> Encoders:
    """Build encoders of random weights, for those of the file."""
    for kind, name in ((VIT, "satellite"), (CLIP, "street")):
        sizes_in(kind, configs[name], getattr(settings, name))
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
    shape = ModelShape(**{**fields, "metros": tuple(fields["metros"])})
    refuse_odd_sizes({name: value for name, value in asdict(shape).items() if name != "metros"})
    return shape
