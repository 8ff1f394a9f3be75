"""Borders of tracts in the form that everything above relies on: named, flat, in degrees."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from aespa_core.studies.faults import Notice, Sheet

GEOMETRY: Final = "geometry"
DEGREES: Final = "EPSG:4326"


def standard_borders(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Name the borders ``geometry``, drop their heights, bring them to longitude and latitude."""
    if frame.active_geometry_name != GEOMETRY:
        frame = frame.drop(columns=GEOMETRY, errors="ignore").rename_geometry(GEOMETRY)
    if has_heights(frame).any():
        frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    if frame.crs is not None and frame.crs.is_geographic and frame.crs != DEGREES:
        frame = frame.to_crs(DEGREES)
    return frame


def has_heights(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Which rows have borders with a height, or a measure, at each corner, shape (N,)."""
    shapes = frame.geometry.to_numpy()
    found: np.ndarray = shapely.has_z(shapes) | shapely.has_m(shapes)
    return found


def form_notices(sheet: Sheet) -> list[Notice]:
    """Tell of what :func:`standard_borders` leaves out."""
    frame = sheet.frame
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return []
    count = int(has_heights(frame).sum())
    if not count:
        return []
    problem = f"{count:,} of {len(frame):,} borders have heights, which are left out"
    return [Notice(sheet.file, frame.active_geometry_name, problem, count)]
