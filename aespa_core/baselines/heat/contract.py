"""What every method of the heat benchmark is given, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import HeatSplit

Array = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class HeatData:
    """B tracts as every method sees them.

    Attributes
    ----------
    samples
        Context, places, mobility and labels; labels of tested tracts are hidden.
    split
        Who learns and who stops the learning.
    proxies
        The five proxies, read off the images by an estimator that learned on the tracts of
        ``split.train``; those tracts' own by others of them. Shape (B, 5), NaN where no image is.
    satellite
        Frozen embedding of each tile: a summary and a grid of parts, shape (B, 1 + G², D); NaN
        where there is no tile.
    street
        Frozen embedding of each photo, shape (B, K, D); NaN where there is no photo.
    tiles
        The tiles themselves, small, shape (B, S, S, 3).
    photos
        The photos themselves, small, shape (B, K, H, W, 3).
    has_tile, has_photo
        Which of them are there, shape (B,) and (B, K); pixels of the others are 0.
    read
        Proxies as the images were read, (B, 5), where a scenario has moved ``proxies``.
    """

    samples: HeatSamples
    split: HeatSplit
    proxies: Array
    satellite: npt.NDArray[np.float32]
    street: npt.NDArray[np.float32]
    tiles: Pixels
    photos: Pixels
    has_tile: npt.NDArray[np.bool_]
    has_photo: npt.NDArray[np.bool_]
    read: Array | None = None

    @property
    def excess_c(self) -> Array:
        """Labels as differences from the reference, °C, NaN where unknown, shape (B,)."""
        return self.samples.lst_day_c - self.samples.reference_c

    def with_proxies(self, proxies: Array) -> "HeatData":
        """Change the proxies and leave all else: the images and what they were read as."""
        read = self.proxies if self.read is None else self.read
        return replace(self, proxies=proxies, read=read)


# Estimates of all B tracts as differences from the reference, °C, shape (B,).
Predictor = Callable[[HeatData], Array]


@dataclass(frozen=True)
class HeatMethod:
    """A method by its id in tables.

    Attributes
    ----------
    id
        Plain id.
    fit
        Learns from the labels of ``split.train``; may choose settings on ``split.validation``.
        The seed is of everything random.
    """

    id: str
    fit: Callable[[HeatData, int], Predictor]
