"""Tracts: neighbouring cells grouped so that tracts hold about the same number of homes."""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.street_grid import Cells

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDS: Final = 12
# The open Pacific: nobody takes a simulated metro for a real one.
LONGITUDE_DEG: Final = -150.0
METRES_PER_DEGREE: Final = 111_320.0


def group_cells(cells: Cells, homes_m2: Floats, tracts: int, rng: np.random.Generator) -> Ints:
    """Give each cell its tract, 0 … n − 1, by k-means on cells weighted with their homes.

    Parameters
    ----------
    cells
        C cells.
    homes_m2
        Floor area of homes of each cell, shape (C,).
    tracts
        Wanted number; empty ones are dropped.
    rng
        Source of randomness.
    """
    place = np.column_stack([cells.row, cells.column])
    # a floor keeps land without homes from being swallowed by one tract
    weight = np.sqrt(homes_m2 / homes_m2.mean()) + 0.25
    seed = place[rng.choice(len(place), tracts, replace=False, p=weight / weight.sum())]
    nearest = np.zeros(len(place), np.int64)
    for _ in range(ROUNDS):
        _, nearest = cKDTree(seed).query(place)
        total = np.bincount(nearest, weight, len(seed))
        moved = np.column_stack(
            [np.bincount(nearest, weight * axis, len(seed)) for axis in place.T]
        )
        seed = np.where(total[:, None] > 0, moved / np.maximum(total, 1e-9)[:, None], seed)
    _, number = np.unique(nearest, return_inverse=True)
    return number


def tract_raster(cells: Cells, tract: Ints, size_px: int) -> npt.NDArray[np.int16]:
    """Paint the number of each cell's tract, shape (H, W)."""
    raster = np.zeros((size_px, size_px), np.int16)
    for number in range(len(tract)):
        raster[
            cells.top[number] : cells.bottom[number], cells.left[number] : cells.right[number]
        ] = tract[number]
    return raster


def tract_sums(raster: npt.ArrayLike, tract: npt.NDArray[np.int16]) -> Floats:
    """Sum a raster over each tract, shape (n,); pixels of tract −1 belong to none."""
    number = tract.ravel().astype(np.int64) + 1
    sums = np.bincount(number, np.ravel(raster).astype(np.float64))
    return np.asarray(sums[1:], dtype=np.float64)


def tract_polygons(
    cells: Cells, tract: Ints, size_px: int, latitude_deg: float
) -> npt.NDArray[np.object_]:
    """Join cells to tracts, in degrees; borders of neighbours are the same points, shape (n,)."""
    longitude, latitude = place_of(cells.left, cells.bottom, size_px, latitude_deg)
    east, north = place_of(cells.right, cells.top, size_px, latitude_deg)
    boxes = shapely.box(longitude, latitude, east, north)
    joined = [shapely.coverage_union_all(boxes[tract == n]) for n in range(tract.max() + 1)]
    return np.array(joined, dtype=object)


def place_of(
    column: npt.ArrayLike, row: npt.ArrayLike, size_px: int, latitude_deg: float
) -> tuple[Floats, Floats]:
    """Longitude and latitude of a raster's corner, the metro's middle being at its station."""
    east_m = (np.asarray(column, float) - size_px / 2) * PIXEL_M
    north_m = (size_px / 2 - np.asarray(row, float)) * PIXEL_M
    narrow = np.cos(np.radians(latitude_deg))
    return (
        LONGITUDE_DEG + east_m / (METRES_PER_DEGREE * narrow),
        latitude_deg + north_m / METRES_PER_DEGREE,
    )
