"""A study made ready for the multimodal model: proxies read off its images, images embedded."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from aespa_core.datasets.heat.embeddings import not_shown
from aespa_core.datasets.heat.image_numbers import read_image_numbers
from aespa_core.datasets.heat.image_proxies import image_proxies
from aespa_core.datasets.heat.pixels import small_photos, small_tiles
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import HeatSplit
from aespa_core.inference import heat_embeddings
from aespa_core.inference.heat_embeddings import (
    Floats,
    HeatEmbeddings,
    HeatEncoders,
    embed_samples,
    frozen,
)
from aespa_core.models.heat.encoders import Encoders, TractPixels, learns
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.studies.catalogue import ROOT
from aespa_core.studies.folder import Study
from aespa_core.training.heat.training_set import TrainingSet, training_set

Array = npt.NDArray[np.float64]
Progress = Callable[[float], None]

NUMBERS: Final = ROOT / "runs" / "image_numbers"


@dataclass(frozen=True)
class Caches:
    """Folders of what is made once: numbers read off images, and embeddings."""

    numbers: Path
    embeddings: Path


def own_caches() -> Caches:
    """Give the project's own folders."""
    return Caches(NUMBERS, heat_embeddings.CACHE)


def curve_proxies(
    study: Study,
    samples: HeatSamples,
    split: HeatSplit,
    settings: ModelSettings,
    caches: Caches,
    progress: Progress = lambda share: None,
) -> Array:
    """Take the proxies that the curves see, (B, 5): as measured, or read off the images."""
    if settings.proxies == "measured":
        return samples.proxies
    numbers = read_image_numbers(study, caches.numbers, progress)
    return image_proxies(numbers, samples, split)


def embeddings_of(
    samples: HeatSamples,
    settings: ModelSettings,
    encoders: Encoders,
    caches: Caches,
    progress: Callable[[int], None] = not_shown,
) -> HeatEmbeddings:
    """Embed the images that the model uses; those it does not are NaN."""
    own = samples
    if not (settings.use_satellite or settings.use_street):
        own = samples.without_images()
    pair = HeatEncoders(frozen(encoders.satellite), frozen(encoders.street))
    return embed_samples(own, settings, pair, caches.embeddings, progress)


def study_for_training(
    study: Study,
    samples: HeatSamples,
    split: HeatSplit,
    settings: ModelSettings,
    encoders: Encoders,
    caches: Caches,
    progress: Progress = lambda share: None,
) -> TrainingSet:
    """Lay a study out for training.

    Parameters
    ----------
    study, samples
        The study and its tracts.
    split
        Who learns.
    settings
        Of the model.
    encoders
        Frozen ones look once at each image; those that learn get the images themselves.
    caches
        Where numbers and embeddings are kept.
    progress
        Called with the share of images whose numbers were read.
    """
    proxies = curve_proxies(study, samples, split, settings, caches, progress)
    if not learns(settings):
        made = embeddings_of(samples, settings, encoders, caches)
        return training_set(samples, split, proxies, made.satellite, made.street)
    pixels = TractPixels(
        small_tiles(samples, encoders.satellite.image_px).pixels,
        small_photos(samples, settings.photos, encoders.street.image_px).pixels,
    )
    parts = list(encoders.batches(pixels))
    missing = absence(samples, settings)
    satellite = torch.cat([part.satellite for part in parts]).numpy() + missing.tile[:, None, None]
    street = torch.cat([part.street for part in parts]).numpy() + missing.photo[:, :, None]
    return training_set(samples, split, proxies, satellite, street, pixels)


@dataclass(frozen=True)
class Absence:
    """NaN where an image is missing and 0 where it is there: ``tile`` (B,), ``photo`` (B, K)."""

    tile: Floats
    photo: Floats


def absence(samples: HeatSamples, settings: ModelSettings) -> Absence:
    """Mark the images that are missing."""
    count = np.array([len(photos) for photos in samples.photos])
    tile = np.array([path is None for path in samples.tiles])
    photo = np.arange(settings.photos) >= count[:, None]
    nothing, there = np.float32(np.nan), np.float32(0.0)
    return Absence(np.where(tile, nothing, there), np.where(photo, nothing, there))
