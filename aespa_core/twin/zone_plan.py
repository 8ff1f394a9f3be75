"""Which Local Climate Zone each block is, from the centre to the suburbs; some blocks are two."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from aespa_core.twin.fields import smooth_field
from aespa_core.twin.street_grid import Cells
from aespa_core.twin.zones import ZONE_CODE

Ints = npt.NDArray[np.int64]

# Share of blocks of each zone in rings around the centre; a row's end is a share of the radius.
RINGS: Final[tuple[tuple[float, dict[str, float]], ...]] = (
    (0.14, {"1": 0.60, "2": 0.25, "4": 0.10, "B": 0.05}),
    (0.32, {"2": 0.35, "5": 0.18, "3": 0.27, "E": 0.04, "8": 0.10, "B": 0.06}),
    (0.62, {"6": 0.42, "3": 0.14, "5": 0.11, "4": 0.04, "8": 0.12, "10": 0.03, "E": 0.03,
            "D": 0.04, "B": 0.07}),
    (9.99, {"9": 0.22, "6": 0.40, "8": 0.08, "10": 0.03, "F": 0.04, "D": 0.07, "B": 0.06,
            "A": 0.10}),
)  # fmt: skip
MIXED: Final = 0.3
NEIGHBOURS_ALIKE: Final = 0.8
FIELD_PX: Final = 150.0
RING_WOBBLE: Final = 0.10


@dataclass(frozen=True)
class ZonePlan:
    """Zones of C cells.

    Attributes
    ----------
    first, second
        Code of each zone, the same for a block that is all one, shape (C,).
    share
        Share of the first, shape (C,).
    centre
        Row and column of the metro's centre.
    """

    first: Ints
    second: Ints
    share: npt.NDArray[np.float64]
    centre: tuple[float, float]


def plan_zones(cells: Cells, size_px: int, rng: np.random.Generator) -> ZonePlan:
    """Draw the zones of all cells.

    Neighbouring cells draw alike: their uniform numbers come from a smooth field.
    """
    row, column = cells.row.astype(int), cells.column.astype(int)
    centre = size_px * rng.uniform(0.4, 0.6, 2)
    distance = np.hypot(cells.row - centre[0], cells.column - centre[1]) / (0.72 * size_px)
    distance = distance + RING_WOBBLE * smooth_field(rng, size_px, FIELD_PX)[row, column]
    alike = smooth_field(rng, size_px, FIELD_PX)[row, column]
    rest = np.sqrt(1 - NEIGHBOURS_ALIKE**2) * rng.standard_normal(len(row))
    first = zone_of(distance, ndtr(NEIGHBOURS_ALIKE * alike + rest))
    other = zone_of(distance, rng.random(len(row)))
    mixed = (rng.random(len(row)) < MIXED) & (other != first)
    share = np.where(mixed, rng.uniform(0.3, 0.7, len(row)), 1.0)
    middle = (float(centre[0]), float(centre[1]))
    return ZonePlan(first, np.where(mixed, other, first), share, middle)


def zone_of(
    distance: npt.NDArray[np.float64], uniform: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Turn a distance from the centre (share of the radius) and a uniform number into a zone."""
    ring = np.searchsorted([end for end, _ in RINGS], distance)
    zones = np.empty(len(distance), np.int64)
    for number, (_, shares) in enumerate(RINGS):
        here = ring == number
        steps = np.cumsum(list(shares.values()))
        pick = np.searchsorted(steps / steps[-1], uniform[here])
        codes = np.array([ZONE_CODE[zone] for zone in shares])
        zones[here] = codes[np.minimum(pick, len(codes) - 1)]
    return zones
