"""Tables of results read back from the JSON that keeps them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from aespa_core.analysis.disparity.result_table import Layout, ResultTable
from aespa_core.errors import ArtifactError
from aespa_core.views.exports import Provenance

NUMBERS = {"estimate", "std_error", "df", "low95", "high95", "p", "q"}


@dataclass(frozen=True)
class Kept:
    """Tables, and where they come from."""

    tables: tuple[ResultTable, ...]
    provenance: Provenance

    def table(self, table_id: str) -> ResultTable:
        """Give the table with this id."""
        return next(table for table in self.tables if table.id == table_id)


def read_kept(path: Path) -> Kept:
    """Read what :func:`aespa_core.views.result_tables.data_files.as_json` wrote.

    Raises
    ------
    ArtifactError
        If the file is missing or holds something else.
    """
    if not path.is_file():
        raise ArtifactError(f"{path} is missing: `aespa atlas disparity` makes it.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        origin: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in content["provenance"].items()
        }
        tables = tuple(table_from(entry) for entry in content["tables"])
        return Kept(tables, Provenance(**origin))
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise ArtifactError(
            f"{path} holds no tables ({error}): `aespa atlas disparity` makes it anew."
        ) from error


def table_from(entry: dict[str, Any]) -> ResultTable:
    """Read one table; a text ``inf`` in a column of numbers is infinite."""
    frame = pd.DataFrame(entry["records"], columns=entry["columns"])
    numbers = [name for name in frame if name in NUMBERS]
    layout = entry["layout"]
    if layout is not None:
        layout = Layout(layout["rows"], layout["columns"], tuple(layout["beneath"]))
    return ResultTable(
        entry["id"],
        entry["title"],
        frame.astype(dict.fromkeys(numbers, float)),
        tuple(entry["note"]),
        tuple(entry["notices"]),
        layout,
        tuple(entry["panels"]),
    )
