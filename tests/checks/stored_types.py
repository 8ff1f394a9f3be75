"""Every column of a study's tables stored as every type that a Parquet file can hold.

Whatever a column comes as, the study is examined without a traceback; and where it is found to be
fit, it is read in its declared types.
"""

import decimal
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aespa_core.studies.declared import DECLARED
from aespa_core.studies.folder import Study, open_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import examine
from tests.explained_town import write_explained_town

Store = Callable[[int], pa.Array]
TRACTS: Final = [f"01001{20100 + i:06d}" for i in range(6)]


def halves(first: object, second: object) -> Store:
    """Two values by turns."""
    return lambda rows: pa.array([(first, second)[i % 2] for i in range(rows)])


STORES: Final[dict[str, Store]] = {
    "numbers as text": lambda n: pa.array(["0.5"] * n),
    "words": lambda n: pa.array(["banana"] * n),
    "numbers as text, and gaps": halves("0.5", None),
    "empty text": lambda n: pa.array([""] * n),
    "text with NUL": lambda n: pa.array(["a\0b"] * n),
    "large text": lambda n: pa.array(["0.5"] * n, pa.large_string()),
    "yes and no": halves(True, False),
    "bytes": lambda n: pa.array([b"\xff\x00"] * n),
    "bytes of one length": lambda n: pa.array([b"abcd"] * n, pa.binary(4)),
    "moments": lambda n: pa.array([0] * n, pa.timestamp("ns", "UTC")),
    "no moments": lambda n: pa.array([None] * n, pa.timestamp("ns")),
    "dates": lambda n: pa.array([0] * n, pa.date32()),
    "times of day": lambda n: pa.array([0] * n, pa.time64("ns")),
    "durations": lambda n: pa.array([1] * n, pa.duration("s")),
    "no durations": lambda n: pa.array([None] * n, pa.duration("ns")),
    "categories of text": lambda n: pa.array(["x"] * n).dictionary_encode(),
    "categories of floats": lambda n: pa.array([1.5] * n).dictionary_encode(),
    "categories of integers": lambda n: pa.array([1] * n).dictionary_encode(),
    "categories of nothing": lambda n: pa.DictionaryArray.from_arrays(
        pa.array([None] * n, pa.int32()), pa.array(["a"])
    ),
    "integers": lambda n: pa.array([0] * n),
    "integers, and gaps": halves(1, None),
    "small integers": lambda n: pa.array([-1] * n, pa.int8()),
    "the largest integers": lambda n: pa.array([2**64 - 1] * n, pa.uint64()),
    "half floats": lambda n: pa.array([np.float16(1)] * n),
    "huge numbers": lambda n: pa.array([1e300] * n),
    "decimals": lambda n: pa.array([decimal.Decimal("1.5")] * n),
    "NaN": lambda n: pa.array([np.nan] * n),
    "infinity": lambda n: pa.array([np.inf] * n),
    "less than any number": lambda n: pa.array([-np.inf] * n),
    "nothing": lambda n: pa.nulls(n),
    "lists": lambda n: pa.array([[1]] * n),
    "records": lambda n: pa.array([{"a": 1}] * n),
    "maps": lambda n: pa.array([[("a", 1)]] * n, pa.map_(pa.string(), pa.int64())),
    "JSON": lambda n: pa.ExtensionArray.from_storage(pa.json_(), pa.array(["{}"] * n)),
    "UUIDs": lambda n: pa.ExtensionArray.from_storage(
        pa.uuid(), pa.array([b"0" * 16] * n, pa.binary(16))
    ),
}


def write_town(folder: Path) -> None:
    """Write a valid study with a row of everything, few rows of each."""
    write_explained_town(folder)
    hours = pd.DataFrame(
        {
            "geoid": np.repeat(TRACTS[:2], 168),
            "hour_of_week": np.tile(np.arange(168), 2),
            "visits": 1.0,
            "outbound": 2.0,
            "stay": 1.0,
        }
    )
    hours.to_parquet(folder / "mobility.parquet", index=False)
    flows = pd.DataFrame({"origin": TRACTS[:5], "destination": TRACTS[1:], "commuters": 1.0})
    flows.to_parquet(folder / "flows.parquet", index=False)
    write_manifest(folder)


def variants(folder: Path) -> list[tuple[str, str, str]]:
    """List every table, column and way to store it, in an order that a sample does justice to."""
    named = [
        (path.relative_to(folder).as_posix(), column, store)
        for path in sorted(folder.rglob("*.parquet"))
        for column in pq.read_schema(path).names
        for store in STORES
    ]
    order = np.random.default_rng(0).permutation(len(named))
    return [named[i] for i in order]


def store_otherwise(path: Path, column: str, store: str) -> None:
    """Write a table again, one column stored in another way."""
    table = pq.read_table(path)
    at = table.schema.names.index(column)
    pq.write_table(table.set_column(at, column, STORES[store](table.num_rows)), path)


def tables_of(study: Study) -> Iterator[pd.DataFrame]:
    """Read each table as pages do, whole and one tract's rows."""
    for name in study.tables:
        yield study.read(name)
        if "geoid" in DECLARED[study.info.kind][name].columns:
            yield study.read_rows(name, TRACTS[0])
    for run in study.runs:
        for name in study.run_tables(run):
            yield study.read_run(run, name)
            yield study.read_tract(run, name, TRACTS[0])


def wrong_with(folder: Path, file: str, column: str, store: str) -> str:
    """Store a column otherwise and say what goes wrong; the study is left as it was."""
    path = folder / file
    before = path.read_bytes()
    try:
        store_otherwise(path, column, store)
        write_manifest(folder)
        found = examine(folder)
        if found.faults:
            return "" if all(map(str, found.faults)) else "a fault without words"
        for _ in tables_of(open_study(folder)):
            pass
    except Exception:
        return f"{file}, {column} as {store}: {traceback.format_exc().strip()[-300:]}"
    finally:
        path.write_bytes(before)
        write_manifest(folder)
    return ""


def wrong_in(numbers: Iterable[int]) -> dict[int, str]:
    """Run cases by number; say what went wrong in which."""
    with TemporaryDirectory(prefix="aespa_types_") as base:
        folder = Path(base) / "town"
        write_town(folder)
        listed = variants(folder)
        found = {n: wrong_with(folder, *listed[n % len(listed)]) for n in numbers}
    return {number: wrong for number, wrong in found.items() if wrong}
