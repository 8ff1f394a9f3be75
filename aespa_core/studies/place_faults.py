"""Where the polygons of ``tracts`` lie, and whether land and people are theirs."""

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from aespa_core.studies.borders import GEOMETRY
from aespa_core.studies.bounds import MOST_M2
from aespa_core.studies.faults import Fault, Sheet

# West, south, east, north: the states with Alaska and Hawaii; the Aleutians beyond 180°; Guam and
# the Marianas; Puerto Rico and the Virgin Islands lie within the first.
UNITED_STATES: Final = (
    (-180.0, 17.0, -64.0, 72.0),
    (172.0, 51.0, 180.0, 54.0),
    (144.0, 13.0, 146.5, 21.0),
    (-171.5, -15.0, -168.0, -10.0),
)
# A centre of population lies in its tract or, of a crescent, near it.
FAR_DEGREES: Final = 0.5
# The widest metros span some 3°, the widest tracts of Alaska some 20°.
STRAY_DEGREES: Final = 15.0
WIDEST_DEGREES: Final = 30.0
M2_OF_A_SQUARE_DEGREE: Final = 111_195.0**2
# Polygons cover land and water: no less than the land, and at the median not many times as much.
LEAST_RATIO, MOST_RATIO = 0.3, 20.0
AREAS_M2: Final = {
    "km²": 1e6, "square miles": 2_589_988.11, "hectares": 1e4, "acres": 4_046.8564,
    "square feet": 0.09290304, "square degrees": M2_OF_A_SQUARE_DEGREE,
}  # fmt: skip


def place_faults(sheet: Sheet, tracts: gpd.GeoDataFrame) -> list[Fault]:
    """Find sound polygons that are not where they should be, and areas and people not of them."""
    bounds = shapely.bounds(tracts.geometry.to_numpy())  # (n, 4): west, south, east, north
    if swapped := swapped_faults(sheet, bounds):
        return swapped
    return (
        stray_faults(sheet, tracts, bounds)
        + area_faults(sheet, tracts)
        + people_faults(sheet, tracts, bounds)
    )


def swapped_faults(sheet: Sheet, bounds: npt.NDArray[np.float64]) -> list[Fault]:
    """Find longitude and latitude that are swapped where both pass for either.

    Tract ids are those of the United States: a town that lies there only when they are swapped is
    no town at 86° south.
    """
    middle = np.nanmedian(bounds.reshape(-1, 2, 2).mean(axis=1), axis=0) if len(bounds) else None
    if middle is None or not np.isfinite(middle).all():
        return []
    east, north = middle
    if in_the_us(east, north) or not in_the_us(north, east):
        return []
    place = f"{east:.8g} {north:.8g}"
    problem = f"the tracts lie at {place}, and in the United States when these are swapped"
    cure = "longitude comes first, latitude second: swap them"
    return [sheet.fault(None, GEOMETRY, place, problem, cure)]


def in_the_us(east: float, north: float) -> bool:
    """Whether a point may be in the United States, its territories among them."""
    return any(w <= east <= e and s <= north <= n for w, s, e, n in UNITED_STATES)


def covered_m2(tracts: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """Area of the polygons, m², to a percent or so: degrees of longitude shrink with latitude."""
    shapes = tracts.geometry.to_numpy()
    bounds = shapely.bounds(shapes)
    stretch = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    area: npt.NDArray[np.float64] = shapely.area(shapes) * stretch * M2_OF_A_SQUARE_DEGREE
    return area


def stray_faults(
    sheet: Sheet, tracts: gpd.GeoDataFrame, bounds: npt.NDArray[np.float64]
) -> list[Fault]:
    """Find polygons that are larger than any tract, or lie far from the others of their metro."""
    if "metro" not in tracts or tracts["metro"].isna().all():
        return []
    middle = pd.DataFrame((bounds[:, :2] + bounds[:, 2:]) / 2, columns=["east", "north"])
    home = middle.groupby(tracts["metro"].to_numpy(object)).transform("median")
    far = (middle - home).abs().max(axis=1).to_numpy()  # degrees
    wide = (bounds[:, 2:] - bounds[:, :2]).max(axis=1)
    with np.errstate(invalid="ignore"):
        strays = np.flatnonzero((far > STRAY_DEGREES) | (wide > WIDEST_DEGREES))

    def stray(row: int) -> Fault:
        if wide[row] > WIDEST_DEGREES:
            problem = f"the polygon spans {wide[row]:.4g}°, as no tract does"
        else:
            problem = f"the polygon lies {far[row]:.4g}° from the other tracts of its metro"
        return sheet.fault(row, GEOMETRY, None, problem, "correct its coordinates")

    return sheet.faults_at(strays, stray)


def area_faults(sheet: Sheet, tracts: gpd.GeoDataFrame) -> list[Fault]:
    """Find land areas that are not in m²: as a whole far from what the polygons cover."""
    if "aland_m2" not in tracts or not pd.api.types.is_numeric_dtype(tracts["aland_m2"]):
        return []
    said = tracts["aland_m2"].to_numpy(float)
    covered = covered_m2(tracts)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(said > 0, covered / said, np.nan)
    if not np.isfinite(ratio).any():
        return []
    middle = float(np.nanmedian(ratio))
    if LEAST_RATIO < middle < MOST_RATIO:
        return []
    example = float(np.nanmedian(said))
    unit = next((name for name, m2 in AREAS_M2.items() if 0.5 < middle / m2 < 2), None)
    guess = f"which looks like {unit}" if unit else "which is no land area of theirs"
    cure = "write the area in m²"
    if unit and np.nanmax(said) * AREAS_M2[unit] <= MOST_M2:
        cure = f"multiply the column by {AREAS_M2[unit]:.10g}"
    problem = (
        f"the land area is {example:.6g} at the median where the polygons cover "
        f"{middle * example:.6g} m²: {guess}"
    )
    return [sheet.fault(None, "aland_m2", example, problem, cure)]


def people_faults(
    sheet: Sheet, tracts: gpd.GeoDataFrame, bounds: npt.NDArray[np.float64]
) -> list[Fault]:
    """Find middles of people that lie far from their tract: swapped, or of another one."""
    columns = ("people_lon", "people_lat")
    if not all(name in tracts and pd.api.types.is_numeric_dtype(tracts[name]) for name in columns):
        return []
    lon, lat = (tracts[name].to_numpy(float) for name in columns)
    west, south, east, north = bounds.T
    with np.errstate(invalid="ignore"):
        off = np.maximum.reduce([west - lon, lon - east, south - lat, lat - north])
        far = off > FAR_DEGREES
    return sheet.faults_at(
        np.flatnonzero(far),
        lambda row: sheet.fault(
            row,
            "people_lon",
            f"{lon[row]:.8g} {lat[row]:.8g}",
            f"residents live at {lon[row]:.8g} {lat[row]:.8g}, {off[row]:.3g}° from their tract",
            "longitude and latitude may be swapped, or the ids of another table: correct both",
        ),
    )
