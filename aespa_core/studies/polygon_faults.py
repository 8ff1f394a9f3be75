"""The polygons of ``tracts``: broken, empty, without CRS, or not where their CRS says."""

from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from aespa_core.studies.borders import GEOMETRY
from aespa_core.studies.faults import Fault, Sheet
from aespa_core.studies.listed_rows import listed, rows_in_words
from aespa_core.studies.place_faults import place_faults

WIDEST: Final = (-180.0, -90.0, 180.0, 90.0)
# From one table alone it would leave the others with a tract that nobody knows.
DROP: Final = "drop the tract from every table"
# The plain form of it can leave lines beside the polygons.
MEND: Final = "mend it with shapely.make_valid(…, method='structure', keep_collapsed=False)"
POLYGONS: Final = ("Polygon", "MultiPolygon")


def polygon_faults(sheet: Sheet) -> list[Fault]:
    """Find every fault of the geometry column."""
    if not isinstance(sheet.frame, gpd.GeoDataFrame) or not sheet.frame.active_geometry_name:
        remedy = "write the tracts with GeoDataFrame.to_parquet, polygons in EPSG:4326"
        problem = "there are no polygons"
        if sheet.no_borders:
            problem += f" that can be read ({sheet.no_borders})"
        return [sheet.fault(None, GEOMETRY, None, problem, remedy)]
    faults = crs_faults(sheet, sheet.frame) + shape_faults(sheet, sheet.frame)
    return faults or place_faults(sheet, sheet.frame)


def crs_faults(sheet: Sheet, tracts: gpd.GeoDataFrame) -> list[Fault]:
    """Find a missing or projected CRS, and rows whose coordinates cannot be degrees."""
    if tracts.crs is None:
        remedy = "set it with set_crs to the system that the coordinates are in, EPSG:4326 for GPS"
        return [sheet.fault(None, GEOMETRY, None, "the polygons have no CRS", remedy)]
    code = tracts.crs.to_string()
    if tracts.crs.is_geocentric:
        problem = f"the polygons are in {code}, which counts from the centre of the earth"
        cure = "set_crs to the system that the coordinates are in, then to_crs('EPSG:4326')"
        return [sheet.fault(None, GEOMETRY, code, problem, cure)]
    if not tracts.crs.is_geographic:
        problem = f"the polygons are in {code}, which is not longitude and latitude"
        return [sheet.fault(None, GEOMETRY, code, problem, "convert with to_crs('EPSG:4326')")]
    bounds = shapely.bounds(tracts.geometry.to_numpy())  # (n, 4): west, south, east, north
    with np.errstate(invalid="ignore"):
        outside = ((bounds[:, :2] < WIDEST[:2]) | (bounds[:, 2:] > WIDEST[2:])).any(axis=1)

    def outside_fault(row: int) -> Fault:
        west, south = bounds[row, :2]
        place = f"{west:.8g} {south:.8g}"
        problem = f"the coordinates {place} are outside {code} (degrees)"
        return sheet.fault(row, GEOMETRY, place, problem, outside_cure(*bounds[row]))

    return sheet.faults_at(np.flatnonzero(outside), outside_fault)


def outside_cure(west: float, south: float, east: float, north: float) -> str:
    """Say what would bring coordinates that are no degrees of longitude and latitude into place."""
    if min(south, west) >= -180 and max(north, east) <= 180 and -90 <= west <= east <= 90:
        return "longitude comes first, latitude second: swap them"
    if 0 <= west <= east <= 360 and -90 <= south <= north <= 90:
        return "subtract 360 from longitudes above 180: they run from -180 to 180"
    if max(map(abs, (west, south, east, north))) <= 360:
        return "correct the coordinates: no swap makes degrees of them"
    return "these look like metres: set_crs to the projection they are in, then to_crs"


def shape_faults(sheet: Sheet, tracts: gpd.GeoDataFrame) -> list[Fault]:
    """Find rows without a polygon, with an empty one, with a line or point, or a broken one."""
    shapes = tracts.geometry.to_numpy()
    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    other = ~missing & ~empty & ~np.isin(tracts.geom_type.to_numpy(dtype=object), POLYGONS)
    broken = ~missing & ~empty & ~other & ~shapely.is_valid(shapes)

    def other_fault(row: int) -> Fault:
        kind = shapes[row].geom_type
        remedy = f"a tract is a Polygon or a MultiPolygon: give it its outline or {DROP}"
        return sheet.fault(row, GEOMETRY, kind, f"the geometry is a {kind}", remedy)

    def broken_fault(row: int) -> Fault:
        reason = shapely.is_valid_reason(shapes[row])
        problem = f"the polygon is broken: {reason.replace('[', ' at [')}"
        return sheet.fault(row, GEOMETRY, reason, problem, mending(shapes[row]))

    def absent_fault(row: int) -> Fault:
        problem, remedy = "the tract has no polygon", f"add it or {DROP}"
        return sheet.fault(row, GEOMETRY, "missing", problem, remedy)

    def empty_fault(row: int) -> Fault:
        problem, remedy = "the polygon is empty", f"add its outline or {DROP}"
        return sheet.fault(row, GEOMETRY, "empty", problem, remedy)

    faults = [
        fault
        for rows, explain in (
            (missing, absent_fault),
            (empty, empty_fault),
            (other, other_fault),
            (broken, broken_fault),
        )
        for fault in sheet.faults_at(np.flatnonzero(rows), explain)
    ]
    return faults + same_shape_faults(sheet, shapes)


def mending(shape: shapely.Geometry) -> str:
    """Say how a broken polygon is mended; of one that encloses nothing no mending makes one."""
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if mended.is_empty or mended.geom_type not in POLYGONS:
        return f"it encloses nothing: give the tract its outline or {DROP}"
    return MEND


def same_shape_faults(sheet: Sheet, shapes: np.ndarray) -> list[Fault]:
    """Find tracts of different ids that have the very same polygon."""
    bounds = pd.DataFrame(shapely.bounds(shapes), columns=["west", "south", "east", "north"])
    bounds["area"] = shapely.area(shapes)
    # few share so much; only they are compared corner by corner
    doubtful = np.flatnonzero(bounds.duplicated(keep=False) & bounds.notna().all(axis=1))
    if not len(doubtful):
        return []
    outlines = shapely.to_wkb(shapely.normalize(shapely.force_2d(shapes[doubtful])))
    table = pd.DataFrame({"row": doubtful, "outline": outlines, "geoid": sheet.geoids[doubtful]})
    # a row that stands twice is told by its id
    table = table.drop_duplicates(["outline", "geoid"])
    table["first"] = table.groupby("outline")["row"].transform("min")
    later = table[table["row"] != table["first"]]
    if later.empty:
        return []
    firsts = dict(zip(later["row"], later["first"], strict=True))
    pairs = [f"{first} and {row}" for row, first in firsts.items()]
    problem = (
        f"{len(later):,} {'tract has' if len(later) == 1 else 'tracts have'} the very polygon of "
        f"another one (rows {rows_in_words(pairs, len(pairs))})"
    )
    remedy = f"give each tract its own outline, or of two that are one {DROP}"
    row = int(later["row"].iloc[0])
    fault = sheet.fault(row, GEOMETRY, None, problem, remedy)
    several = listed(later["row"].to_numpy()) if len(later) > 1 else ()
    return [replace(fault, rows=several, count=len(later))]
