"""What the cache of embeddings saves: an epoch that looks at images against one that does not.

Both epochs take the same batches in the same order from the same seed, so their losses must agree;
the first reads, resizes and encodes each batch's images, the second takes rows of the cache.
"""

import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from aespa_core.benchmarks.table import Row
from aespa_core.datasets.heat.pixels import ImageStack, small_photos, small_tiles
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.inference.heat_embeddings import (
    FrozenEncoder,
    HeatEmbeddings,
    HeatEncoders,
    embed_samples,
)
from aespa_core.models.heat.pretrained import seeded
from aespa_core.models.heat.settings import ModelSettings

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

# One step of training: tracts of the batch, their satellite and street embeddings → loss.
Step = Callable[[Rows, Floats, Floats], float]
# A model at its start, by seed; called once an epoch, so that both epochs begin alike.
NewStep = Callable[[int], Step]

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
    settings: ModelSettings,
    encoders: HeatEncoders,
    new_step: NewStep,
    batch: int = 16,
    seed: int = 0,
) -> list[Row]:
    """Time an epoch of both kinds over labelled tracts.

    Parameters
    ----------
    study
        Its id in the table.
    samples
        B tracts, of which those with a day label are taken: the step's rows count these.
    settings, encoders
        Of the model.
    new_step
        Gives a model's training step from a seed.
    batch
        Tracts at a time.
    seed
        Of the order and of the model.

    Returns
    -------
    Rows of split ``epoch``: ``seconds`` of an epoch from files, from pixels held in memory and from
    the cache; ``times`` (how much faster the last is than the first), ``times_in_memory`` (than the
    second); seconds to fill the empty cache and to open the full one; ``max_loss_difference``.
    """
    samples = samples.rows(np.isfinite(samples.lst_day_c))
    order = np.random.default_rng(seed).permutation(len(samples))
    batches = [order[start : start + batch] for start in range(0, len(order), batch)]
    with tempfile.TemporaryDirectory(prefix="aespa-embeddings-") as folder:
        filled = timed(lambda: embed_samples(samples, settings, encoders, Path(folder)))
        opened = timed(lambda: embed_samples(samples, settings, encoders, Path(folder)))
    kept = opened.made
    # a step before the clock runs: the first one of a process pays for the library's set-up
    new_step(seed)(batches[0], kept.satellite[batches[0]], kept.street[batches[0]])
    tiles = small_tiles(samples, encoders.satellite.image_px)
    photos = small_photos(samples, settings.photos, encoders.street.image_px)

    def run(embeddings: Callable[[Rows], HeatEmbeddings]) -> Epoch:
        return epoch(batches, new_step(seed), embeddings)

    slow = run(lambda b: from_files(samples.rows(b), settings, encoders))
    memory = run(lambda b: from_pixels(chosen(tiles, b), chosen(photos, b), encoders))
    fast = run(lambda b: HeatEmbeddings(kept.satellite[b], kept.street[b], 0))
    metro = str(samples.metro[0]) if len(np.unique(samples.metro)) == 1 else "all"

    def row(method: str, metric: str, value: float, unit: str) -> Row:
        return Row(study, method, metro, "epoch", "lst_day", seed, metric, value, unit)

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
    ]


@dataclass(frozen=True)
class Timed:
    """Embeddings and the seconds that they took."""

    made: HeatEmbeddings
    seconds: float


def timed(make: Callable[[], HeatEmbeddings]) -> Timed:
    """Run and time."""
    start = time.perf_counter()
    made = make()
    return Timed(made, time.perf_counter() - start)


def epoch(batches: list[Rows], step: Step, embeddings: Callable[[Rows], HeatEmbeddings]) -> Epoch:
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


def head_step(samples: HeatSamples, encoders: HeatEncoders, learning_rate: float = 1e-3) -> NewStep:
    """Give a small head over the embeddings, where no model is at hand: AdamW on squared error.

    Absent images count as 0; photos are averaged over those that are there.
    """
    samples = samples.rows(np.isfinite(samples.lst_day_c))
    excess = torch.from_numpy(samples.lst_day_c - samples.reference_c).float()

    width = math.prod(encoders.satellite.shape) + math.prod(encoders.street.shape)

    def new(seed: int) -> Step:
        with seeded(seed):
            head = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, 1))
        optimiser = torch.optim.AdamW(head.parameters(), learning_rate)

        def step(rows: Rows, satellite: Floats, street: Floats) -> float:
            photos = torch.from_numpy(street).nanmean(1)
            tiles = torch.from_numpy(satellite).flatten(1)
            given = torch.nan_to_num(torch.cat([tiles, photos], 1))
            loss = nn.functional.mse_loss(head(given)[:, 0], excess[torch.from_numpy(rows)])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            return loss.item()

        return step

    return new
