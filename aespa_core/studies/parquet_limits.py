"""What a Parquet file would take in memory, told by its metadata before anything is read.

A file of three megabytes can hold 150 million rows, or one text of megabytes a million times: both
compress to nearly nothing. No table of a study comes near these limits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from aespa_core.errors import StudyError

# 8 bytes a number, several times that for an id which has to be looked at as text.
MOST_CELLS: Final = 12_000_000
MOST_COLUMNS: Final = 2_000
# As the file says of its own pages, decompressed.
MOST_BYTES: Final = 400_000_000
# Of the text and the borders of one table, each row's written out.
MOST_TEXT_BYTES: Final = 200_000_000
# Of the part that describes the file: names of columns, statistics.
MOST_FOOTER_BYTES: Final = 50_000_000
MOST_FOOTER_ENTRIES: Final = 1_000_000
LONGEST_KIND: Final = 80
SPLIT: Final = "write one study for each metro"


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a Parquet file without reading a row.

    Raises
    ------
    StudyError
        If the file would take more memory than any table needs, or has a column twice.
    """
    file = pq.ParquetFile(
        path,
        thrift_string_size_limit=MOST_FOOTER_BYTES,
        thrift_container_size_limit=MOST_FOOTER_ENTRIES,
    )
    check_size(path, file.metadata)
    names = file.schema_arrow.names
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise StudyError.of(path, f"has two columns '{twice}'", "keep one of them")
    return file


def check_size(path: Path, metadata: pq.FileMetaData) -> None:
    """Refuse a table by its numbers of rows and columns, and of bytes when decompressed."""
    if metadata.num_columns > MOST_COLUMNS:
        raise StudyError.of(
            path,
            f"has {metadata.num_columns:,} columns, more than the {MOST_COLUMNS:,} that a table "
            "may have",
            "keep the declared ones",
        )
    size = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if size > MOST_BYTES:
        raise StudyError.of(
            path,
            f"holds {size / 1e6:,.0f} MB when unpacked, more than the {MOST_BYTES / 1e6:,.0f} MB "
            "that a table may have",
            SPLIT,
        )


def check_cells(path: Path, file: pq.ParquetFile, columns: Sequence[str]) -> list[str]:
    """Refuse to read so many rows of so many columns as no table has.

    Returns
    -------
    list
        Columns of text and borders that may be far longer than they are stored: a value may be
        stored once and meant a million times. They are read by :func:`read_written_once`.

    Raises
    ------
    StudyError
        With what there is, and what may be.
    """
    rows = file.metadata.num_rows
    if rows * max(len(columns), 1) > MOST_CELLS:
        raise StudyError.of(
            path,
            f"has {rows:,} rows of {len(columns)} columns, more than the {MOST_CELLS:,} cells "
            "that a table may have",
            SPLIT,
        )
    stored = {name: stored_bytes(file, name) for name in text_columns(file, columns)}
    check_text(path, sum(stored.values()))
    return [name for name, size in stored.items() if size * rows > MOST_TEXT_BYTES]


def check_text(path: Path, size: int) -> None:
    """Refuse more bytes of text and borders than any table has."""
    if size > MOST_TEXT_BYTES:
        raise StudyError.of(
            path,
            f"holds {size / 1e6:,.0f} MB of text and borders when written out, more than the "
            f"{MOST_TEXT_BYTES / 1e6:,.0f} MB that a table may have",
            f"{SPLIT}, or simplify the borders",
        )


def read_written_once(
    path: Path,
    columns: Sequence[str],
    doubtful: Sequence[str],
    filters: list[tuple[str, str, str]] | None = None,
) -> pa.Table:
    """Read columns, those in doubt with each value once, and write them out where they fit.

    Raises
    ------
    StudyError
        If they would take more memory than any table needs.
    """
    # a table of a study is read sooner than threads are started for it
    table = pq.read_table(
        path,
        columns=list(columns),
        filters=filters,
        read_dictionary=list(doubtful),
        use_threads=False,
        use_pandas_metadata=True,
    )
    once = [name for name in doubtful if pa.types.is_dictionary(table.schema.field(name).type)]
    check_text(path, sum(written_out_bytes(table.column(name)) for name in once))
    for name in once:
        at = table.schema.get_field_index(name)
        kind = table.schema.field(name).type.value_type
        table = table.set_column(at, name, table.column(name).cast(kind))
    return table


def written_out_bytes(column: pa.ChunkedArray) -> int:
    """Bytes that a column takes when the value of every row is written out."""
    return sum(
        pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
        for chunk in column.chunks
    )


def text_columns(file: pq.ParquetFile, columns: Sequence[str]) -> list[str]:
    """Names of the columns that hold text or borders, stored as such or by a dictionary."""
    found = []
    for name in columns:
        kind = file.schema_arrow.field(name).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if holds_text(kind) or holds_bytes(kind):
            found.append(name)
    return found


def stored_bytes(file: pq.ParquetFile, name: str) -> int:
    """Bytes that a column takes as it is stored, decompressed."""
    groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
    return sum(
        group.column(i).total_uncompressed_size
        for group in groups
        for i in range(group.num_columns)
        if group.column(i).path_in_schema == name
    )


def is_plain(kind: pa.DataType) -> bool:
    """Whether a column holds what tables are made of: numbers, yes and no, text, bytes, nothing.

    All else is told by its type and not read. Lists, decimals, dates and records become objects of
    Python, each of many times its size; limits by cells and bytes would not hold for them. Floats
    of 16 bits hold three digits, too few for an id, a count or a temperature.
    """
    if pa.types.is_dictionary(kind):
        return is_plain(kind.value_type)
    return bool(
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or (pa.types.is_floating(kind) and not pa.types.is_float16(kind))
        or pa.types.is_null(kind)
        or holds_text(kind)
        or holds_bytes(kind)
    )


def kind_in_words(kind: pa.DataType) -> str:
    """Name the type of a column; of a record of records the beginning."""
    return str(kind)[:LONGEST_KIND]


def holds_text(kind: pa.DataType) -> bool:
    """Whether a column holds text."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def holds_bytes(kind: pa.DataType) -> bool:
    """Whether a column holds bytes: borders are stored so."""
    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind)
    )
