"""Tables of few bytes that would take very much memory: ``python -m tests.checks.giant_tables``.

They are written by a process of its own (FOLDER KIND SEED): what writing takes is not the memory
that is watched.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aespa_core.studies.parquet_limits import MOST_CELLS
from tests.checks.check import child
from tests.lying_parquet import say_less
from tests.tiny_study import tiny_tables

Rng = np.random.Generator
TABLES: Final = ("tracts", "temperature", "proxies", "mobility")
MANY_ROWS: Final = 150_000_000


def giant(folder: Path, rng: Rng) -> None:
    """Write few bytes that read as very many rows."""
    table = str(rng.choice(TABLES))
    chunk = 1_000_000
    columns = {"geoid": pa.DictionaryArray.from_arrays(pa.array(np.zeros(chunk, np.int32)),
                                                      pa.array(["01001020100"])),
               "lst_day_c": pa.array(np.zeros(chunk)), "metro": pa.DictionaryArray.from_arrays(
                   pa.array(np.zeros(chunk, np.int32)), pa.array(["gridville"]))}  # fmt: skip
    rows = pa.table(columns)
    with pq.ParquetWriter(folder / f"{table}.parquet", rows.schema, compression="zstd") as writer:
        for _ in range(MANY_ROWS // chunk):
            writer.write_table(rows, row_group_size=chunk)


def giant_types(folder: Path, rng: Rng) -> None:
    """Write few bytes that become very many objects: decimals, dates, JSON, fixed bytes."""
    rows, size = 3_000, 1_000_000
    long = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100, np.int32)), pa.array(["a" * size]))
    many = np.zeros(500_000, np.int32)
    kinds: tuple[Callable[[], pa.Array], ...] = (
        lambda: pa.array(many).cast(pa.decimal128(21, 2)),
        lambda: pa.array(many, pa.date32()),
        lambda: pa.ExtensionArray.from_storage(pa.json_(), long.cast(pa.string())),
        lambda: long.cast(pa.binary()).cast(pa.binary(size)),
    )
    column = kinds[int(rng.integers(len(kinds)))]()
    name = str(rng.choice(["source", "lst_day_c", "geoid"]))
    table = pa.table({name: column})
    with pq.ParquetWriter(
        folder / "temperature.parquet", table.schema, compression="zstd"
    ) as writer:
        for _ in range(rows // 100):
            writer.write_table(table)


def as_large_as_may_be(folder: Path, rng: Rng) -> None:
    """Write a table just below the limits, each row with an id of its own."""
    rows = MOST_CELLS // 3
    first = int(rng.integers(10_000_000_000, 50_000_000_000))
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["x"]))
    columns = {"geoid": pa.array(np.arange(first, first + rows)).cast(pa.string()),
               "lst_day_c": np.full(rows, 30.0), "source": text.cast(pa.string())}  # fmt: skip
    pq.write_table(pa.table(columns), folder / "temperature.parquet", compression="zstd")


def giant_cell(folder: Path, rng: Rng) -> None:
    """Write one cell of very many letters, compressed to few bytes."""
    frame = tiny_tables()[0]["temperature"].copy()
    frame.loc[0, "source"] = "x" * int(rng.choice([1_000_000, 300_000_000]))
    frame.to_parquet(folder / "temperature.parquet", compression="zstd")


def many_columns(folder: Path, rng: Rng) -> None:
    """Write a table of very many columns."""
    frame = tiny_tables()[0]["proxies"]
    wide = pd.DataFrame(np.zeros((len(frame), 20_000)), columns=[f"c{i}" for i in range(20_000)])
    pd.concat([frame, wide], axis=1).to_parquet(folder / "proxies.parquet")


def lying_text(folder: Path, rng: Rng) -> None:
    """Write long texts very often, plainly or by one entry, in a file that says it is small."""
    rows, size = int(rng.choice([1_000, 100_000])), int(rng.choice([100_000, 2_000_000]))
    path = folder / "temperature.parquet"
    if rng.uniform() < 0.5:
        # 200 times, so that it stays within what one page can hold
        text = pa.array(["a" * size] * 200, pa.large_string())
        table = pa.table({"source": text, "lst_day_c": np.zeros(200)})
        pq.write_table(table, path, compression="zstd", use_dictionary=False,
                       write_statistics=False, row_group_size=50)  # fmt: skip
        say_less(path)
        return
    text = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(rows, np.int32)), pa.array(["a" * size])
    )
    pq.write_table(pa.table({"source": text, "lst_day_c": np.zeros(rows)}), path)
    say_less(path, rows=True)


def long_description(folder: Path, rng: Rng) -> None:
    """Write a file of very many groups of rows, which its last part describes one by one."""
    table = pa.table({"lst_day_c": np.zeros(30_000)})
    groups = int(rng.choice([1, 3]))
    pq.write_table(table, folder / "temperature.parquet", row_group_size=groups)


GIANTS: Final[dict[str, Callable[[Path, Rng], None]]] = {
    "giant": giant,
    "giant cell": giant_cell,
    "giant types": giant_types,
    "large": as_large_as_may_be,
    "columns": many_columns,
    "lying text": lying_text,
    "long description": long_description,
}


def written_elsewhere(kind: str) -> Callable[[Path, Rng], None]:
    """Give what writes one of them by another process."""

    def write(folder: Path, rng: Rng) -> None:
        words = (str(folder), kind, str(rng.integers(2**31)))
        done = child([sys.executable, "-W", "ignore", "-m", "tests.checks.giant_tables", *words])
        if not done.startswith("the process ended with 0"):
            raise RuntimeError(f"{kind}: {done}")

    return write


if __name__ == "__main__":
    GIANTS[sys.argv[2]](Path(sys.argv[1]), np.random.default_rng(int(sys.argv[3])))
