"""Plant one fault in a study and validate it."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.faults import Fault
from aespa_core.studies.folder import read_table
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study

Change = Callable[[pd.DataFrame], pd.DataFrame]


def plant(folder: Path, table: str, change: Change) -> list[Fault]:
    """Change one table, sign the study again, and validate it."""
    path = folder / f"{table}.parquet"
    write_parquet(path, change(read_table(path, geographic=table == "tracts")))
    write_manifest(folder)
    return validate_study(folder)


def put(column: str, row: int, value: object) -> Change:
    """Make a change that puts one value in one cell."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        frame.loc[row, column] = value
        return frame

    return change
