"""One run of training from a study's folder to weights on disk."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from lightning_fabric import Fabric

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.samples import HeatSamples, read_samples
from aespa_core.datasets.heat.splits import HeatSplit, heat_split
from aespa_core.errors import ArtifactError, ConfigError
from aespa_core.inference.heat_study import Caches, own_caches, study_for_training
from aespa_core.models.heat.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from aespa_core.models.heat.encoders import Encoders, encoders_of, learns
from aespa_core.models.heat.heat_model import HeatEstimate
from aespa_core.models.heat.pretrained import weights_hash
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.studies.folder import Study, open_study
from aespa_core.training.heat.history import Curves, write_history
from aespa_core.training.heat.loop import estimated, fit_heat_model
from aespa_core.training.heat.run_state import Epoch
from aespa_core.training.heat.settings import TrainSettings

WEIGHTS_FILE: Final = "best.safetensors"
HISTORY_FILE: Final = "epochs.csv"


@dataclass(frozen=True)
class HeatRun:
    """What is asked for.

    Attributes
    ----------
    settings, mode
        How to learn; ``teacher`` or ``student``.
    study, folder, teacher, log
        Folders of the study and of what the run leaves; the teacher's weights; TensorBoard's.
    split, hold_out, seed
        Who learns.
    experiment
        Name of the settings.
    device, devices
        Kind and number of devices.
    """

    settings: TrainSettings
    mode: str
    study: Path
    folder: Path
    teacher: Path | None
    log: Path | None
    split: str
    hold_out: str
    seed: int
    experiment: str
    device: str
    devices: int


@dataclass(frozen=True)
class HeatResult:
    """What a run left; of several processes only the first is to speak."""

    weights: Path
    mode: str
    epochs: int
    train_tracts: int
    validation_tracts: int
    validation_mae_c: float
    first_process: bool

    def words(self) -> dict[str, Any]:
        """Give all of it as plain values."""
        found = asdict(self) | {"weights": str(self.weights)}
        del found["first_process"]
        return found


def heat_run(
    run: HeatRun,
    done: Callable[[Epoch], None] = lambda epoch: None,
    progress: Callable[[float], None] = lambda share: None,
    caches: Caches | None = None,
) -> HeatResult:
    """Train from a folder to weights.

    Parameters
    ----------
    run
        What is asked for.
    done
        Called after each epoch.
    progress
        Called with the share of images read.
    caches
        Where numbers and embeddings are kept; under ``runs/`` if None.
    """
    caches = caches or own_caches()
    model_settings = run.settings.model
    if run.mode == "student":
        model_settings = replace(model_settings, use_mobility=False)
    settings = replace(run.settings, model=model_settings)
    refuse_untaught(model_settings, run.experiment)
    # a teacher that does not load is known before images are read
    teacher = None if run.teacher is None else load_checkpoint(run.teacher, CONTEXT)
    study = open_study(run.study)
    samples = read_samples(study)
    split = heat_split(samples, run.split, run.seed, run.hold_out)
    encoders = encoders_of(settings.model, run.seed)
    data = study_for_training(study, samples, split, settings.model, encoders, caches, progress)
    progress(1.0)
    taught = None if teacher is None else said_by(teacher, study, samples, split, caches)
    fabric = fabric_of(run.device, run.devices, settings)
    curves = Curves(run.log if fabric.is_global_zero else None)

    def closed(epoch: Epoch) -> None:
        curves.draw(epoch)
        done(epoch)

    fitted = fit_heat_model(
        data, settings, run.seed, taught, encoders if learns(settings.model) else None, fabric,
        run.folder, closed,
    )  # fmt: skip
    best = min(epoch.validation_mae_c for epoch in fitted.epochs)
    words = {
        "experiment": run.experiment,
        "study": study.info.name,
        "split": f"{run.split} {run.hold_out}",
        "seed": str(run.seed),
        "validation_mae_c": f"{best:.4f}",
        **hashes(encoders),
    }
    weights = run.folder / WEIGHTS_FILE
    if fabric.is_global_zero:
        save_checkpoint(
            Checkpoint(fitted.model, CONTEXT, run.mode, words, fitted.encoders), weights
        )
        write_history(fitted.epochs, run.folder / HISTORY_FILE)
    return HeatResult(
        weights, run.mode, len(fitted.epochs), len(data.train), len(data.validation), best,
        fabric.is_global_zero,
    )  # fmt: skip


def hashes(encoders: Encoders) -> dict[str, str]:
    """Hash the weights of both encoders."""
    return {
        "satellite_weights": weights_hash(encoders.satellite),
        "street_weights": weights_hash(encoders.street),
    }


def refuse_untaught(settings: ModelSettings, experiment: str) -> None:
    """Refuse an encoder that neither learned before nor learns now.

    Raises
    ------
    ConfigError
        If an encoder that is used is frozen and has no weights.
    """
    for name, used in (("satellite", settings.use_satellite), ("street", settings.use_street)):
        encoder: EncoderSettings = getattr(settings, name)
        if used and encoder.adaptation == "frozen" and not encoder.weights:
            raise ConfigError(
                f"The experiment '{experiment}' freezes a {name} encoder of random weights: set "
                f"{name}.weights to a checkpoint, or {name}.adaptation to whole."
            )


def said_by(
    teacher: Checkpoint, study: Study, samples: HeatSamples, split: HeatSplit, caches: Caches
) -> HeatEstimate:
    """Take a teacher's estimates of all tracts, in the order of the samples.

    Raises
    ------
    ConfigError
        If the checkpoint is a student's.
    ArtifactError
        If the frozen encoders that it names are no longer those that it learned with.
    """
    if teacher.mode != "teacher":
        raise ConfigError(
            f"--teacher-checkpoint holds a {teacher.mode}: give the weights of a teacher."
        )
    encoders = teacher.encoders or encoders_of(teacher.model.settings)
    if teacher.encoders is None and (found := hashes(encoders)) != {
        name: teacher.words.get(name) for name in found
    }:
        raise ArtifactError(
            "The teacher's settings name encoders whose weights have changed since it learned: "
            "put its encoders back, or train it again."
        )
    data = study_for_training(study, samples, split, teacher.model.settings, encoders, caches)
    return estimated(teacher.model, data.inputs)


def fabric_of(device: str, devices: int, settings: TrainSettings) -> Fabric:
    """Launch the devices.

    Raises
    ------
    ConfigError
        If the host has no such device.
    """
    kind, _, number = device.partition(":")
    wanted = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if kind not in ("auto", "cpu", *wanted) or not wanted.get(kind, True):
        here = ["cpu", *(name for name, there in wanted.items() if there)]
        raise ConfigError(
            f"--device {device} is not on this host: choose auto or one of {', '.join(here)}."
        )
    fabric = Fabric(
        accelerator=kind,
        devices=[int(number)] if number else devices,
        strategy="ddp" if devices > 1 else "auto",
        precision=settings.precision,  # type: ignore[arg-type]
    )
    fabric.launch()
    return fabric
