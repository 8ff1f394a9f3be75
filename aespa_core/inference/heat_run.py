"""One run of training from a study's folder to weights on disk."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.image_numbers import read_image_numbers
from aespa_core.datasets.heat.samples import HeatSamples, read_samples
from aespa_core.datasets.heat.splits import HeatSplit, heat_split, refuse_unlabelled
from aespa_core.errors import ConfigError
from aespa_core.inference.devices import fabric_of
from aespa_core.inference.heat_scope import scope_of
from aespa_core.inference.heat_study import Caches, own_caches, study_for_training
from aespa_core.inference.own_encoders import hashes, own_encoders
from aespa_core.inference.proxy_reader import READER_FILE, learned_reader, save_reader
from aespa_core.inference.run_encoders import run_encoders
from aespa_core.models.heat.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from aespa_core.models.heat.encoders import Encoders, learns
from aespa_core.models.heat.heat_model import HeatEstimate, HeatModel
from aespa_core.studies.folder import Study, open_study
from aespa_core.training.heat.ensemble import fit_members, mean_day
from aespa_core.training.heat.history import Curves, write_history
from aespa_core.training.heat.loop import estimated
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
    """What a run left; ``epochs`` of all members; of several processes only the first speaks."""

    weights: Path
    mode: str
    members: int
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
    done: Callable[[int, Epoch], None] = lambda member, epoch: None,
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
        Called after each epoch with its member's number.
    progress
        Called with the share of images read.
    pretrained
        Called with the share of the encoders' pretraining, where the run pretrains them.
    caches
        Where numbers and embeddings are kept; under ``runs/`` if None.

    Raises
    ------
    ConfigError
        If several members shall learn with encoders that learn too.
    """
    caches = caches or own_caches()
    model_settings = run.settings.model
    if run.settings.members > 1 and learns(model_settings):
        raise ConfigError(
            f"The experiment '{run.experiment}' wants {run.settings.members} members and encoders "
            "that learn with each: set members to 1, or freeze the encoders."
        )
    if run.mode == "student":
        model_settings = replace(model_settings, use_mobility=False)
    settings = replace(run.settings, model=model_settings)
    # a teacher that does not load is known before images are read
    teacher = None if run.teacher is None else load_checkpoint(run.teacher, CONTEXT)
    study = open_study(run.study)
    samples = read_samples(study)
    split = heat_split(samples, run.split, run.seed, run.hold_out)
    refuse_unlabelled(split, run.study)
    found = run_encoders(settings, run.experiment, teacher, samples, split, run.folder, pretrained)
    encoders = found.encoders
    data = study_for_training(study, samples, split, settings.model, encoders, caches, progress)
    progress(1.0)
    taught = None if teacher is None else said_by(teacher, study, samples, split, caches)
    fabric = fabric_of(run.device, run.devices, settings)
    curves = Curves(run.log if fabric.is_global_zero else None)

    def closed(member: int, epoch: Epoch) -> None:
        curves.draw(member, epoch)
        done(member, epoch)

    fitted = fit_members(
        data, settings, run.seed, taught, encoders if learns(settings.model) else None, fabric,
        run.folder, closed,
    )  # fmt: skip
    models, learned = tuple(one.model for one in fitted), fitted[0].encoders
    residual = stopping_residual(models, learned, data)
    mae_c = float(residual.abs().mean())
    weights = run.folder / WEIGHTS_FILE
    if fabric.is_global_zero:
        reader = ""
        if model_settings.proxies == "images":
            numbers = read_image_numbers(study, caches.numbers)
            reader = save_reader(learned_reader(numbers, samples, split), run.folder / READER_FILE)
        words = {
            "experiment": run.experiment,
            "study": study.info.name,
            "split": f"{run.split} {run.hold_out}",
            "seed": str(run.seed),
            "validation_mae_c": f"{mae_c:.4f}",
            **hashes(encoders),
            **scope_of(samples, data.inputs.rows(data.train), residual.numpy(), reader).words(),
        }
        save_checkpoint(
            Checkpoint(
                models,
                CONTEXT,
                run.mode,
                words,
                learned or (encoders if found.carried else None),
            ),
            weights,
        )
        write_history([one.epochs for one in fitted], run.folder / HISTORY_FILE)
    return HeatResult(
        weights, run.mode, len(models), sum(len(one.epochs) for one in fitted), len(data.train),
        len(data.validation), mae_c,
        fabric.is_global_zero,
    )  # fmt: skip


def stopping_residual(
    models: tuple[HeatModel, ...], encoders: Encoders | None, data: TrainingSet
) -> Tensor:
    """Label minus the members' mean on the tracts that stopped the learning, °C, (V,).

    Parameters
    ----------
    models
        Members.
    encoders
        Those that learned with the model since the study was laid out; None if none did.
    data
        The study.
    """
    rows = data.validation
    inputs = data.seen_by(encoders, rows, torch.device("cpu"))
    return data.labels.day[rows].double() - mean_day(models, inputs)


def said_by(
    teacher: Checkpoint, study: Study, samples: HeatSamples, split: HeatSplit, caches: Caches
) -> tuple[HeatEstimate, ...]:
    """Take what each member of a teacher says of all tracts, in the order of the samples.

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
    data = study_for_training(study, samples, split, teacher.settings, encoders, caches)
    return tuple(estimated(model, data.inputs) for model in teacher.models)
