"""Make a small scene by hand: a street with houses, lawns and trees, a yard, a pond."""

import numpy as np
import numpy.typing as npt

from aespa_core.twin.climate import CLIMATES
from aespa_core.twin.materials import CODE
from aespa_core.twin.scene import PIXEL_M, Scene
from aespa_core.twin.sun import Sun

SIDE = 160
STREET = slice(78, 82)  # columns of asphalt: the street runs north and south


def plain(side: int = SIDE, ground: str = "grass") -> Scene:
    """Make an open plain of one material."""
    shape = (side, side)
    return Scene(
        climate=CLIMATES["pittsburgh"],
        ground=np.full(shape, CODE[ground], dtype=np.uint8),
        building_m=np.zeros(shape, dtype=np.float32),
        tree_m=np.zeros(shape, dtype=np.float32),
        brightness=np.ones(shape, dtype=np.float32),
        moisture=np.full(shape, 0.8, dtype=np.float32),
        cooler_k=np.zeros(shape, dtype=np.float32),
        zone=np.zeros(shape, dtype=np.uint8),
        tract=np.zeros(shape, dtype=np.int16),
    )


def made_scene(canopy: float = 0.2, seed: int = 0) -> Scene:
    """Make a street between houses; two tracts, north 0 and south 1, and tract 2 without a road.

    Parameters
    ----------
    canopy
        About the share of the lawns that trees cover.
    seed
        Of heights, roofs and where trees stand.
    """
    rng = np.random.default_rng(seed)
    scene = plain()
    ground, building, tree = scene.ground, scene.building_m, scene.tree_m
    ground[:, STREET] = CODE["asphalt"]
    ground[100:104, :] = CODE["asphalt"]
    for walk in (77, 82):
        ground[:, walk] = CODE["concrete"]
    for row in range(4, SIDE - 12, 12):
        for col in (66, 85, 50, 101):
            house = (slice(row, row + 5), slice(col, col + 7))
            if np.all(ground[house] == CODE["grass"]):
                building[house] = rng.uniform(4.0, 9.5)
                ground[house] = CODE[str(rng.choice(["dark_roof", "tile_roof", "metal_roof"]))]
    building[112:124, 84:100] = 31.0
    ground[112:124, 84:100] = CODE["white_roof"]
    ground[104:112, 84:100] = CODE["concrete"]
    ground[110:140, 30:60] = CODE["water"]
    ground[86:98, 30:48] = CODE["bare_soil"]
    for row, col in rng.integers(0, SIDE, size=(int(canopy * SIDE**2 / 13), 2)):
        plant(scene, int(row), int(col), rng.uniform(5.0, 14.0))
    free = (ground == CODE["grass"]) & (building == 0)
    tree[~free] = 0.0
    scene.brightness[:] = rng.normal(1.0, 0.06, scene.brightness.shape)
    scene.tract[SIDE // 2 :] = 1
    scene.tract[:20, :20] = 2
    return scene


def plant(scene: Scene, row: int, col: int, height_m: float) -> None:
    """Plant a round crown of 5 cells across."""
    for y in range(max(row - 2, 0), min(row + 3, scene.tree_m.shape[0])):
        for x in range(max(col - 2, 0), min(col + 3, scene.tree_m.shape[1])):
            dome = max(0.0, 1.0 - ((y - row) ** 2 + (x - col) ** 2) / 7.0)
            scene.tree_m[y, x] = max(scene.tree_m[y, x], height_m * dome**0.5)


def shade_of(scene: Scene, sun: Sun) -> npt.NDArray[np.bool_]:
    """March from every cell towards the sun, the slow and plain way."""
    height = scene.height_m
    shade = np.zeros(height.shape, dtype=np.bool_)
    slope = np.tan(np.radians(sun.elevation_deg)) * PIXEL_M
    azimuth = np.radians(sun.azimuth_deg)
    for step in range(1, 40):
        d_row, d_col = -round(step * np.cos(azimuth)), round(step * np.sin(azimuth))
        shade |= np.roll(height, (-d_row, -d_col), axis=(0, 1)) > step * slope
    return shade
