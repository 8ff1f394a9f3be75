"""A simulated metro: streets, blocks, water and trees put together, and cut into tracts."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt, zoom

from aespa_core.twin.chance import metro_seed, stream
from aespa_core.twin.climate import CLIMATES, Climate
from aespa_core.twin.fields import smooth_field
from aespa_core.twin.land_cover import GRAIN, PAVING_WEAR, Cover, cover_land
from aespa_core.twin.materials import CODE
from aespa_core.twin.planting import plant, wanted_canopy
from aespa_core.twin.scene import PIXEL_M, Scene
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.shores import water_mask
from aespa_core.twin.street_grid import (
    Cells,
    cells_between,
    lay_streets,
    paint_streets,
    street_masks,
)
from aespa_core.twin.tract_map import group_cells, tract_raster
from aespa_core.twin.weather import soil_moisture
from aespa_core.twin.zone_plan import plan_zones
from aespa_core.twin.zones import ZONE_CODE

Floats = npt.NDArray[np.float32]

HISTORY_PX: Final = 260.0
MOISTURE_PX: Final = 200.0
# How far inland the air of the shore is felt (e-folding), in so small a metro.
SHORE_M: Final = 900.0
DISTANCE_STEP: Final = 8
# A cell with less land than this belongs to no tract.
LEAST_LAND: Final = 0.05


@dataclass(frozen=True)
class Metro:
    """A simulated metro.

    Attributes
    ----------
    scene
        The rasters.
    cells
        Blocks with their streets, C of them.
    cell_tract
        Tract of each cell, 0 … n − 1; −1 where all is open water, shape (C,).
    homes_m2, work_m2
        Floor area over each pixel, m², shape (H, W).
    history
        What a neighbourhood's past left: mean 0, deviation 1 over the metro, shape (C,).
    street
        Carriageways, shape (H, W); yards of the same material are none.
    street_line
        Their middle lines, one pixel wide, shape (H, W).
    centre
        Row and column of the metro's centre.
    """

    scene: Scene
    cells: Cells
    cell_tract: npt.NDArray[np.int64]
    homes_m2: Floats
    work_m2: Floats
    history: npt.NDArray[np.float64]
    street: npt.NDArray[np.bool_]
    street_line: npt.NDArray[np.bool_]
    centre: tuple[float, float]

    @property
    def tracts(self) -> int:
        """Number of tracts."""
        return int(self.cell_tract.max()) + 1


def build_metro(settings: TwinSettings, metro: str) -> Metro:
    """Build a metro from its settings alone."""
    size, climate = settings.size_px, CLIMATES[metro]
    seed = metro_seed(settings.seed, metro)
    across = lay_streets(size, stream(seed, "streets across"))
    along = lay_streets(size, stream(seed, "streets along"))
    cells = cells_between(size, across, along)
    plan = plan_zones(cells, size, stream(seed, "zones"))
    cover = Cover.bare(size)
    cover_land(cells, plan, cover, stream(seed, "lots"))
    paint_streets(cover.ground, across, along, CODE["asphalt"], CODE["concrete"])
    water = water_mask(metro, climate.shore, size, stream(seed, "water"))
    flood(cover, water)

    homes = sums_of(cover.homes_m2, cells)
    dry = sums_of((~water).astype(np.float32), cells) > LEAST_LAND * cells.area
    rng = stream(seed, "tracts")
    number = int(rng.integers(settings.tracts[0], settings.tracts[1] + 1))
    tract = np.full(len(dry), -1)
    tract[dry] = group_cells(cells.some(dry), homes[dry], number, rng)
    history = smooth_field(stream(seed, "history"), size, HISTORY_PX)
    at_cell = history[cells.row.astype(int), cells.column.astype(int)].astype(float)
    centre = np.hypot(*(np.indices((size, size), np.float32) / size - 0.5)) / 0.5
    multiplier = np.exp(
        settings.history_on_canopy * history + settings.centre_on_canopy * (centre - 0.5)
    )
    trees = plant(wanted_canopy(cover.ground, cover.zone, multiplier), stream(seed, "trees"))
    trees[(cover.building_m > 0) | water] = 0.0
    scene = Scene(
        climate=climate,
        ground=cover.ground,
        building_m=cover.building_m,
        tree_m=trees,
        brightness=weathered(cover, stream(seed, "grain")),
        moisture=watered(cover, climate, settings, stream(seed, "moisture")),
        cooler_k=shore_air(water, climate, settings.shore_cooling_k),
        zone=cover.zone,
        tract=tract_raster(cells, tract, size),
    )
    street, line = street_masks(size, across, along)
    return Metro(
        scene, cells, tract, cover.homes_m2, cover.work_m2, at_cell,
        street & ~water, line & ~water, plan.centre,
    )  # fmt: skip


def flood(cover: Cover, water: npt.NDArray[np.bool_]) -> None:
    """Put open water over whatever was painted there, in place."""
    cover.ground[water] = CODE["water"]
    cover.zone[water] = ZONE_CODE["G"]
    for raster in (cover.building_m, cover.homes_m2, cover.work_m2):
        raster[water] = 0.0
    cover.brightness[water] = 1.0


def weathered(cover: Cover, rng: np.random.Generator) -> Floats:
    """Add wear of carriageways and the grain of every surface to the brightness."""
    wear = np.exp(PAVING_WEAR * smooth_field(rng, len(cover.ground), 40.0))
    road = cover.ground == CODE["asphalt"]
    grain = rng.standard_normal(cover.ground.shape, dtype=np.float32)
    brightness: Floats = cover.brightness * np.exp(GRAIN * grain) * np.where(road, wear, 1.0)
    return brightness.astype(np.float32)


def watered(
    cover: Cover, climate: Climate, settings: TwinSettings, rng: np.random.Generator
) -> Floats:
    """Water that plants can take: July's climate, the neighbourhood's soil, the lot's watering."""
    soil = settings.moisture_spread * smooth_field(rng, len(cover.ground), MOISTURE_PX)
    moisture: Floats = np.clip(soil_moisture(climate) + soil + cover.watering, 0.02, 1.0)
    return moisture.astype(np.float32)


def shore_air(water: npt.NDArray[np.bool_], climate: Climate, cooling_k: float) -> Floats:
    """How much cooler the air is near the shore of a sea or lake, K, shape (H, W)."""
    if climate.shore not in ("sea", "lake"):
        return np.zeros(water.shape, np.float32)
    coarse = water[::DISTANCE_STEP, ::DISTANCE_STEP]
    inland = distance_transform_edt(~coarse) * (DISTANCE_STEP * PIXEL_M)
    fine = zoom(inland, DISTANCE_STEP, order=1, mode="nearest", grid_mode=True)
    cooler: Floats = (cooling_k * np.exp(-fine / SHORE_M)).astype(np.float32)
    return cooler


def sums_of(raster: Floats, cells: Cells) -> npt.NDArray[np.float64]:
    """Sum a raster over each cell, shape (C,)."""
    total = np.zeros((raster.shape[0] + 1, raster.shape[1] + 1))
    total[1:, 1:] = raster.cumsum(0, dtype=float).cumsum(1)
    return np.asarray(
        total[cells.bottom, cells.right] - total[cells.top, cells.right]
        - total[cells.bottom, cells.left] + total[cells.top, cells.left]
    )  # fmt: skip
