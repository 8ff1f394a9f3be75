"""A tidy frame printed as it is, each column in its format."""

import math

import pandas as pd

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.result_tables.labels import cell_text, head_of, with_labels
from aespa_core.views.result_tables.printed_table import PrintedRow, PrintedTable
from aespa_core.views.result_tables.stars import shown_stars


def listed(table: ResultTable) -> PrintedTable:
    """Print one row a row; stars stand at the estimate, an interval has its error's digits."""
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
    rows = zip(*columns, strict=True)
    return PrintedTable(
        table.id,
        table.title,
        tuple(map(head_of, names)),
        tuple(map(holds_numbers, shown.dtypes)),
        tuple(PrintedRow("body", row) for row in rows),
        (),
    )


def holds_numbers(kind: object) -> bool:
    """Whether a column stands at the right."""
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
