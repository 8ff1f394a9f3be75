"""What a Parquet file would take in memory, told before anything is unpacked.

A file of three megabytes can hold 150 million rows, or one text of megabytes a million times: both
compress to nearly nothing. No table of a study comes near these limits. What the part says that
describes the file is enough to refuse it, never to trust it: that its pages are no larger is told
by their own headers.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from aespa_core.errors import StudyError
from aespa_core.studies.parquet_pages import pages_of
from aespa_core.studies.parquet_types import holds_bytes, holds_text

# 8 bytes a number, several times that for an id which has to be looked at as text.
MOST_CELLS: Final = 9_000_000
MOST_COLUMNS: Final = 2_000
# Of all pages, decompressed.
MOST_BYTES: Final = 400_000_000
# Of the columns that are read; writers begin a page after a megabyte, or a group of rows.
MOST_PAGES: Final = 20_000
# Of the text and the borders of one table, each row's written out.
MOST_TEXT_BYTES: Final = 200_000_000
# Of the part that describes the file: names of columns, statistics. It takes 230 times as much in
# memory at worst; one of 2,000 columns has 1 MB.
MOST_FOOTER_BYTES: Final = 4_000_000
SPLIT: Final = "write one study for each metro"


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a Parquet file without reading a row.

    Raises
    ------
    StudyError
        If the file would take more memory than any table needs, or has a column twice.
    """
    check_footer(path)
    file = pq.ParquetFile(path)
    check_size(path, file.metadata)
    names = file.schema_arrow.names
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise StudyError.of(path, f"has two columns '{twice}'", "keep one of them")
    return file


def check_footer(path: Path) -> None:
    """Refuse a file by the size of the part that describes it, which its end tells."""
    with path.open("rb") as content:
        content.seek(-min(8, path.stat().st_size), os.SEEK_END)
        size = int.from_bytes(content.read(4), "little")
    if MOST_FOOTER_BYTES < size < path.stat().st_size:
        raise StudyError.of(
            path,
            f"describes its columns in {size / 1e6:,.0f} MB, more than the "
            f"{MOST_FOOTER_BYTES / 1e6:g} MB that a table may take for it",
            "keep the declared columns, and write it in fewer groups of rows",
        )


def check_size(path: Path, metadata: pq.FileMetaData) -> None:
    """Refuse a table by its numbers of rows and columns, and of bytes when decompressed."""
    if metadata.num_columns > MOST_COLUMNS:
        raise StudyError.of(
            path,
            f"has {metadata.num_columns:,} columns, more than the {MOST_COLUMNS:,} that a table "
            "may have",
            "keep the declared ones",
        )
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    check_unpacked(path, sum(group.total_byte_size for group in groups))


def check_unpacked(path: Path, size: int) -> None:
    """Refuse more bytes of pages than any table has."""
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
    chunks = chunks_of(file, columns)
    rows = most_rows(file.metadata, chunks)
    if rows * max(len(columns), 1) > MOST_CELLS:
        raise StudyError.of(
            path,
            f"has {rows:,} rows of {len(columns)} columns, more than the {MOST_CELLS:,} cells "
            "that a table may have",
            SPLIT,
        )
    unpacked = unpacked_bytes(path, chunks)
    check_unpacked(path, sum(unpacked.values()))
    stored = {name: unpacked[name] for name in text_columns(file, columns)}
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
        # what pandas wrote would let it read further columns, as an index
        use_pandas_metadata=False,
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


def chunks_of(
    file: pq.ParquetFile, columns: Sequence[str]
) -> dict[str, list[pq.ColumnChunkMetaData]]:
    """Find where columns are stored, one chunk for each group of rows, by their place alone.

    The names that chunks have of their own are nothing that readers go by.
    """
    places = {file.schema.column(i).path: i for i in range(file.metadata.num_columns)}
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    return {name: [group.column(places[name]) for group in groups] for name in columns}


def most_rows(
    metadata: pq.FileMetaData, chunks: Mapping[str, Sequence[pq.ColumnChunkMetaData]]
) -> int:
    """Rows that a file has, by the largest of its counts: each is one that some reader believes."""
    counts = [sum(chunk.num_values for chunk in stored) for stored in chunks.values()]
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    return max(metadata.num_rows, sum(group.num_rows for group in groups), *counts)


def unpacked_bytes(
    path: Path, chunks: Mapping[str, Sequence[pq.ColumnChunkMetaData]]
) -> dict[str, int]:
    """Bytes that each column takes when its pages are unpacked, or as stored where that is more.

    Raises
    ------
    StudyError
        If there are pages without number, or one of them has more values than a table.
    """
    found, seen = dict.fromkeys(chunks, 0), 0
    with path.open("rb") as content:
        for name, stored in chunks.items():
            for chunk in stored:
                unpacked = 0
                for page in pages_of(content, chunk):
                    seen += 1
                    unpacked += max(page.unpacked, page.packed)
                    if seen > MOST_PAGES or page.values > MOST_CELLS:
                        problem = f"has a page of {page.values:,} values as its page {seen:,}"
                        raise StudyError.of(path, f"{problem}, more than any table", SPLIT)
                found[name] += max(unpacked, chunk.total_compressed_size)
    return found
