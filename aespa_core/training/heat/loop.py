"""The training loop: AdamW under a warm-up and a cosine, stopped by a validation split.

Everything random in an epoch follows from the run's seed and the epoch's number, so that a run that
was killed goes on from its last whole epoch to the same weights.
"""

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final, cast

import torch
from lightning_fabric import Fabric
from torch import Tensor

from aespa_core.models.heat.encoders import Encoders, prepared
from aespa_core.models.heat.heat_model import HeatEstimate, HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.training.heat.augmentation import augmented
from aespa_core.training.heat.head_start import start_from_line
from aespa_core.training.heat.objectives import Objective
from aespa_core.training.heat.optimisation import optimiser_of, schedule_of
from aespa_core.training.heat.run_state import Epoch, RunState, read_state, write_state
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.training.heat.training_set import TrainingSet

# Epochs of one run have seeds of their own, far from those of the next run.
SEED_STRIDE: Final = 100_003


@dataclass(frozen=True)
class Fitted:
    """A model with the weights of its best epoch, its encoders if they learned, and all epochs."""

    model: HeatModel
    epochs: tuple[Epoch, ...]
    encoders: Encoders | None = None


def single_device(settings: TrainSettings) -> Fabric:
    """One processor, the precision that the settings say."""
    return Fabric(accelerator="cpu", devices=1, precision=settings.precision)  # type: ignore[arg-type]


def fit_heat_model(
    data: TrainingSet,
    settings: TrainSettings,
    seed: int,
    taught: HeatEstimate | None = None,
    encoders: Encoders | None = None,
    fabric: Fabric | None = None,
    folder: Path | None = None,
    done: Callable[[Epoch], None] = lambda epoch: None,
) -> Fitted:
    """Fit a teacher, or with ``taught`` a student.

    Parameters
    ----------
    data
        Tracts.
    settings
        How to learn.
    seed
        Of weights, batches, noise.
    taught
        What its teacher says of all tracts.
    encoders
        Learn with the model from ``data.pixels``; None where embeddings are given.
    fabric
        Devices, launched; one processor if None.
    folder
        Where the run keeps its state after each epoch, and where it goes on from; none if None.
    done
        Called after each epoch.
    """
    fabric = fabric or single_device(settings)
    torch.manual_seed(seed)
    learner = Objective(started_model(data, settings), settings, encoders)
    optimiser = optimiser_of(learner, settings)
    batches = math.ceil(len(data.train) / settings.batch_size)
    schedule = schedule_of(optimiser, settings, batches)
    state = RunState(identity(data, settings, seed, taught), learner, optimiser, schedule)
    if folder is not None:
        read_state(folder, state)
    loop = Loop(fabric, state, data, settings, taught)
    while not state.finished(settings):
        torch.manual_seed(seed * SEED_STRIDE + len(state.epochs))
        state.close_epoch(loop.epoch())
        if folder is not None and fabric.global_rank == 0:
            write_state(folder, state)
        done(state.epochs[-1])
    learner.cpu().load_state_dict(state.best)
    return Fitted(learner.eval().model, tuple(state.epochs), learner.encoders)


def started_model(data: TrainingSet, settings: TrainSettings) -> HeatModel:
    """Make a model that knows its data's scales and begins as a straight line."""
    model = HeatModel(settings.model, data.shape)
    train = data.inputs.rows(data.train)
    model.fit_standardisation(train)
    labels = data.labels.rows(data.train)
    start_from_line(
        model,
        train,
        labels.day.double().numpy(),
        labels.night.double().numpy(),
        settings.weights.share,
    )
    return model


@torch.no_grad()
def estimated(model: HeatModel, inputs: HeatInputs) -> HeatEstimate:
    """Estimate tracts with a model that does not learn."""
    found: HeatEstimate = model.eval()(inputs)
    return found


