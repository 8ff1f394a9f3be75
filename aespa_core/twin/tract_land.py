"""What lies in each tract, summed from the rasters: the land that people, movement and air see."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.land_use import Land
from aespa_core.twin.materials import CODE
from aespa_core.twin.metro import Metro
from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.tract_map import tract_sums
from aespa_core.twin.zones import ZONE_CODE, ZONES

# Share of a zone's working floors that are shops; sheds are half of them large stores.
SHOPS: Final = {"1": 0.25, "2": 0.35, "3": 0.50, "4": 0.30, "5": 0.35, "8": 0.50, "10": 0.02}
PARKS: Final = ("A", "B", "D")


def land_of(metro: Metro, geoids: list[str]) -> Land:
    """Sum a metro's rasters over its tracts.

    Parameters
    ----------
    metro
        The metro.
    geoids
        Id of each tract, by number.
    """
    scene, pixel_m2 = metro.scene, PIXEL_M**2
    size = len(scene.ground)

    def total(raster: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return tract_sums(raster, scene.tract)

    pixels = total(np.ones(scene.ground.shape))
    row, column = np.indices(scene.ground.shape)
    x_m = (total(column + 0.5) / pixels - size / 2) * PIXEL_M
    y_m = (size / 2 - total(row + 0.5) / pixels) * PIXEL_M
    centre_x = (metro.centre[1] - size / 2) * PIXEL_M
    centre_y = (size / 2 - metro.centre[0]) * PIXEL_M
    dry = total(scene.ground != CODE["water"])
    shop = np.array([SHOPS.get(zone.id, 0.0) for zone in ZONES])[scene.zone]
    park = np.isin(scene.zone, [ZONE_CODE[zone] for zone in PARKS])
    road_km = total(metro.street_line) * PIXEL_M / 1000
    road_m2 = total(metro.street) * pixel_m2
    built = total(scene.building_m > 0)
    height = total(scene.building_m) / np.maximum(built, 1.0)
    # as much of a street is a canyon as its tract is built
    width = road_m2 / np.maximum(1000 * road_km, 1.0)
    canyon = height * np.minimum(1.0, 2 * built / pixels) / np.maximum(width, 1.0)
    return Land(
        metro=scene.climate.metro,
        geoid=np.array(geoids),
        x_m=x_m,
        y_m=y_m,
        land_km2=dry * pixel_m2 / 1e6,
        canopy=total(scene.tree_m > 0) / np.maximum(dry, 1.0),
        homes_m2=total(metro.homes_m2),
        work_m2=total(metro.work_m2),
        shop_m2=total(metro.work_m2 * shop),
        park_km2=total(park) * pixel_m2 / 1e6,
        road_km=road_km,
        road_m2=road_m2,
        canyon_aspect=canyon,
        centre_km=np.hypot(x_m - centre_x, y_m - centre_y) / 1000,
    )
