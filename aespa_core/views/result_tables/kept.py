"""Tables of results kept small, to ship: one list a column, each text once."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from aespa_core.analysis.disparity.result_table import Layout, ResultTable
from aespa_core.errors import ArtifactError
from aespa_core.views.exports import Provenance
from aespa_core.views.result_tables.data_files import json_value


@dataclass(frozen=True)
class Kept:
    """Tables, and where they come from."""

    tables: tuple[ResultTable, ...]
    provenance: Provenance

    def table(self, table_id: str) -> ResultTable:
        """Give the table with this id."""
        return next(table for table in self.tables if table.id == table_id)


def kept_text(tables: Sequence[ResultTable], provenance: Provenance) -> str:
    """Write tables at full precision as JSON."""
    content = {
        "provenance": asdict(provenance),
        "tables": [
            {
                "id": table.id,
                "title": table.title,
                "columns": {name: kept_column(table.frame[name]) for name in table.frame},
                "note": table.note,
                "notices": table.notices,
                "layout": asdict(table.layout) if table.layout else None,
                "panels": table.panels,
            }
            for table in tables
        ],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def kept_column(column: pd.Series) -> dict[str, Any]:
    """Write numbers as they are, texts as places in a list of them; missing is null."""
    if pd.api.types.is_numeric_dtype(column):
        return {"numbers": [json_value(value) for value in column.astype(object)]}
    codes, texts = pd.factorize(column)
    return {"texts": list(texts), "at": [None if code < 0 else int(code) for code in codes]}


def read_kept(path: Path) -> Kept:
    """Read what :func:`kept_text` wrote.

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
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ArtifactError(
            f"{path} holds no tables ({error}): `aespa atlas disparity` makes it anew."
        ) from error


def table_from(entry: dict[str, Any]) -> ResultTable:
    """Read one table."""
    layout = entry["layout"]
    if layout is not None:
        layout = Layout(layout["rows"], layout["columns"], tuple(layout["beneath"]))
    frame = pd.DataFrame({name: column_from(kept) for name, kept in entry["columns"].items()})
    return ResultTable(
        entry["id"],
        entry["title"],
        frame,
        tuple(entry["note"]),
        tuple(entry["notices"]),
        layout,
        tuple(entry["panels"]),
    )


def column_from(kept: dict[str, Any]) -> pd.Series:
    """Read one column; whole numbers stay whole, an infinite one was written as text."""
    if "texts" in kept:
        texts = kept["texts"]
        return pd.Series([None if at is None else texts[at] for at in kept["at"]], dtype="str")
    numbers = kept["numbers"]
    whole = all(isinstance(value, int) for value in numbers)
    return pd.Series(
        numbers if whole else [float("nan" if value is None else value) for value in numbers]
    )
