"""One simulated metro as the tables of a study, and its pictures as files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.schema import METRO_IDS
from aespa_core.twin.air import draw_air
from aespa_core.twin.chance import metro_seed
from aespa_core.twin.commuting import CommutingLaw, draw_flows
from aespa_core.twin.land_use import Land
from aespa_core.twin.materials import CODE
from aespa_core.twin.metro import Metro, build_metro
from aespa_core.twin.movement import draw_week, mobility_table
from aespa_core.twin.people import draw_people
from aespa_core.twin.people_law import PeopleLaw
from aespa_core.twin.pictures import write_bands, write_photos, write_tiles
from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.tract_land import land_of
from aespa_core.twin.tract_map import place_of, tract_polygons
from aespa_core.twin.truth import (
    night,
    plan_view,
    temperature,
    tract_means,
    true_effects,
    view_of,
)
from aespa_core.twin.weather import weather_at
from aespa_core.twin.zones import ZONES

# No state has this number: a simulated tract is never taken for a real one.
STATE: Final = "99"
SOURCE: Final = "simulated"


@dataclass(frozen=True)
class MetroTables:
    """Tables of one metro by their id in the study."""

    metro: str
    tables: dict[str, pd.DataFrame]


def geoids_of(metro: str, tracts: int) -> list[str]:
    """Ids of a metro's tracts: state 99, the metro's number as county."""
    return [f"{STATE}{METRO_IDS.index(metro) + 1:03d}{n + 1:04d}00" for n in range(tracts)]


def metro_tables(settings: TwinSettings, name: str, folder: Path) -> MetroTables:
    """Build one metro: write its pictures, return its tables."""
    metro = build_metro(settings, name)
    scene, geoids = metro.scene, geoids_of(name, metro.tracts)
    view = view_of(scene, settings)
    day_c = temperature(view, weather_at(scene.climate), settings)
    night_c = night(view, settings)
    ids = pd.DataFrame({"geoid": geoids})
    tiles = write_tiles(view, geoids, folder / "images")
    seed = metro_seed(settings.seed, name)
    photos = write_photos(view, geoids, folder / "images", settings.photos, seed)
    taken = photos.places["geoid"].value_counts().reindex(geoids, fill_value=0).to_numpy(float)
    land = land_of(metro, geoids)
    people = draw_people(land, PeopleLaw(), seed)
    residents = people["population"].to_numpy(float)
    pixels = np.bincount(scene.tract.ravel() + 1, minlength=metro.tracts + 1)[1:]
    air = air_tables(metro, land, seed)
    if settings.bands:
        no2 = air["truth/air"]["no2_ug_m3"].to_numpy(float)
        write_bands(view, no2, geoids, folder / "images")
    tables = {
        "tracts": tract_table(metro, geoids, pixels).merge(
            people.drop(columns=["metro", "aland_m2"]), on="geoid", validate="1:1"
        ),
        "temperature": ids.assign(
            lst_day_c=tract_means(day_c, scene.tract),
            lst_night_c=tract_means(night_c, scene.tract),
            source=SOURCE,
            n_pixels=pixels.astype(float),
        ),
        "proxies": ids.join(plan_view(view)).assign(source=SOURCE, n_images=taken),
        "mobility": mobility_table(land, draw_week(land, residents, seed)),
        "flows": draw_flows(land, residents, CommutingLaw(), seed),
        "tiles": tiles,
        "photos": photos.places,
        **air,
        "truth/photo_shares": photos.shares,
        "truth/effects": ids.join(true_effects(view, day_c, settings)),
        "truth/zone_shares": zone_shares(metro, geoids),
    }
    return MetroTables(name, tables)


def air_tables(metro: Metro, land: Land, seed: int) -> dict[str, pd.DataFrame]:
    """Draw the air: stations with their readings and the weather, and the truth beside them."""
    climate = metro.scene.climate
    air = draw_air(land, climate, seed)
    stations = air.stations.assign(metro=climate.metro)
    half = len(metro.scene.ground) * PIXEL_M / 2
    longitude, latitude = place_of(
        (stations["x_m"] + half) / PIXEL_M,
        (half - stations["y_m"]) / PIXEL_M,
        len(metro.scene.ground),
        climate.latitude_deg,
    )
    return {
        "stations": stations.assign(longitude=longitude, latitude=latitude).drop(
            columns=["x_m", "y_m"]
        ),
        "air": air.hours,
        "weather": air.weather.assign(metro=climate.metro),
        "truth/air": air.truth,
        "truth/air_hours": air.truth_hours,
    }


def tract_table(metro: Metro, geoids: list[str], pixels: npt.NDArray[np.int64]) -> gpd.GeoDataFrame:
    """Lay out the tracts with their polygons."""
    scene = metro.scene
    water = tract_means(scene.ground == CODE["water"], scene.tract)
    area = pixels * PIXEL_M**2
    return gpd.GeoDataFrame(
        {
            "geoid": geoids,
            "metro": scene.climate.metro,
            "aland_m2": area * (1.0 - water),
            "awater_m2": area * water,
        },
        geometry=tract_polygons(
            metro.cells, metro.cell_tract, len(scene.ground), scene.climate.latitude_deg
        ),
        crs="EPSG:4326",
    )


def zone_shares(metro: Metro, geoids: list[str]) -> pd.DataFrame:
    """Share of each Local Climate Zone in each tract, one row a zone that is there."""
    number, zone = metro.scene.tract.ravel(), metro.scene.zone.ravel()
    inside = number >= 0
    count = np.zeros((metro.tracts, len(ZONES)))
    np.add.at(count, (number[inside], zone[inside]), 1.0)
    share = count / count.sum(1, keepdims=True)
    tract, code = np.nonzero(share)
    return pd.DataFrame(
        {
            "geoid": np.array(geoids)[tract],
            "zone": [ZONES[c].id for c in code],
            "share": share[tract, code],
        }
    )
