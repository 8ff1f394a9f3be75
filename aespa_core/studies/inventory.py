"""What a study holds and lacks: rows of each table, missing values of each column."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from aespa_core.studies.folder import Study


@dataclass(frozen=True)
class TableCount:
    """One table counted.

    Attributes
    ----------
    table
        Table id.
    rows
        Number of rows.
    missing
        Column → rows without a value, for columns that lack any.
    """

    table: str
    rows: int
    missing: Mapping[str, int]


def count_table(name: str, table: pd.DataFrame) -> TableCount:
    """Count the rows of a table and what its columns lack."""
    lacking = table.isna().sum()
    missing = {str(column): int(n) for column, n in lacking.items() if n}
    return TableCount(name, len(table), missing)


def inventory(study: Study) -> list[TableCount]:
    """Count every table of a study."""
    return [count_table(name, study.read(name)) for name in study.tables]
