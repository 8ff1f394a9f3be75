"""Tiles of two grounds that no mean colour tells apart: one grey, one a fine speckle as bright."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PX, PATCH = 16, 4
GREY = 120


@dataclass(frozen=True)
class Ground:
    """Tiles, uint8, shape (N, PX, PX, 3), and the share of each that is speckled, shape (N,)."""

    tiles: npt.NDArray[np.uint8]
    share: npt.NDArray[np.float64]


def made_ground(count: int, seed: int) -> Ground:
    """Make tiles whose squares are grey or speckled; each tile has a tint of its own."""
    rng = np.random.default_rng(seed)
    side = PX // PATCH
    speckled = rng.random((count, side, side)) < rng.random((count, 1, 1))
    inside = speckled.repeat(PATCH, 1).repeat(PATCH, 2)
    dark = rng.random((count, PX, PX)) < 0.5
    value = np.where(inside, np.where(dark, GREY - 80, GREY + 80), GREY)
    tint = rng.normal(0, 12, (count, 1, 1, 3))
    noise = rng.normal(0, 6, (count, PX, PX, 3))
    tiles = np.clip(value[..., None] + tint + noise, 0, 255).astype(np.uint8)
    return Ground(tiles, speckled.mean((1, 2)))
