"""Streets and blocks: two families of streets whose lines cut a metro into rectangular cells.

A cell reaches from the middle of one street to the middle of the next, so cells tile the metro and
tracts made of cells do, too.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.scene import PIXEL_M

Ints = npt.NDArray[np.int64]

BLOCK_M: Final = (90.0, 170.0)
STREET_PX: Final = 5
ARTERY_PX: Final = 9
PAVEMENT_PX: Final = 1
ARTERY_EVERY: Final = 5


@dataclass(frozen=True)
class Streets:
    """Middle lines of one family of streets, pixels, and the width of each, pixels."""

    line: Ints
    width: Ints


@dataclass(frozen=True)
class Cells:
    """C rectangular cells, every array of shape (C,), pixels, ends excluded.

    Attributes
    ----------
    top, bottom, left, right
        The cell up to the middle of its streets.
    inner_top, inner_bottom, inner_left, inner_right
        The block inside: without streets and pavements.
    """

    top: Ints
    bottom: Ints
    left: Ints
    right: Ints
    inner_top: Ints
    inner_bottom: Ints
    inner_left: Ints
    inner_right: Ints

    @property
    def row(self) -> npt.NDArray[np.float64]:
        """Row of each cell's middle."""
        return (self.top + self.bottom) / 2

    @property
    def column(self) -> npt.NDArray[np.float64]:
        """Column of each cell's middle."""
        return (self.left + self.right) / 2

    @property
    def area(self) -> Ints:
        """Pixels of each cell."""
        return (self.bottom - self.top) * (self.right - self.left)

    def some(self, keep: npt.NDArray[np.bool_]) -> "Cells":
        """Take some of the cells."""
        return Cells(*(getattr(self, field.name)[keep] for field in fields(self)))


def lay_streets(size_px: int, rng: np.random.Generator) -> Streets:
    """Lay one family of parallel streets, about every fifth of them an artery."""
    shortest, longest = (round(side / PIXEL_M) for side in BLOCK_M)
    gaps = rng.integers(shortest, longest, size_px // shortest)
    line = np.cumsum(gaps)
    # the last cell would be a sliver: it joins the one before
    line = line[line < size_px - shortest // 2]
    artery = (np.arange(len(line)) + rng.integers(ARTERY_EVERY)) % ARTERY_EVERY == 0
    return Streets(line, np.where(artery, ARTERY_PX, STREET_PX))


def cells_between(size_px: int, across: Streets, along: Streets) -> Cells:
    """Cut the metro at its streets: ``across`` run east to west, ``along`` north to south."""
    sides = [sides_of(size_px, streets) for streets in (across, along)]
    (top, bottom, inner_top, inner_bottom), (left, right, inner_left, inner_right) = sides
    rows, columns = np.divmod(np.arange(len(top) * len(left)), len(left))
    return Cells(
        top[rows], bottom[rows], left[columns], right[columns],
        inner_top[rows], inner_bottom[rows], inner_left[columns], inner_right[columns],
    )  # fmt: skip


def sides_of(size_px: int, streets: Streets) -> tuple[Ints, Ints, Ints, Ints]:
    """Start and end of each cell along one axis, and of the block inside it."""
    start, end = np.r_[0, streets.line], np.r_[streets.line, size_px]
    half = np.r_[0, (streets.width + 1) // 2 + PAVEMENT_PX, 0]
    return start, end, start + half[:-1], end - half[1:]


def paint_streets(
    ground: npt.NDArray[np.uint8], across: Streets, along: Streets, road: int, pavement: int
) -> None:
    """Paint pavements, then carriageways over them, into a raster of materials, in place."""
    for extra, code in ((PAVEMENT_PX, pavement), (0, road)):
        for line, width in zip(across.line, across.width, strict=True):
            ground[line - width // 2 - extra : line + (width + 1) // 2 + extra] = code
        for line, width in zip(along.line, along.width, strict=True):
            ground[:, line - width // 2 - extra : line + (width + 1) // 2 + extra] = code


def street_masks(
    size_px: int, across: Streets, along: Streets
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Mark carriageways, and their middle lines, shapes (H, W)."""
    street, line = np.zeros((2, size_px, size_px), np.uint8)
    paint_streets(street, across, along, 1, 0)
    line[across.line], line[:, along.line] = 1, 1
    return street.astype(bool), line.astype(bool)
