"""Tables as data: CSV and JSON at full precision."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.exports import Origin, as_csv
from aespa_core.views.result_tables.archive import NamedFile


def table_csv(table: ResultTable, provenance: Origin) -> bytes:
    """Write one table as CSV below its title, note and origin; read it with ``comment="#"``."""
    notes = [f"note: {line}" for line in table.note]
    # what the provenance says of the studies, T1 says too
    notices = [f"notice: {line}" for line in table.notices]
    others = [line for line in notices if line not in provenance.lines()]
    return as_csv(table.frame, provenance, [f"table: {table.id}. {table.title}", *notes, *others])


def csv_files(tables: Sequence[ResultTable], provenance: Origin) -> list[NamedFile]:
    """Write one CSV file a table."""
    return [NamedFile(f"{table.id}.csv", table_csv(table, provenance)) for table in tables]


def as_json(tables: Sequence[ResultTable], provenance: Origin) -> bytes:
    """Write JSON: a missing value is null, an infinite one (JSON has none) the text "inf"."""
    content = {
        "provenance": asdict(provenance),
        "tables": [
            {
                "id": table.id,
                "title": table.title,
                "columns": [str(name) for name in table.frame.columns],
                "records": [
                    {str(name): json_value(value) for name, value in row.items()}
                    for row in table.frame.astype(object).to_dict("records")
                ],
                "note": list(table.note),
                "notices": list(table.notices),
                "layout": asdict(table.layout) if table.layout else None,
                "panels": list(table.panels),
            }
            for table in tables
        ],
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def json_value(value: object) -> object:
    """Write a cell as JSON knows it."""
    if not isinstance(value, str) and pd.isna(value):
        return None
    if isinstance(value, np.generic):
        return json_value(value.item())
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value if isinstance(value, str | bool | int | float) else str(value)
