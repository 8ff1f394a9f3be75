"""What the cache of embeddings saves: an epoch that looks at images against one that does not.

Both epochs take the model's own training steps on the same batches in the same order from the same
seed, so their losses must agree;
the first reads, resizes and encodes each batch's images, the second takes rows of the cache.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from aespa_core.benchmarks.table import Row
from aespa_core.datasets.heat.pixels import ImageStack, small_photos, small_tiles
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import BLOCKS, heat_split
from aespa_core.inference.heat_embeddings import (
    FrozenEncoder,
    HeatEmbeddings,
    HeatEncoders,
    embed_samples,
)
from aespa_core.models.heat.heat_model import HeatEstimate, HeatModel
from aespa_core.models.heat.inputs import heat_inputs
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.training.heat.augmentation import augmented
from aespa_core.training.heat.loop import estimated, started_model
from aespa_core.training.heat.objectives import Objective
from aespa_core.training.heat.optimisation import optimiser_of
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.training.heat.training_set import TrainingSet, training_set

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

Made = TypeVar("Made")

REENCODED: Final = "reencoded"
IN_MEMORY: Final = "reencoded_from_memory"
CACHED: Final = "cached"


@dataclass(frozen=True)
class Epoch:
    """Seconds of an epoch and the loss of each batch."""

    seconds: float
    losses: npt.NDArray[np.float64]


def embedding_speed(
    study: str,
    samples: HeatSamples,
    settings: TrainSettings,
    encoders: HeatEncoders,
    seed: int = 0,
    repeats: int = 3,
) -> list[Row]:
    """Time an epoch of both kinds over the training tracts of a split by blocks.

    Parameters
    ----------
    study
        Its id in the table.
    samples
        B tracts. The curves are given the proxies that the study measured: reading proxies off
        images costs the same with and without a cache.
    settings
        How the model learns.
    encoders
        Of its images.
    seed
        Of the split, the order and the model.
    repeats
        Times that each kind of epoch is run, always from the start; the fastest counts, since what
        else a machine does only ever slows one down.

    Returns
    -------
    Rows of split ``epoch``: ``seconds`` of an epoch from files, from pixels held in memory and from
    the cache; ``times`` (how much faster the last is than the first), ``times_in_memory`` (than the
    second); seconds to fill the empty cache and to open the full one; ``max_loss_difference``;
    ``seconds_metro``, from the full cache to estimates of all tracts of the largest metro.
    """
    model = settings.model
    with tempfile.TemporaryDirectory(prefix="aespa-embeddings-") as folder:

        def embedded(some: HeatSamples) -> HeatEmbeddings:
            return embed_samples(some, model, encoders, Path(folder))

        filled = timed(lambda: embedded(samples))
        opened = timed(lambda: embedded(samples))
        kept = opened.made
        split = heat_split(samples, BLOCKS, seed)
        data = training_set(samples, split, samples.proxies, kept.satellite, kept.street)
        order = np.random.default_rng(seed).permutation(data.train.numpy())
        starts = range(0, len(order), settings.batch_size)
        batches = [order[start : start + settings.batch_size] for start in starts]
        # a step before the clock runs: the first one of a process pays for the library's set-up
        first = batches[0]
        HeatStep(data, settings, seed)(first, kept.satellite[first], kept.street[first])
        tiles = small_tiles(samples, encoders.satellite.image_px)
        photos = small_photos(samples, model.photos, encoders.street.image_px)

        def run(embeddings: Callable[[Rows], HeatEmbeddings]) -> Epoch:
            runs = [
                epoch(batches, HeatStep(data, settings, seed), embeddings) for _ in range(repeats)
            ]
            return min(runs, key=lambda run: run.seconds)

        slow = run(lambda b: from_files(samples.rows(b), model, encoders))
        memory = run(lambda b: from_pixels(chosen(tiles, b), chosen(photos, b), encoders))
        fast = run(lambda b: HeatEmbeddings(kept.satellite[b], kept.street[b], 0))
        names, count = np.unique(samples.metro, return_counts=True)
        largest = samples.rows(samples.metro == names[count.argmax()])
        learned = started_model(data, settings)
        asked = timed(lambda: told(learned, largest, embedded(largest)))
    metro = str(names[0]) if len(names) == 1 else "all"

    def row(method: str, metric: str, value: float, unit: str, where: str = metro) -> Row:
        return Row(study, method, where, "epoch", "lst_day", seed, metric, value, unit)

    return [
        row(REENCODED, "seconds", slow.seconds, "s"),
        row(IN_MEMORY, "seconds", memory.seconds, "s"),
        row(CACHED, "seconds", fast.seconds, "s"),
        row(CACHED, "seconds_fill", filled.seconds, "s"),
        row(CACHED, "seconds_open", opened.seconds, "s"),
        row(CACHED, "times", slow.seconds / fast.seconds, "1"),
        row(CACHED, "times_in_memory", memory.seconds / fast.seconds, "1"),
        row(CACHED, "max_loss_difference", np.abs(slow.losses - fast.losses).max(), "loss"),
        row(CACHED, "images_encoded", filled.made.encoded, "1"),
        row(CACHED, "tracts", len(order), "1"),
        row(CACHED, "seconds_metro", asked.seconds, "s", str(largest.metro[0])),
        row(CACHED, "tracts_metro", len(largest), "1", str(largest.metro[0])),
    ]


def told(model: HeatModel, samples: HeatSamples, made: HeatEmbeddings) -> HeatEstimate:
    """Estimate tracts from their embeddings."""
    inputs = heat_inputs(samples, samples.proxies, made.satellite, made.street, model.shape.metros)
    return estimated(model, inputs)


class HeatStep:
    """Steps of a model in training, from its start: the loss, and the weights moved.

    Parameters
    ----------
    data
        Tracts; the images' embeddings come with each step.
    settings, seed
        How to learn, and of the weights and the noise.
    """

    def __init__(self, data: TrainingSet, settings: TrainSettings, seed: int) -> None:
        torch.manual_seed(seed)
        self.data, self.settings = data, settings
        self.learner = Objective(started_model(data, settings), settings).train()
        self.optimiser = optimiser_of(self.learner, settings)
        context = data.inputs.context[data.train]
        self.spread = ((context - context.nanmean(0)) ** 2).nanmean(0).sqrt().nan_to_num(0.0)

    def __call__(self, rows: Rows, satellite: Floats, street: Floats) -> float:
        """Take one step on tracts whose images were embedded as these."""
        chosen_rows = torch.from_numpy(rows)
        inputs = replace(
            self.data.inputs.rows(chosen_rows),
            satellite=torch.from_numpy(np.nan_to_num(satellite)),
            street=torch.from_numpy(np.nan_to_num(street)),
        )
        given = augmented(inputs, self.spread, self.settings)
        labels = self.data.labels.rows(chosen_rows)
        loss = self.learner(vars(given), vars(labels), None)["loss"]
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.learner.parameters(), self.settings.clip_norm)
        self.optimiser.step()
        return float(loss.detach())


@dataclass(frozen=True)
class Timed(Generic[Made]):
    """What was made and the seconds that it took."""

    made: Made
    seconds: float


def timed(make: Callable[[], Made]) -> Timed[Made]:
    """Run and time."""
    start = time.perf_counter()
    made = make()
    return Timed(made, time.perf_counter() - start)


def epoch(
    batches: list[Rows], step: HeatStep, embeddings: Callable[[Rows], HeatEmbeddings]
) -> Epoch:
    """Take one step a batch."""
    losses = []
    start = time.perf_counter()
    for batch in batches:
        given = embeddings(batch)
        losses.append(step(batch, given.satellite, given.street))
    return Epoch(time.perf_counter() - start, np.array(losses))


def from_files(
    samples: HeatSamples, settings: ModelSettings, encoders: HeatEncoders
) -> HeatEmbeddings:
    """Embed a batch of tracts from their files, as if there were no cache."""
    tiles = small_tiles(samples, encoders.satellite.image_px)
    photos = small_photos(samples, settings.photos, encoders.street.image_px)
    return from_pixels(tiles, photos, encoders)


def from_pixels(tiles: ImageStack, photos: ImageStack, encoders: HeatEncoders) -> HeatEmbeddings:
    """Embed a batch of tracts whose images lie in memory."""
    satellite, street = looked(encoders.satellite, tiles), looked(encoders.street, photos)
    return HeatEmbeddings(satellite, street, int(tiles.present.sum() + photos.present.sum()))


def looked(encoder: FrozenEncoder, images: ImageStack) -> Floats:
    """Encode the images that are there, (…, S, S, 3) to (…, *shape); NaN where there is none."""
    rows = np.full((*images.present.shape, *encoder.shape), np.nan, np.float32)
    if images.present.any():
        rows[images.present] = encoder.encode(images.pixels[images.present])
    return rows


def chosen(images: ImageStack, rows: Rows) -> ImageStack:
    """Take some of the tracts."""
    return ImageStack(images.pixels[rows], images.present[rows])
