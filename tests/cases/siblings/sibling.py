"""A sibling of a reported case: the clean study with one fault, drawn by a seed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aespa_core.studies.info import write_info
from aespa_core.studies.manifest import write_manifest
from tests.cases.clean import INFO, NAME, Tables, clean_tables

# repaired: every number equals the clean study's; counted: a sentence names the fault and nothing
# is refused; refused: every command refuses in the validator's sentence; honest: any of the three,
# as long as no number changes without a sentence; robust: another study, that ends in no traceback.
Outcome = Literal["repaired", "counted", "refused", "honest", "robust"]
OUTCOMES: Final = ("repaired", "counted", "refused", "honest", "robust")
# Words for the tables and files at fault, of which a sentence must have one.
Names = tuple[str, ...]
Change = Callable[[Tables, np.random.Generator], Names | None]
FileChange = Callable[[Path, np.random.Generator], None]


@dataclass(frozen=True, kw_only=True)
class Sibling:
    """One named fault.

    Attributes
    ----------
    name, kind
        What is wrong, and with what: ids, geometry, units …
    outcome
        What must come of it.
    names
        Columns or files that a sentence must name one of; ``change`` may give others.
    change
        Plants the fault in the tables, in place.
    files
        Plants it in the folder instead, after the manifest is written.
    signed
        Whether the manifest is written again after ``files``.
    folder
        Name of the study's folder.
    mobility
        Whether the clean study has a week of visits.
    """

    name: str
    kind: str
    outcome: Outcome
    names: Names = ()
    change: Change | None = None
    files: FileChange | None = None
    signed: bool = True
    folder: str = NAME
    mobility: bool = field(default=False)


def write_sibling(sibling: Sibling, home: Path, seed: int) -> tuple[Path, Names]:
    """Write the study below ``home``; give its folder and the names that a sentence must have."""
    rng = np.random.default_rng(seed)
    tables = clean_tables(mobility=sibling.mobility)
    named = sibling.change(tables, rng) if sibling.change else None
    folder = home / sibling.folder
    folder.mkdir(parents=True)
    for name, table in tables.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_table(folder / f"{name}.parquet", table)
    write_info(folder, INFO)
    write_manifest(folder)
    if sibling.files:
        sibling.files(folder, rng)
        if sibling.signed:
            write_manifest(folder)
    return folder, named or sibling.names


def write_table(path: Path, table: pd.DataFrame | pa.Table) -> None:
    """Write what a person's script would, faults and all."""
    if isinstance(table, pa.Table):
        pq.write_table(table, path)
        return
    has_shapes = isinstance(table, gpd.GeoDataFrame) and any(
        str(kind) == "geometry" for kind in table.dtypes
    )
    if has_shapes:
        table.to_parquet(path)
    else:
        pd.DataFrame(table).to_parquet(path)


def some_rows(rng: np.random.Generator, count: int, least: int = 1, most: int = 40) -> np.ndarray:
    """Draw row numbers of a table."""
    size = int(rng.integers(least, min(most, count) + 1))
    return np.sort(rng.choice(count, size, replace=False))


def put(tables: Tables, table: str, column: str, rows: np.ndarray, value: object) -> Names:
    """Put one value into some cells; give the column's name."""
    frame = tables[table]
    values = frame[column].tolist()
    for row in rows:
        values[row] = value
    frame[column] = values
    return (column,)
