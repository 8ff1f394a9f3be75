"""What covers the ground: blocks cut into lots, each with a building, sealed ground and garden."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.materials import CODE, ROOFS
from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.street_grid import Cells
from aespa_core.twin.zone_plan import ZonePlan
from aespa_core.twin.zones import ZONES, Zone

Floats = npt.NDArray[np.float32]

# Gardens with bare soil, and by how much weather and dirt change a roof and a carriageway.
BARE_LOTS: Final = 0.12
ROOF_WEAR: Final = 0.18
PAVING_WEAR: Final = 0.10
GRAIN: Final = 0.05
# What is sealed inside blocks, over what a zone seals beside buildings.
BESIDE_STREETS: Final = 0.6
STOREY_M: Final = 3.2


@dataclass(frozen=True)
class Cover:
    """Rasters that the lots paint, shape (H, W): see :class:`aespa_core.twin.scene.Scene`.

    Attributes
    ----------
    homes_m2, work_m2
        Floor area over each pixel, m².
    watering
        What a lot's owner adds to the water that plants can take.
    """

    ground: npt.NDArray[np.uint8]
    zone: npt.NDArray[np.uint8]
    building_m: Floats
    brightness: Floats
    homes_m2: Floats
    work_m2: Floats
    watering: Floats

    @classmethod
    def bare(cls, size_px: int) -> "Cover":
        """Grass everywhere."""
        shape = (size_px, size_px)
        floats = [np.zeros(shape, np.float32) for _ in range(5)]
        floats[1] += 1.0
        return cls(
            np.full(shape, CODE["grass"], np.uint8), np.zeros(shape, np.uint8),
            floats[0], floats[1], floats[2], floats[3], floats[4],
        )  # fmt: skip


@dataclass(frozen=True)
class Rectangle:
    """Pixels of a raster, from ``top`` and ``left`` up to but not including the other ends."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def pixels(self) -> tuple[slice, slice]:
        """Index of these pixels."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def inset(self, share: float, rng: np.random.Generator) -> "Rectangle":
        """Take a rectangle of about this share of the area, somewhere inside."""
        side = np.sqrt(share)
        height, width = self.bottom - self.top, self.right - self.left
        rows = max(1, min(height, round(height * side * rng.uniform(0.9, 1.1))))
        columns = max(1, min(width, round(height * width * share / rows)))
        top = self.top + rng.integers(0, height - rows + 1)
        left = self.left + rng.integers(0, width - columns + 1)
        return Rectangle(int(top), int(top + rows), int(left), int(left + columns))


def cover_land(cells: Cells, plan: ZonePlan, cover: Cover, rng: np.random.Generator) -> None:
    """Paint all blocks into the rasters, in place."""
    for number in range(len(cells.top)):
        whole = Rectangle(*(int(side[number]) for side in (
            cells.top, cells.bottom, cells.left, cells.right)))  # fmt: skip
        block = Rectangle(*(int(side[number]) for side in (
            cells.inner_top, cells.inner_bottom, cells.inner_left, cells.inner_right)))  # fmt: skip
        border = block.left + round((block.right - block.left) * float(plan.share[number]))
        first, second = int(plan.first[number]), int(plan.second[number])
        cover.zone[whole.pixels] = first
        cover.zone[whole.top : whole.bottom, border : whole.right] = second
        for code, left, right in ((first, block.left, border), (second, border, block.right)):
            part = Rectangle(block.top, block.bottom, left, right)
            if part.bottom > part.top and right > left:
                cover_block(part, ZONES[code], cover, rng)


def cover_block(block: Rectangle, zone: Zone, cover: Cover, rng: np.random.Generator) -> None:
    """Cut a block into lots of its zone and paint each."""
    # one draw a block: neighbours were built together
    built, sealed = rng.uniform(*zone.built), rng.uniform(*zone.sealed)
    height = rng.uniform(*zone.height_m)
    for lot in lots_of(block, zone):
        cover_lot(lot, zone, built, sealed, height, cover, rng)


def lots_of(block: Rectangle, zone: Zone) -> list[Rectangle]:
    """Cut a block into about equal lots."""
    if zone.lot_m is None:
        return [block]
    height, width = block.bottom - block.top, block.right - block.left
    rows = max(1, round(height * PIXEL_M / zone.lot_m[1]))
    columns = max(1, round(width * PIXEL_M / zone.lot_m[0]))
    down = np.linspace(block.top, block.bottom, rows + 1).astype(int).tolist()
    along = np.linspace(block.left, block.right, columns + 1).astype(int).tolist()
    return [
        Rectangle(top, bottom, left, right)
        for top, bottom in pairwise(down)
        for left, right in pairwise(along)
        if bottom > top and right > left
    ]


def cover_lot(
    lot: Rectangle,
    zone: Zone,
    built: float,
    sealed: float,
    height_m: float,
    cover: Cover,
    rng: np.random.Generator,
) -> None:
    """Paint one lot: its garden, its paving, its building."""
    if zone.id == "F" or rng.random() < BARE_LOTS:
        cover.ground[lot.pixels] = CODE["bare_soil"]
        cover.brightness[lot.pixels] = np.exp(0.15 * rng.standard_normal())
    cover.watering[lot.pixels] = 0.12 * rng.standard_normal()
    # streets count among what a zone seals; a yard that is a whole block has none inside
    if (paved := sealed * (1.0 if zone.lot_m is None else BESIDE_STREETS)) > 0.01:
        part = lot.inset(min(paved + built, 0.98), rng).pixels
        cover.ground[part] = CODE[zone.paving]
        cover.brightness[part] = np.exp(PAVING_WEAR * rng.standard_normal())
    if built > 0.01:
        house = lot.inset(built * rng.uniform(0.85, 1.15), rng).pixels
        storeys = max(1, round(height_m * rng.uniform(0.75, 1.25) / STOREY_M))
        cover.ground[house] = rng.choice(ROOFS, p=zone.roofs)
        cover.building_m[house] = storeys * STOREY_M
        cover.brightness[house] = np.exp(ROOF_WEAR * rng.standard_normal())
        cover.homes_m2[house] = zone.homes * storeys * PIXEL_M**2
        cover.work_m2[house] = (1.0 - zone.homes) * storeys * PIXEL_M**2
