"""Anchors, neighbours and distant images: what an encoder learns near and far from."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.baselines.heat.contract import HeatData, Pixels

Rows = npt.NDArray[np.int64]

# How often the nearest tract's tile stands in for the anchor's own.
FROM_NEXT: Final = 0.5


def next_tract(data: HeatData, rows: Rows) -> Rows:
    """Find the nearest other of some tracts within the metro; itself where it is alone, (n,)."""
    place, metro = data.samples.place_km[rows], data.samples.metro[rows]
    apart = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))  # (n, n) km
    apart[metro[:, None] != metro[None]] = np.inf
    np.fill_diagonal(apart, np.inf)
    nearest = np.where(np.isfinite(apart).any(axis=1), apart.argmin(axis=1), np.arange(len(rows)))
    return rows[nearest]


def others(count: int, size: int, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Draw pairs of different numbers below ``size``, shape (count,) each."""
    first = rng.integers(size, size=count)
    return first, (first + rng.integers(1, size, size=count)) % size


def tile_triplets(
    data: HeatData, rows: Rows, following: Rows, count: int, size: int, rng: np.random.Generator
) -> Pixels:
    """Cut patches of tiles: anchors, neighbours, distant ones, shape (3·n, s, s, 3)."""
    here, there = others(count, len(rows), rng)
    beside = np.where(rng.random(len(here)) < FROM_NEXT, following[here], rows[here])
    side = data.tiles.shape[1]
    tracts = np.concatenate([rows[here], beside, rows[there]])
    corner = rng.integers(side - size + 1, size=(len(tracts), 2))
    return np.stack(
        [
            data.tiles[tract, top : top + size, left : left + size]
            for tract, (top, left) in zip(tracts, corner, strict=True)
        ]
    )


def photo_triplets(data: HeatData, rows: Rows, count: int, rng: np.random.Generator) -> Pixels:
    """Draw photos: anchors, others of the same tracts, those of others, (3·n, H, W, 3)."""
    here, there = others(count, len(rows), rng)

    def drawn(tracts: Rows, number: int) -> Rows:
        rank = np.where(data.has_photo[tracts], rng.random(data.has_photo[tracts].shape), np.inf)
        return np.argsort(rank, axis=1)[:, :number]

    two, one = drawn(rows[here], 2), drawn(rows[there], 1)
    tracts = np.concatenate([rows[here], rows[here], rows[there]])
    return data.photos[tracts, np.concatenate([two[:, 0], two[:, 1], one[:, 0]])]
