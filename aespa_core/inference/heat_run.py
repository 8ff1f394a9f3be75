"""One run of training from a study's folder to weights on disk."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from lightning_fabric import Fabric

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.image_numbers import read_image_numbers
from aespa_core.datasets.heat.samples import HeatSamples, read_samples
from aespa_core.datasets.heat.splits import HeatSplit, heat_split
from aespa_core.errors import ConfigError
from aespa_core.inference.heat_scope import HeatScope, scope_of
from aespa_core.inference.heat_study import Caches, own_caches, study_for_training
from aespa_core.inference.own_encoders import hashes, own_encoders
from aespa_core.inference.proxy_reader import READER_FILE, learned_reader, save_reader
from aespa_core.inference.run_encoders import run_encoders
from aespa_core.models.heat.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from aespa_core.models.heat.encoders import TractPixels, learns
from aespa_core.models.heat.heat_model import HeatEstimate
from aespa_core.studies.folder import Study, open_study
from aespa_core.training.heat.history import Curves, write_history
from aespa_core.training.heat.loop import Fitted, estimated, fit_heat_model
from aespa_core.training.heat.run_state import Epoch
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.training.heat.training_set import TrainingSet

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
    pretrained: Callable[[float], None] = lambda share: None,
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
    pretrained
        Called with the share of the encoders' pretraining, where the run pretrains them.
    caches
        Where numbers and embeddings are kept; under ``runs/`` if None.
    """
    caches = caches or own_caches()
    model_settings = run.settings.model
    if run.mode == "student":
        model_settings = replace(model_settings, use_mobility=False)
    settings = replace(run.settings, model=model_settings)
    # a teacher that does not load is known before images are read
    teacher = None if run.teacher is None else load_checkpoint(run.teacher, CONTEXT)
    study = open_study(run.study)
    samples = read_samples(study)
    split = heat_split(samples, run.split, run.seed, run.hold_out)
    found = run_encoders(settings, run.experiment, teacher, samples, split, run.folder, pretrained)
    encoders = found.encoders
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
    weights = run.folder / WEIGHTS_FILE
    if fabric.is_global_zero:
        reader = ""
        if model_settings.proxies == "images":
            numbers = read_image_numbers(study, caches.numbers)
            learned = learned_reader(numbers, samples, split)
            reader = save_reader(learned, run.folder / READER_FILE)
        words = {
            "experiment": run.experiment,
            "study": study.info.name,
            "split": f"{run.split} {run.hold_out}",
            "seed": str(run.seed),
            "validation_mae_c": f"{best:.4f}",
            **hashes(encoders),
            **scope_after(fitted, data, samples, reader).words(),
        }
        save_checkpoint(
            Checkpoint(
                fitted.model,
                CONTEXT,
                run.mode,
                words,
                fitted.encoders or (encoders if found.carried else None),
            ),
            weights,
        )
        write_history(fitted.epochs, run.folder / HISTORY_FILE)
    return HeatResult(
        weights, run.mode, len(fitted.epochs), len(data.train), len(data.validation), best,
        fabric.is_global_zero,
    )  # fmt: skip


def scope_after(fitted: Fitted, data: TrainingSet, samples: HeatSamples, reader: str) -> HeatScope:
    """Say what a model may be asked elsewhere; ``reader`` is the hash of its reader of proxies."""
    rows = data.validation
    inputs = data.inputs.rows(rows)
    if fitted.encoders is not None and data.pixels is not None:
        # the encoders have learned since the study was laid out
        chosen = rows.numpy()
        own = TractPixels(data.pixels.tiles[chosen], data.pixels.photos[chosen])
        parts = list(fitted.encoders.eval().batches(own))
        inputs = replace(
            inputs,
            satellite=torch.cat([part.satellite for part in parts]),
            street=torch.cat([part.street for part in parts]),
        )
    residual = data.labels.day[rows] - estimated(fitted.model, inputs).day
    train = data.inputs.rows(data.train)
    return scope_of(samples, train, residual.double().numpy(), reader)


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
    encoders = own_encoders(teacher)
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
