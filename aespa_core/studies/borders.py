"""Borders of tracts: how a file stores them, and the form that everything above relies on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from aespa_core.studies.crs_words import checked_crs
from aespa_core.studies.faults import Notice, Sheet
from aespa_core.studies.parquet_types import holds_bytes, kind_in_words
from aespa_core.studies.wkb_parts import check_nesting

GEOMETRY: Final = "geometry"
DEGREES: Final = "EPSG:4326"


@dataclass(frozen=True)
class StoredBorders:
    """Where a file has its borders: the column, and its system of coordinates (None: not said)."""

    column: str
    crs: str | dict[str, Any] | None


def stored_borders(path: Path, file: pq.ParquetFile) -> StoredBorders:
    """Find the borders of a file.

    Lists of corners take many times their size, and are not read.

    Raises
    ------
    StudyError
        If their system of coordinates is given in words that may name a file.
    ValueError, TypeError
        If there are none, or they are not stored as WKB.
    """
    name = geometry_column(file)
    if name is None or name not in file.schema_arrow.names:
        raise ValueError("its 'geo' metadata name no column of borders")
    kind = file.schema_arrow.field(name).type
    if not (holds_bytes(kind) or pa.types.is_null(kind)):
        raise TypeError(f"stored as {kind_in_words(kind)}, not as WKB")
    words = (geo_words(file).get("columns") or {}).get(name)
    if not isinstance(words, dict) or words.get("encoding") != "WKB":
        raise TypeError(f"its 'geo' metadata do not say that '{name}' is stored as WKB")
    # https://geoparquet.org: without a word longitude and latitude are meant
    return StoredBorders(name, checked_crs(path, words.get("crs", "OGC:CRS84")))


def with_borders(path: Path, table: pa.Table, stored: StoredBorders) -> gpd.GeoDataFrame:
    """Parse the borders of a table that was read, and of nothing else in it.

    Raises
    ------
    StudyError
        If they are nested, or of parts, as no tract is.
    """
    wkb = table.column(stored.column).to_numpy()
    check_nesting(path, wkb)
    shapes = gpd.GeoSeries.from_wkb(wkb, crs=stored.crs).to_numpy()
    frame = table.to_pandas()
    frame[stored.column] = gpd.GeoSeries(shapes, frame.index, crs=stored.crs)
    return gpd.GeoDataFrame(frame, geometry=stored.column)


def geo_words(file: pq.ParquetFile) -> dict[str, Any]:
    """Give what a file says of its borders; nothing where it is not GeoParquet."""
    # GDAL writes it beside the types of Arrow and not among them
    words = (file.schema_arrow.metadata or {}).get(b"geo") or (file.metadata.metadata or {}).get(
        b"geo", b"{}"
    )
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def geometry_column(file: pq.ParquetFile) -> str | None:
    """Name of the active column of borders; None where the file is not GeoParquet."""
    name = geo_words(file).get("primary_column")
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
