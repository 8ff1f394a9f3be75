"""The polygons of ``tracts``: broken, empty, without CRS, or not where their CRS says."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from aespa_core.studies.faults import Fault, Sheet

WIDEST: Final = (-180.0, -90.0, 180.0, 90.0)
POLYGONS: Final = ("Polygon", "MultiPolygon")


def polygon_faults(sheet: Sheet) -> list[Fault]:
    """Find every fault of the geometry column."""
    if not isinstance(sheet.frame, gpd.GeoDataFrame):
        remedy = "write the tracts with GeoDataFrame.to_parquet, polygons in EPSG:4326"
        return [sheet.fault(None, "geometry", None, "there are no polygons", remedy)]
    return crs_faults(sheet, sheet.frame) + shape_faults(sheet, sheet.frame)


def crs_faults(sheet: Sheet, tracts: gpd.GeoDataFrame) -> list[Fault]:
    """Find a missing or projected CRS, and rows whose coordinates cannot be degrees."""
    if tracts.crs is None:
        remedy = "set it with set_crs to the system that the coordinates are in, EPSG:4326 for GPS"
        return [sheet.fault(None, "geometry", None, "the polygons have no CRS", remedy)]
    code = tracts.crs.to_string()
    if not tracts.crs.is_geographic:
        problem = f"the polygons are in {code}, which is not longitude and latitude"
        return [sheet.fault(None, "geometry", code, problem, "convert with to_crs('EPSG:4326')")]
    bounds = shapely.bounds(tracts.geometry.to_numpy())  # (n, 4): west, south, east, north
    with np.errstate(invalid="ignore"):
        outside = ((bounds[:, :2] < WIDEST[:2]) | (bounds[:, 2:] > WIDEST[2:])).any(axis=1)
    faults = []
    for row in np.flatnonzero(outside):
        west, south = bounds[row, :2]
        place = f"{west:.8g} {south:.8g}"
        if max(np.abs(bounds[row])) <= 180:
            cure = "longitude comes first, latitude second: swap them"
        else:
            cure = "these look like metres: set_crs to the projection they are in, then to_crs"
        problem = f"the coordinates {place} are outside {code} (degrees)"
        faults.append(sheet.fault(int(row), "geometry", place, problem, cure))
    return faults


def shape_faults(sheet: Sheet, tracts: gpd.GeoDataFrame) -> list[Fault]:
    """Find rows without a polygon, with an empty one, with a line or point, or a broken one."""
    shapes = tracts.geometry.to_numpy()
    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    other = ~missing & ~empty & ~np.isin(tracts.geom_type.to_numpy(dtype=object), POLYGONS)
    broken = ~missing & ~empty & ~other & ~shapely.is_valid(shapes)
    faults = [
        sheet.fault(
            int(row), "geometry", "missing", "the tract has no polygon", "add it or drop the row"
        )
        for row in np.flatnonzero(missing)
    ]
    faults += [
        sheet.fault(
            int(row), "geometry", "empty", "the polygon is empty", "add its outline or drop the row"
        )
        for row in np.flatnonzero(empty)
    ]
    faults += [
        sheet.fault(
            int(row),
            "geometry",
            shapes[row].geom_type,
            f"the geometry is a {shapes[row].geom_type}",
            "a tract is a Polygon or a MultiPolygon",
        )
        for row in np.flatnonzero(other)
    ]
    for row in np.flatnonzero(broken):
        reason = shapely.is_valid_reason(shapes[row])
        faults.append(
            sheet.fault(
                int(row),
                "geometry",
                reason,
                f"the polygon is broken: {reason.replace('[', ' at [')}",
                "mend it with shapely.make_valid",
            )
        )
    return faults
