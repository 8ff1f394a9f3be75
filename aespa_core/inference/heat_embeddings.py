"""A study's images as frozen encoders see them, each looked at once and kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.heat.embeddings import (
    EmbeddingCache,
    Encode,
    Progress,
    not_shown,
)
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.inference.encoder_backend import FP32, encode_with
from aespa_core.models.heat.pretrained import weights_hash
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.models.heat.street import StreetEncoder
from aespa_core.studies.catalogue import ROOT

Floats = npt.NDArray[np.float32]

CACHE: Final = ROOT / "runs" / "embeddings"
# What an embedding follows from beside tensors: equal tensors may be read with other heads.
READ_AS: Final = ("model_type", "num_attention_heads", "hidden_act", "layer_norm_eps")


@dataclass(frozen=True)
class FrozenEncoder:
    """An encoder as it is now, on one backend.

    Attributes
    ----------
    key
        Everything that an embedding follows from beside the image.
    encode
        Looks at images, (N, S, S, 3) uint8 to (N, …) float32.
    image_px
        S.
    shape
        Of one embedding: (1 + G², D) of a tile, (D,) of a photo.
    """

    key: str
    encode: Encode
    image_px: int
    shape: tuple[int, ...]


@dataclass(frozen=True)
class HeatEncoders:
    """Both encoders of a model, frozen."""

    satellite: FrozenEncoder
    street: FrozenEncoder


@dataclass(frozen=True)
class HeatEmbeddings:
    """Embeddings of B tracts.

    Attributes
    ----------
    satellite
        Tiles, shape (B, 1 + G², D); NaN where there is none.
    street
        Photos, shape (B, K, D); NaN where there is none.
    encoded
        Images that were looked at now; the others were in the cache.
    """

    satellite: Floats
    street: Floats
    encoded: int


def frozen(encoder: SatelliteEncoder | StreetEncoder, backend: str = FP32) -> FrozenEncoder:
    """Take an encoder as it is now; one that learns further needs to be taken again."""
    config = encoder.network.config
    words = {name: getattr(config, name) for name in READ_AS}
    if encoder.settings.adaptation == "lora":
        words |= {"alpha": encoder.settings.alpha, "rank": encoder.settings.rank}
    key = f"{type(encoder).__name__} {weights_hash(encoder)} {json.dumps(words)} {backend}"
    return FrozenEncoder(key, encode_with(backend, encoder), encoder.image_px, encoder.shape)


def frozen_encoders(settings: ModelSettings, seed: int = 0) -> HeatEncoders:
    """Build both encoders of a model's settings and freeze them."""
    return HeatEncoders(
        frozen(SatelliteEncoder(settings.satellite, settings.grid, seed=seed)),
        frozen(StreetEncoder(settings.street, seed=seed)),
    )


def image_count(samples: HeatSamples, photos: int) -> int:
    """Count the tiles and the first K photos of every tract."""
    tiles = sum(tile is not None for tile in samples.tiles)
    return tiles + sum(len(own[:photos]) for own in samples.photos)


def embed_samples(
    samples: HeatSamples,
    settings: ModelSettings,
    encoders: HeatEncoders,
    folder: Path | None = None,
    progress: Progress = not_shown,
    batch: int = 32,
) -> HeatEmbeddings:
    """Embed the tile and the first K photos of B tracts, through the cache.

    Parameters
    ----------
    samples
        B tracts.
    settings
        ``photos`` of them is K.
    encoders
        Both encoders, frozen.
    folder
        Of the cache; ``runs/embeddings`` if none is given.
    progress
        Told how many more images are ready, of :func:`image_count`.
    batch
        Images that an encoder looks at together.

    Raises
    ------
    StudyError
        If an image is broken; what was embedded before it is kept.
    """
    folder = folder or CACHE
    seen = Counter()
    tiles = [tile for tile in samples.tiles if tile is not None]
    there = np.array([tile is not None for tile in samples.tiles])
    satellite = np.full((len(samples), *encoders.satellite.shape), np.nan, np.float32)
    satellite[there] = cached(encoders.satellite, tiles, folder, seen, progress, batch)

    own = [photos[: settings.photos] for photos in samples.photos]
    held = np.arange(settings.photos) < np.array([len(photos) for photos in own])[:, None]
    street = np.full((len(samples), settings.photos, *encoders.street.shape), np.nan, np.float32)
    flat = [photo for photos in own for photo in photos]
    street[held] = cached(encoders.street, flat, folder, seen, progress, batch)
    return HeatEmbeddings(satellite, street, seen.images)


class Counter:
    """Counts the images that encoders look at."""

    def __init__(self) -> None:
        self.images = 0

    def counting(self, encode: Encode) -> Encode:
        """Count what goes through an encoder."""

        def counted(pixels: npt.NDArray[np.uint8]) -> Floats:
            self.images += len(pixels)
            return encode(pixels)

        return counted


def cached(
    encoder: FrozenEncoder,
    paths: list[Path],
    folder: Path,
    seen: Counter,
    progress: Callable[[int], None],
    batch: int,
) -> Floats:
    """Embed images through the cache of one encoder, shape (n, …)."""
    cache = EmbeddingCache(folder, encoder.key, encoder.shape, encoder.image_px)
    return cache.embed(paths, seen.counting(encoder.encode), batch, progress)
