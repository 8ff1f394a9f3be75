"""The encoders that a run of training starts from, and whether its checkpoint carries them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aespa_core.datasets.heat.pixels import small_photos, small_tiles
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import HeatSplit
from aespa_core.errors import ConfigError
from aespa_core.models.heat.checkpoint import Checkpoint
from aespa_core.models.heat.encoders import Encoders, encoders_of, learns
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.pretraining.encoder_pair import pretrained_pair
from aespa_core.training.heat.settings import TrainSettings

ENCODERS_FOLDER: Final = "encoders"


@dataclass(frozen=True)
class RunEncoders:
    """Encoders of a run.

    Attributes
    ----------
    encoders
        Both.
    carried
        Whether they go into the checkpoint, since nothing else holds them.
    """

    encoders: Encoders
    carried: bool


def run_encoders(
    settings: TrainSettings,
    experiment: str,
    teacher: Checkpoint | None,
    samples: HeatSamples,
    split: HeatSplit,
    folder: Path,
    progress: Callable[[float], None] = lambda share: None,
) -> RunEncoders:
    """Take the encoders that settings name, a teacher's, or new ones pretrained without labels.

    Parameters
    ----------
    settings, experiment
        How to learn, and what that is called.
    teacher
        Of a student: frozen encoders of its checkpoint serve both.
    samples, split
        Whose images may be looked at: training tracts'.
    folder
        Of the run, where pretrained encoders are kept until it ends.
    progress
        Told the share of pretraining that is done.

    Raises
    ------
    ConfigError
        If an encoder that is used neither learned before nor learns now.
    """
    model = settings.model
    if learns(model):
        return RunEncoders(encoders_of(model, split.seed), carried=True)
    untaught = untaught_encoders(model)
    if not untaught:
        return RunEncoders(encoders_of(model, split.seed), carried=False)
    if teacher is not None and teacher.encoders is not None:
        if sizes(teacher.settings) != sizes(model):
            raise ConfigError(
                f"The experiment '{experiment}' has encoders of other sizes than its teacher's: "
                "train teacher and student with the same experiment."
            )
        return RunEncoders(teacher.encoders, carried=True)
    if settings.pretrain_steps:
        made = pretrained_pair(
            small_tiles(samples, model.satellite.image_px),
            small_photos(samples, model.photos, model.street.image_px),
            split.train,
            model,
            settings.pretrain_steps,
            split.seed,
            folder / ENCODERS_FOLDER,
            progress,
        )
        for encoder in (made.satellite, made.street):
            # the checkpoint writes it down: equal runs in two folders shall be equal files
            encoder.network.config.name_or_path = ""
        return RunEncoders(made, carried=True)
    raise ConfigError(
        f"The experiment '{experiment}' freezes a {untaught[0]} encoder of random weights: set "
        f"{untaught[0]}.weights to a checkpoint, {untaught[0]}.adaptation to whole, or "
        "pretrain_steps to some hundred."
    )


def untaught_encoders(settings: ModelSettings) -> list[str]:
    """Name the encoders that are used, frozen and new."""
    used = {"satellite": settings.use_satellite, "street": settings.use_street}
    encoders: dict[str, EncoderSettings] = {name: getattr(settings, name) for name in used}
    return [
        name
        for name, encoder in encoders.items()
        if used[name] and encoder.adaptation == "frozen" and not encoder.weights
    ]


def sizes(settings: ModelSettings) -> tuple[EncoderSettings, EncoderSettings, int]:
    """Give what two models must share to look through the same encoders."""
    return (
        replace(settings.satellite, weights=""),
        replace(settings.street, weights=""),
        settings.grid,
    )
