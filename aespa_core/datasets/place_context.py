"""What is known of a place besides its proxies: density, spacing, water, position.

Nothing social and no proxy is among these columns; models may use them as they like.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.neighbourhood import Neighbourhood, kernel_mean
from aespa_core.sources.shorelines import (
    LAKE,
    SEA,
    distance_to_shore_km,
    points_on_sphere,
    water_share,
)

DENSITY_KM: Final = (1.0, 3.0, 10.0)
WATER_KM: Final = (5.0, 15.0)
SHORE_SCALE_KM: Final = 5.0
RANKS: Final = (1, 5, 20, 80)


def place_context(table: pd.DataFrame, near: Neighbourhood) -> pd.DataFrame:
    """Describe density, spacing, water and position of each tract; logarithms of SI-like units."""
    land = table["land_km2"].to_numpy()
    density = table["housing_density_km2"].to_numpy()
    units = np.nan_to_num(land * density)
    here = table.iloc[near.own]
    lat, lon = here["lat"].to_numpy(), here["lon"].to_numpy()
    area_km2 = np.maximum(here["land_km2"].to_numpy(), 0.02)
    columns = {
        "log_land_km2": np.log(area_km2),
        "log_housing": np.log1p(density[near.own]),
        "log_people": np.log1p(here["population_2010"].to_numpy() / area_km2),
    }
    for scale in DENSITY_KM:
        around = kernel_mean(density, near, scale, np.nan_to_num(land))
        columns[f"log_housing_{scale:g}km"] = np.log1p(around)
        # a kernel sum, not a mean: empty land between tracts counts
        total = (np.exp(-near.km / scale) * units[near.row]).sum(1) + units[near.own]
        columns[f"log_units_{scale:g}km"] = np.log1p(total / (2 * np.pi * scale**2))
    for rank in RANKS:
        columns[f"log_km_to_{rank}"] = np.log(np.maximum(near.km[:, rank - 1], 0.05))
    for name, level in (("sea", SEA), ("lake", LAKE)):
        km = distance_to_shore_km(level, lat, lon)
        columns[f"log_{name}_km"] = np.log1p(km)
        columns[f"near_{name}"] = np.exp(-km / SHORE_SCALE_KM)
    for radius in WATER_KM:
        columns[f"water_{radius:g}km"] = water_share(lat, lon, radius)
    columns |= {"lat": lat, "lon": lon}
    return pd.DataFrame(columns, index=here.index)


def position_in_area(
    table: pd.DataFrame, own: npt.NDArray[np.int64], area: npt.NDArray[np.str_]
) -> pd.DataFrame:
    """Distance of each tract from its area's centre of population, in km and in radii."""
    here = table.iloc[own]
    place = points_on_sphere(here["lat"].to_numpy(), here["lon"].to_numpy())
    people = np.maximum(here["population_2010"].to_numpy(), 1.0)
    km, radii = np.zeros(len(own)), np.zeros(len(own))
    for rows in rows_by_area(area):
        centre = np.average(place[rows], axis=0, weights=people[rows])
        km[rows] = np.linalg.norm(place[rows] - centre, axis=1)
        radii[rows] = km[rows] / max(np.sqrt(np.average(km[rows] ** 2, weights=people[rows])), 1.0)
    return pd.DataFrame({"log_centre_km": np.log1p(km), "centre_radii": radii}, index=here.index)


def area_sizes(
    table: pd.DataFrame, own: npt.NDArray[np.int64], area: npt.NDArray[np.str_]
) -> pd.DataFrame:
    """Radius and population of each tract's area, as logarithms."""
    here = table.iloc[own]
    place = points_on_sphere(here["lat"].to_numpy(), here["lon"].to_numpy())
    people = np.maximum(here["population_2010"].to_numpy(), 1.0)
    size = np.zeros((len(own), 2))
    for rows in rows_by_area(area):
        centre = np.average(place[rows], axis=0, weights=people[rows])
        square = np.average(((place[rows] - centre) ** 2).sum(1), weights=people[rows])
        size[rows] = np.log(max(np.sqrt(square), 1.0)), np.log(people[rows].sum())
    return pd.DataFrame(size, index=here.index, columns=["log_area_km", "log_area_people"])


def rows_by_area(area: npt.NDArray[np.str_]) -> list[npt.NDArray[np.int64]]:
    """Row numbers of each area's tracts."""
    return [np.flatnonzero(area == name) for name in np.unique(area)]
