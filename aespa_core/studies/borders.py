"""Borders of tracts: how a file stores them, and the form that everything above relies on."""

import json
from typing import Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from aespa_core.studies.faults import Notice, Sheet
from aespa_core.studies.parquet_limits import holds_bytes, kind_in_words

GEOMETRY: Final = "geometry"
DEGREES: Final = "EPSG:4326"


def check_borders(file: pq.ParquetFile) -> None:
    """Refuse borders that are not stored as bytes: lists of corners take many times their size."""
    name = geometry_column(file)
    if name is None or name not in file.schema_arrow.names:
        return
    kind = file.schema_arrow.field(name).type
    if not (holds_bytes(kind) or pa.types.is_null(kind)):
        raise TypeError(f"stored as {kind_in_words(kind)}, not as WKB")


def geometry_column(file: pq.ParquetFile) -> str | None:
    """Name of the active column of borders; None where the file is not GeoParquet."""
    words = (file.schema_arrow.metadata or {}).get(b"geo")
    if words is None:
        return None
    try:
        name = json.loads(words)["primary_column"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return name if isinstance(name, str) else None


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


def open_holes(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Which rows have a hole in their borders that no tract fills, shape (N,).

    A tract around another one has a hole, too; that one is no gap.
    """
    shapes = frame.geometry.to_numpy()
    found = np.zeros(len(shapes), dtype=bool)
    parts, row = shapely.get_parts(shapes, return_index=True)
    pierced = np.flatnonzero(shapely.get_num_interior_rings(parts) > 0)
    # of broken ones something else is told
    pierced = pierced[shapely.is_valid(parts[pierced])]
    if len(pierced) == 0:
        return found
    rings, part = shapely.get_rings(parts[pierced], return_index=True)
    # the first ring of each part is its outline
    inner = np.diff(part, prepend=-1) == 0
    middles = shapely.point_on_surface(shapely.polygons(rings[inner]))
    filled, _ = shapely.STRtree(shapes).query(middles, predicate="within")
    open_ones = np.setdiff1d(np.arange(len(middles)), filled)
    found[row[pierced][part[inner][open_ones]]] = True
    return found


def form_notices(sheet: Sheet) -> list[Notice]:
    """Tell of what :func:`standard_borders` leaves out, and of holes."""
    frame = sheet.frame
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return []
    said = {
        "have heights, which are left out": has_heights(frame),
        "have a hole that no tract fills: areas and middles follow them as they are": (
            open_holes(frame)
        ),
    }
    return [
        Notice(
            sheet.file,
            frame.active_geometry_name,
            f"{int(rows.sum()):,} of {len(frame):,} borders {what}",
            int(rows.sum()),
        )
        for what, rows in said.items()
        if rows.any()
    ]