def identity(
    data: TrainingSet, settings: TrainSettings, seed: int, taught: HeatEstimate | None
) -> str:
    """Hash what a run follows from: settings, seed, data, and what a teacher says."""
    digest = hashlib.sha256(json.dumps([asdict(settings), seed, data.context]).encode())
    values = [getattr(data.inputs, f.name) for f in fields(data.inputs)]
    values += [data.labels.day, data.labels.night, data.labels.proxies, data.train, data.validation]
    if taught is not None:
        values += [taught.day, taught.features]
    for value in values:
        digest.update(value.numpy().tobytes())
    if data.pixels is not None:
        digest.update(data.pixels.tiles.tobytes() + data.pixels.photos.tobytes())
    return digest.hexdigest()


class Loop:
    """Epochs of one run on the devices of a Fabric."""

    def __init__(
        self,
        fabric: Fabric,
        state: RunState,
        data: TrainingSet,
        settings: TrainSettings,
        taught: HeatEstimate | None,
    ) -> None:
        self.fabric, self.state, self.settings, self.taught = fabric, state, settings, taught
        self.data = data
        # replicas that forward passes go through, and the optimiser in the same precision
        self.learner, self.optimiser = fabric.setup(state.learner, state.optimiser)
        context = data.inputs.context[data.train]
        spread = ((context - context.nanmean(0)) ** 2).nanmean(0).sqrt()
        self.spread = spread.nan_to_num(0.0).to(fabric.device)

    def epoch(self) -> Epoch:
        """Go over the training tracts once."""
        self.refit_residuals()
        self.learner.train()
        world, rank = self.fabric.world_size, self.fabric.global_rank
        order = self.data.train[torch.randperm(len(self.data.train))]
        batches = order.split(self.settings.batch_size)
        sums: dict[str, float] = {}
        for batch in batches:
            # each process takes every world-th tract; what does not divide waits for an epoch
            share = batch[: len(batch) // world * world][rank::world]
            for name, value in self.step(share).items():
                sums[name] = sums.get(name, 0.0) + value / len(batches)
        loss = sums.pop("loss")
        return Epoch(len(self.state.epochs), loss, sums, self.validation_mae_c())

    def step(self, rows: Tensor) -> dict[str, float]:
        """Take one step; give the loss and its terms, averaged over the processes."""
        device = self.fabric.device
        inputs = augmented(self.data.inputs.rows(rows).to(device), self.spread, self.settings)
        labels = self.data.labels.rows(rows).to(device)
        taught = None if self.taught is None else self.taught.rows(rows).to(device)
        terms = self.learner(
            vars(inputs),
            vars(labels),
            None if taught is None else vars(taught),
            self.images(rows),
        )
        self.optimiser.zero_grad()
        self.fabric.backward(terms["loss"])
        self.fabric.clip_gradients(self.learner, self.optimiser, max_norm=self.settings.clip_norm)
        self.optimiser.step()
        self.state.schedule.step()
        return {name: self.averaged(value) for name, value in terms.items()}

    def averaged(self, value: Tensor) -> float:
        """Average a number over the processes."""
        if self.fabric.world_size == 1:
            return float(value.detach())
        return float(cast(Tensor, self.fabric.all_reduce(value.detach(), reduce_op="mean")))

    def images(self, rows: Tensor) -> tuple[Tensor, Tensor] | None:
        """Images of some tracts, standardised; None where embeddings are given."""
        if self.state.learner.encoders is None:
            return None
        tiles, photos = prepared(self.data.pixels_of(rows))
        return tiles.to(self.fabric.device), photos.to(self.fabric.device)

    @torch.no_grad()
    def seen(self, rows: Tensor) -> HeatInputs:
        """Take inputs of some tracts, their images as the encoders see them now."""
        return self.data.seen_by(self.state.learner.encoders, rows, self.fabric.device)

    def refit_residuals(self) -> None:
        """Take the proxies' part out of the images anew, where encoders have learned."""
        if self.state.learner.encoders is not None:
            self.state.learner.model.fit_residuals(self.seen(self.data.train))

    @torch.no_grad()
    def validation_mae_c(self) -> float:
        """Mean absolute error on the tracts that stop the learning, °C."""
        model = self.state.learner.model.eval()
        rows = self.data.validation
        found: HeatEstimate = model(self.seen(rows))
        return float((found.day.cpu() - self.data.labels.day[rows]).abs().mean())
