"""Where street photos are taken: on roads, spread over the tract."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.materials import CODE
from aespa_core.twin.scene import Scene
from aespa_core.twin.street_view import CROWN_BASE

CANDIDATES: Final = 8
STREAM: Final = 0xCA3E7A


@dataclass(frozen=True)
class TractPlaces:
    """Cells of a tract's cameras, K of them; K is 0 where the tract has no road.

    Attributes
    ----------
    tract
        Number of the tract.
    row, col
        Cell in the scene, shape (K,).
    """

    tract: int
    row: npt.NDArray[np.intp]
    col: npt.NDArray[np.intp]


def choose_places(
    scene: Scene, photos: int, seed: int, above_ground_m: float = 2.5
) -> tuple[TractPlaces, ...]:
    """Choose the places of every tract, in the order of their numbers.

    Each place is the one of :data:`CANDIDATES` random road cells that lies farthest from those
    chosen before it (Mitchell 1991, SIGGRAPH 25:157): spread, yet not crowded at the border.
    A tract with fewer free road cells than photos gets fewer photos, one without gets none.

    Parameters
    ----------
    scene
        The metro; negative tract numbers are outside.
    photos
        How many for each tract.
    seed
        Of the metro.
    above_ground_m
        Height of the lens: a crown that hangs lower closes its cell.
    """
    road = (scene.ground == CODE["asphalt"]) & (scene.building_m == 0)
    road &= (scene.tree_m == 0) | (CROWN_BASE * scene.tree_m > above_ground_m)
    cells = np.flatnonzero(road)
    tract = scene.tract.ravel()[cells]
    order = np.argsort(tract, kind="stable")
    cells, tract = cells[order], tract[order]
    numbers = np.unique(scene.tract)
    numbers = numbers[numbers >= 0]
    first, last = np.searchsorted(tract, numbers), np.searchsorted(tract, numbers, side="right")
    places = []
    for number, start, stop in zip(numbers, first, last, strict=True):
        rng = np.random.default_rng(np.random.SeedSequence([seed, STREAM, int(number)]))
        row, col = np.divmod(cells[start:stop], scene.tract.shape[1])
        chosen = spread_out(row, col, photos, rng)
        places.append(TractPlaces(int(number), row[chosen], col[chosen]))
    return tuple(places)


def spread_out(
    row: npt.NDArray[np.intp], col: npt.NDArray[np.intp], count: int, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Choose up to `count` different cells by Mitchell's best candidate, indices, shape (K,)."""
    if row.size <= count:
        return np.arange(row.size)
    chosen = [int(rng.integers(row.size))]
    while len(chosen) < count:
        candidates = rng.choice(row.size, size=min(CANDIDATES, row.size), replace=False)
        candidates = candidates[~np.isin(candidates, chosen)]
        if candidates.size:
            apart = (row[candidates, None] - row[chosen]) ** 2
            apart += (col[candidates, None] - col[chosen]) ** 2
            chosen.append(int(candidates[np.argmax(apart.min(axis=1))]))
    return np.array(chosen, dtype=np.intp)
