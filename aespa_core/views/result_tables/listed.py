"""A tidy frame printed as it is, each column in its format."""

import math

import pandas as pd

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.result_tables.labels import cell_text, head_of, with_labels
from aespa_core.views.result_tables.printed_table import PrintedRow, PrintedTable
from aespa_core.views.result_tables.stars import shown_stars


def listed(table: ResultTable) -> PrintedTable:
    """Print one row a row; stars stand at the estimate, an interval has its error's digits.

    Columns that the table names as panels stand above their rows, once each.
    """
    frame = with_labels(table.frame)
    stars = shown_stars(frame, table.id)
    shown = frame.drop(columns="stars", errors="ignore")
    errors = (
        frame["std_error"].to_numpy(float, na_value=math.nan)
        if "std_error" in frame
        else [math.nan] * len(frame)
    )
    names = list(map(str, shown.columns))
    columns = [
        [cell_text(name, value, error) for value, error in zip(values, errors, strict=True)]
        for name, values in zip(names, shown.items(), strict=True)
        for values in [values[1].astype(object)]
    ]
    if "estimate" in names:
        at = names.index("estimate")
        columns[at] = [text + star for text, star in zip(columns[at], stars, strict=True)]
    above = [at for at, name in enumerate(names) if name in table.panels]
    below = [at for at in range(len(names)) if at not in above]
    rows: list[PrintedRow] = []
    heading = None
    for row in zip(*columns, strict=True):
        if above and (panel := "; ".join(row[at] for at in above)) != heading:
            rows += [PrintedRow("rule")] * bool(rows) + [PrintedRow("panel", (panel,))]
            heading = panel
        rows.append(PrintedRow("body", tuple(row[at] for at in below)))
    numeric = list(map(holds_numbers, shown.dtypes))
    return PrintedTable(
        table.id,
        table.title,
        tuple(head_of(names[at]) for at in below),
        tuple(numeric[at] for at in below),
        tuple(rows),
        (),
    )


def holds_numbers(kind: object) -> bool:
    """Whether a column stands at the right."""
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
