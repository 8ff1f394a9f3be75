"""The study that the heat benchmark runs on, and what every method is given under a split."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.datasets.heat.image_numbers import read_image_numbers
from aespa_core.datasets.heat.image_proxies import image_proxies
from aespa_core.datasets.heat.pixels import ImageStack, small_photos, small_tiles
from aespa_core.datasets.heat.samples import HeatSamples, read_samples
from aespa_core.datasets.heat.splits import HeatSplit
from aespa_core.inference.heat_embeddings import HeatEmbeddings, HeatEncoders, embed_samples, frozen
from aespa_core.inference.heat_study import NUMBERS
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.pretraining.encoder_pair import SATELLITE, pretrained_pair
from aespa_core.studies.folder import open_study


@dataclass(frozen=True)
class HeatWorld:
    """A study in memory.

    Attributes
    ----------
    samples
        All tracts.
    numbers
        Their images as named numbers, B rows; no columns where there are no images.
    tiles, photos
        Their images, small.
    """

    samples: HeatSamples
    numbers: pd.DataFrame
    tiles: ImageStack
    photos: ImageStack

    @property
    def has_images(self) -> bool:
        """Whether any tract has an image."""
        return bool(self.tiles.present.any() or self.photos.present.any())


def read_world(
    study: Path, settings: ModelSettings, progress: Callable[[float], None] = lambda share: None
) -> HeatWorld:
    """Read a study with its images."""
    opened = open_study(study)
    samples = read_samples(opened)
    return HeatWorld(
        samples,
        read_image_numbers(opened, NUMBERS, progress).reindex(samples.geoid),
        small_tiles(samples, settings.satellite.image_px),
        small_photos(samples, settings.photos, settings.street.image_px),
    )


@lru_cache(maxsize=1)
def kept_world(study: Path, settings: ModelSettings) -> HeatWorld:
    """Read a study once a process: a worker is given many splits of it."""
    return read_world(study, settings)


def split_encoders(
    world: HeatWorld, split: HeatSplit, settings: ModelSettings, steps: int, folder: Path
) -> HeatEncoders:
    """Pretrain both encoders on the images of training tracts, or take those of an earlier run.

    Parameters
    ----------
    world, split
        Images, and whose of them may be looked at; no label is.
    settings
        Sizes of the encoders.
    steps
        Of pretraining.
    folder
        Where the encoders of this split are kept.
    """
    made = pretrained_pair(
        world.tiles, world.photos, split.train, settings, steps, split.seed, folder
    )
    return HeatEncoders(frozen(made.satellite), frozen(made.street))


def split_data(
    world: HeatWorld, split: HeatSplit, settings: ModelSettings, steps: int, folder: Path
) -> HeatData:
    """Give what every method sees under a split; labels of tested tracts are hidden."""
    samples = world.samples
    if world.has_images:
        encoders = split_encoders(world, split, settings, steps, folder)
        made = embed_samples(samples, settings, encoders, folder / "embeddings")
        proxies = image_proxies(world.numbers, samples, split, seed=split.seed)
    else:
        made = no_embeddings(len(samples), settings)
        proxies = samples.proxies
    return HeatData(
        samples=samples.hiding_labels(~(split.train | split.validation)),
        split=split,
        proxies=proxies,
        satellite=made.satellite,
        street=made.street,
        tiles=world.tiles.pixels,
        photos=world.photos.pixels,
        has_tile=world.tiles.present,
        has_photo=world.photos.present,
    )


def no_embeddings(count: int, settings: ModelSettings) -> HeatEmbeddings:
    """Embeddings of tracts without images: NaN in the encoders' shapes."""
    satellite = np.full((count, 1 + settings.grid**2, settings.satellite.width), np.nan, np.float32)
    street = np.full((count, settings.photos, settings.street.width), np.nan, np.float32)
    return HeatEmbeddings(satellite, street, 0)


def without(world: HeatWorld, data: HeatData, modality: str) -> HeatData:
    """Take a modality away: its embeddings, and what it told of the proxies.

    Parameters
    ----------
    world, data
        The study, and what methods see under a split.
    modality
        ``satellite`` or ``street``.
    """
    kept = [name for name in world.numbers.columns if not name.startswith(f"{modality}_")]
    proxies = image_proxies(world.numbers[kept], world.samples, data.split, seed=data.split.seed)
    hidden = np.full_like(getattr(data, modality), np.nan)
    if modality == SATELLITE:
        return replace(data, proxies=proxies, satellite=hidden)
    return replace(data, proxies=proxies, street=hidden)
