"""One Parquet file of a study as a table of its declared columns, in the form that pages expect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow.parquet as pq

from aespa_core.errors import StudyError
from aespa_core.studies.borders import (
    GEOMETRY,
    geometry_column,
    standard_borders,
    stored_borders,
    with_borders,
)
from aespa_core.studies.faults import Sheet
from aespa_core.studies.parquet_limits import check_cells, open_parquet, read_written_once
from aespa_core.studies.parquet_types import holds_text, is_plain, kind_in_words

GEOGRAPHIC_TABLES: Final = ("tracts",)


class UnreadError(StudyError):
    """A file that its reader gave up; ``reason`` says what the reader said."""

    reason: str = ""


def reason_of(error: Exception) -> str:
    """First line of what an error says, or what it is."""
    return str(error).partition("\n")[0][:200] or type(error).__name__


@dataclass(frozen=True)
class Stored:
    """What a Parquet file holds of a table.

    Attributes
    ----------
    read
        Columns that are read: the declared ones, and the borders.
    unread
        Further columns.
    unfit
        Declared columns of a type that no table is made of, not read → that type.
    """

    read: tuple[str, ...]
    unread: tuple[str, ...]
    unfit: Mapping[str, str]


def read_table(
    path: Path,
    schema: pandera.DataFrameSchema | None = None,
    *,
    geographic: bool = False,
    geoid: str | None = None,
) -> pd.DataFrame:
    """Read a Parquet file, or one tract's rows of it, or say in a sentence why that cannot be.

    Parameters
    ----------
    path
        The file.
    schema
        Declared columns: no other is read, and each comes in its declared type where it can. None:
        every column, as it is stored.
    geographic
        Whether it has borders, which come as the column ``geometry``, in EPSG:4326, without
        heights.
    geoid
        The tract; all if None.

    Raises
    ------
    StudyError
        If the file is missing, is not Parquet (GeoParquet where borders are expected), or is larger
        than a table may be.
    """
    frame, _ = read_stored(path, schema, geographic=geographic, geoid=geoid)
    return in_standard_form(frame, schema)


def read_sheet(
    folder: Path, file: str, schema: pandera.DataFrameSchema, *, geographic: bool
) -> Sheet:
    """Read one table for examination: as it is stored, rows numbered from 0."""
    no_borders = ""
    try:
        frame, stored = read_stored(folder / file, schema, geographic=geographic)
    except UnreadError as error:
        # plain Parquet where GeoParquet should be: the rest of its columns can still be checked
        if not geographic:
            raise
        no_borders = error.reason
        frame, stored = read_stored(folder / file, schema)
    try:
        # what a page would do with it, so that it fails here and not there
        in_standard_form(frame, schema)
    except Exception as error:
        # of a projection, a geometry or a type: readers of others' files raise what they like
        problem = f"has borders or columns that nobody can read ({reason_of(error)})"
        raise StudyError.of(
            folder / file, problem, "write it again, borders in EPSG:4326"
        ) from error
    return Sheet(file, frame.reset_index(drop=True), stored.unread, stored.unfit, no_borders)


def read_stored(
    path: Path,
    schema: pandera.DataFrameSchema | None,
    *,
    geographic: bool = False,
    geoid: str | None = None,
) -> tuple[pd.DataFrame, Stored]:
    """Read a file as it is stored, and tell what was left in it."""
    if not path.is_file():
        raise StudyError.of(path, "is missing", "write the study again, or run its build command")
    try:
        with open_parquet(path) as file:
            stored = stored_columns(file, schema)
            borders = stored_borders(path, file) if geographic else None
            doubtful = check_cells(path, file, stored.read)
            sought = geoid is not None and holds_text(file.schema_arrow.field("geoid").type)
        columns = list(stored.read)
        filters = [("geoid", "==", geoid)] if geoid is not None and sought else None
        table = read_written_once(path, columns, doubtful, filters)
        frame = table.to_pandas() if borders is None else with_borders(path, table, borders)
    except StudyError:
        raise
    except Exception as error:
        # garbled bytes, types, corners, systems of coordinates: readers raise what they like
        kind, reason = "GeoParquet" if geographic else "Parquet", reason_of(error)
        given_up = UnreadError.of(path, f"is not readable {kind} ({reason})", "write it again")
        given_up.reason = reason
        raise given_up from error
    for name in stored.unfit:
        frame[name] = None
    frame = with_index_columns(frame, columns)
    if geoid is not None and not sought:
        # ids in another form, as categories: sorted out only now
        frame = frame[frame["geoid"].astype("str") == geoid].reset_index(drop=True)
    return frame, stored


def stored_columns(file: pq.ParquetFile, schema: pandera.DataFrameSchema | None) -> Stored:
    """Sort a file's columns into those that are read and others."""
    kinds = {field.name: field.type for field in file.schema_arrow}
    if schema is None:
        return Stored(tuple(kinds), (), {})
    borders = geometry_column(file)
    wanted = set(schema.columns) | {borders, GEOMETRY}
    unfit = {
        name: kind_in_words(kind)
        for name, kind in kinds.items()
        if name in wanted and not is_plain(kind)
    }
    read = tuple(name for name in kinds if name in wanted and name not in unfit)
    unread = tuple(
        name for name in kinds if name not in wanted and not name.startswith("__index_level_")
    )
    return Stored(read, unread, unfit)


def with_index_columns(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Make columns of what was written as an index: an id is one as often as not."""
    named = [name for name in frame.index.names if name in columns and name not in frame]
    return frame.reset_index(level=named) if named else frame


def in_standard_form(
    frame: pd.DataFrame, schema: pandera.DataFrameSchema | None = None
) -> pd.DataFrame:
    """Give a table the form that everything above relies on; no value changes.

    Numbers become floats of 64 bits and ids plain text where they are stored as something like it;
    borders are called ``geometry``, lie in degrees and have no heights.
    """
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is not None:
        frame = standard_borders(frame)
    for name, column in () if schema is None else schema.columns.items():
        if name in frame:
            wanted = str(column.dtype)
            frame = with_type(frame, name, wanted)
    return frame


def with_type(frame: pd.DataFrame, name: str, wanted: str) -> pd.DataFrame:
    """Bring one column to its declared type where that changes no value."""
    values = frame[name]
    if wanted.startswith("float") and str(values.dtype) != wanted:
        if values.isna().all():
            return frame.assign(**{name: pd.Series(np.nan, index=frame.index, dtype=wanted)})
        if pd.api.types.is_numeric_dtype(values):
            return frame.assign(**{name: values.astype(wanted)})
    elif wanted.startswith("int") and pd.api.types.is_extension_array_dtype(values):
        if pd.api.types.is_integer_dtype(values) and not values.isna().any():
            return frame.assign(**{name: values.astype("int64")})
    elif wanted == "bool" and pd.api.types.is_extension_array_dtype(values):
        if pd.api.types.is_bool_dtype(values) and not values.isna().any():
            return frame.assign(**{name: values.astype(bool)})
    elif wanted.startswith("str") and isinstance(values.dtype, pd.CategoricalDtype):
        return frame.assign(**{name: values.astype("str")})
    elif wanted.startswith("str") and any(isinstance(value, bytes) for value in objects_in(values)):
        return frame.assign(**{name: values.map(bytes_as_text).astype("str")})
    return frame


def objects_in(values: pd.Series) -> Iterable[object]:
    """Give the values of a column that may hold anything; none of one of text or numbers."""
    return values.to_numpy() if values.dtype == object else ()


def bytes_as_text(value: object) -> object:
    """Read bytes as the text that they spell; leave all else."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
