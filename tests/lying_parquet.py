"""Parquet files whose last part, which describes them, says less than their pages hold."""

from pathlib import Path

import pyarrow.parquet as pq

MARK = b"PAR1"


def say_less(path: Path, sizes: bool = True, rows: bool = False) -> None:
    """Let a file say that its columns are 5,000 bytes when unpacked, or that it has one row."""
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    start = len(content) - 8 - length
    footer = content[start:-8]
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    told = [group.total_byte_size for group in groups]
    told += [g.column(i).total_uncompressed_size for g in groups for i in range(g.num_columns)]
    # a number so large stands for nothing else
    for size in {size for size in told if size > 1_000_000} if sizes else ():
        footer = footer.replace(as_stored(size), as_stored(5_000, len(as_stored(size))))
    if rows:
        # of the whole; how many rows each group has stands behind it
        truth = as_stored(metadata.num_rows)
        footer = footer.replace(truth, as_stored(1, len(truth)), 1)
    path.write_bytes(content[:start] + footer + content[-8:])


def as_stored(number: int, length: int = 0) -> bytes:
    """Write an integer as Thrift's compact form has it, in so many bytes at least."""
    left, found = number << 1, []
    while left or not found or len(found) < length:
        found.append(left & 127)
        left >>= 7
    return bytes([byte | 128 for byte in found[:-1]] + found[-1:])
