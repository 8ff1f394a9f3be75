"""Make a small nation: fifteen towns of 64 tracts whose temperature follows a known additive law.

Towns carry names of real urban areas, because groups go by name; everything else is made.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from aespa_core.datasets.national_tracts import NationalTracts
from aespa_core.datasets.tract_training import area_groups
from aespa_core.models.physics_head import HeadSettings
from aespa_core.training.tract_fit import FitSettings

SIDE: Final = 8
TOWNS: Final = 15
STEP: Final = 0.015
EFFECTS_C: Final = {"ndvi": -4.0, "canopy": -5.0, "impervious": 3.0}
NOISE_C: Final = 0.1
# Town 0 is Minneapolis with labels and canopy, but not in its first column; the last town is Dallas
# with neither. Towns 1 and 2 alone have sealed ground, too few to calibrate on.
LABELLED_METRO: Final = ("minneapolis", 0)
BARE_METRO: Final = ("dallas", TOWNS - 1)
OWN_AREA: Final = "Minneapolis--St. Paul, MN--WI"
SEALED_TOWNS: Final = (1, 2)
FAST: Final = FitSettings(
    head=HeadSettings(members=2, hidden=16), steps=80, areas=6, tracts=32, learning_rate=0.03
)


def made_nation(seed: int = 0) -> NationalTracts:
    """Make all towns; a tract of town 0 has no land, as a lake has."""
    parts = [town(number, np.random.default_rng([seed, number])) for number in range(TOWNS)]
    table = pd.concat(parts)
    lake = table.index[SIDE * SIDE - 1]
    table.loc[lake, ["land_km2", "housing_density_km2", "ndvi", "canopy", "lst_day_c"]] = np.nan
    table.loc[lake, "population_2010"] = 0.0
    return NationalTracts(table, ())


def town(number: int, rng: np.random.Generator) -> pd.DataFrame:
    """Make one town: dense in the middle, green outside."""
    count = SIDE * SIDE
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    out = np.hypot(x - SIDE / 2, y - SIDE / 2) / SIDE
    canopy = np.clip(0.1 + 0.4 * out + rng.normal(0, 0.12, count), 0, 0.95)
    ndvi = np.clip(0.2 + 0.2 * out + 0.2 * canopy + rng.normal(0, 0.06, count), -0.2, 0.9)
    sealed = np.clip(0.7 - 0.5 * out + rng.normal(0, 0.1, count), 0, 1)
    cover = {"ndvi": ndvi, "canopy": canopy, "impervious": sealed}
    seen = {name: EFFECTS_C[name] * (values - values.mean()) for name, values in cover.items()}
    if number not in SEALED_TOWNS:
        # the same law everywhere, but unseen sealed ground would only be noise here
        seen["impervious"] = np.zeros(count)
    table = pd.DataFrame(
        {
            "lat": 33.0 + 2.0 * (number // 5) + STEP * y,
            "lon": -100.0 + 2.5 * (number % 5) + STEP * x,
            "population_2010": 3000.0 + 1000.0 * rng.random(count),
            "land_km2": 1.5 + 0.5 * rng.random(count),
            "housing_density_km2": 1200.0 * np.exp(-2 * out) * rng.uniform(0.8, 1.2, count),
            **cover,
            "lst_day_c": rng.uniform(25, 40) + sum(seen.values()) + rng.normal(0, NOISE_C, count),
            "n_blocks": 40.0,
            "urban_area": name_of(number),
        },
        index=pd.Index([f"{number + 10:02d}001{i:06d}" for i in range(count)], name="geoid"),
    )
    if number not in SEALED_TOWNS:
        table["impervious"] = np.nan
    if number == LABELLED_METRO[1]:
        table.loc[x == 0, ["canopy", "lst_day_c"]] = np.nan
    if number == BARE_METRO[1]:
        table[["canopy", "lst_day_c", "n_blocks"]] = np.nan
        table["urban_area"] = None
    return table


def name_of(number: int) -> str:
    """Name a town after an urban area that has a group."""
    others = [name for name in sorted(area_groups()) if name != OWN_AREA]
    return OWN_AREA if number == LABELLED_METRO[1] else others[5 * number]


def polygons_of(national: NationalTracts, number: int) -> gpd.GeoSeries:
    """Draw the squares of one town, indexed by geoid, in EPSG:4326."""
    rows = national.table[national.table.index.str[:2] == f"{number + 10:02d}"]
    half = STEP / 2
    squares = [
        box(lon - half, lat - half, lon + half, lat + half)
        for lat, lon in zip(rows["lat"], rows["lon"], strict=True)
    ]
    return gpd.GeoSeries(squares, index=rows.index, crs="EPSG:4326")
