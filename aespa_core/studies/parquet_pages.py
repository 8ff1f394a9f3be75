"""The pages of a Parquet file by their own headers: what unpacking them takes.

The part that describes a file says how much a column takes, too, but nobody holds it to that: pages
are unpacked by what their headers say. Those are read here, and no page is unpacked.

https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (PageHeader), in
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import pyarrow.parquet as pq

# Bytes looked at for a header; the second for one that quotes long texts as least and largest.
WINDOWS: Final = (512, 100_000)
MOST_INT32: Final = 2**31 - 1
# Thrift's types: https://github.com/apache/thrift, "Struct encoding".
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 12
# Fields of PageHeader.
TYPE, UNPACKED, PACKED = (1,), (2,), (3,)
# Type of a page → field of its number of values; readers step over pages of other types.
VALUES: Final = {0: (5, 1), 2: (7, 1), 3: (8, 1)}
DICTIONARY: Final = 2
# A header holds the header of its kind of page, which holds statistics.
DEEPEST: Final = 4


@dataclass(frozen=True)
class Page:
    """One page: its type, bytes as stored and when unpacked, how many values it says it has."""

    kind: int
    packed: int
    unpacked: int
    values: int


def pages_of(file: BinaryIO, chunk: pq.ColumnChunkMetaData) -> Iterator[Page]:
    """Read the headers of a column's pages within a group of rows.

    Raises
    ------
    ValueError
        If a header is none, or the pages hold fewer values than are to be read.
    """
    offsets = (chunk.dictionary_page_offset, chunk.data_page_offset)
    starts = [start for start in offsets if start is not None and start > 0]
    if not starts and not chunk.num_values:
        # of a table without rows
        return
    place = min(starts, default=0)
    end, missing = place + chunk.total_compressed_size, chunk.num_values
    while place < end:
        page, length = header_at(file, place)
        yield page
        place += length + page.packed
        missing -= 0 if page.kind == DICTIONARY else page.values
    if missing > 0:
        raise ValueError("a column that ends before its last value")


def header_at(file: BinaryIO, place: int) -> tuple[Page, int]:
    """Read the header at a place, and its length."""
    for window in WINDOWS:
        file.seek(place)
        reader = CompactReader(file.read(window))
        try:
            fields = reader.struct()
        except IndexError:
            continue
        kind = fields.get(TYPE, -1)
        numbers = [fields.get(field, -1) for field in (PACKED, UNPACKED)]
        numbers.append(fields.get(VALUES[kind], -1) if kind in VALUES else 0)
        if not all(0 <= number <= MOST_INT32 for number in numbers):
            raise ValueError("a page of a size that none has")
        return Page(kind, *numbers), reader.place
    raise ValueError("a page whose header does not end")


class CompactReader:
    """Reads the integers of a struct in Thrift's compact form and steps over all else."""

    def __init__(self, content: bytes) -> None:
        """Begin at the beginning."""
        self.content = content
        self.place = 0

    def byte(self) -> int:
        """Give the next byte."""
        self.place += 1
        return self.content[self.place - 1]

    def varint(self) -> int:
        """Read an integer without sign, seven bits a byte."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise ValueError("a page header with an endless number")

    def integer(self) -> int:
        """Read an integer with its sign, which is the last bit."""
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def struct(self, depth: int = 0) -> dict[tuple[int, ...], int]:
        """Read a struct: numbers of the fields that lead to an integer → that integer."""
        if depth > DEEPEST:
            raise ValueError("a page header nested as no page's is")
        found: dict[tuple[int, ...], int] = {}
        field = 0
        while (head := self.byte()) & 15:
            step, kind = head >> 4, head & 15
            if not step:
                # the long form, for jumps that no page header makes
                raise ValueError("a page header with fields of no page's")
            field += step
            if kind in (I16, I32, I64):
                found[(field,)] = self.integer()
            elif kind == STRUCT:
                inner = self.struct(depth + 1)
                found |= {(field, *path): value for path, value in inner.items()}
            elif kind == BINARY:
                length = self.varint()
                self.place += length
            elif kind in (BYTE, DOUBLE):
                self.place += 1 if kind == BYTE else 8
            elif kind not in (TRUE, FALSE):
                raise ValueError("a page header with fields of no page's")
        return found
