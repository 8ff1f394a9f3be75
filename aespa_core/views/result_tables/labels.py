"""What columns and their values are called on paper."""

import math
from typing import Final

import pandas as pd

from aespa_core.analysis.disparity.result_table import FOOT_TERMS
from aespa_core.schema import METROS
from aespa_core.views.file_text import one_line
from aespa_core.views.result_tables.digits import (
    MISSING,
    count,
    fixed,
    plain,
    probability,
    with_error,
)

HEADS: Final = {
    "std_error": "SE",
    "low95": "95 % from",
    "high95": "95 % to",
    "df": "df",
    "n": "N",
    "p": "p",
    "q": "q",
    "tau": "τ",
    "rho": "ρ",
    "lambda": "λ",
    "kappa": "κ",
    "r2": "R²",
}
COUNTS: Final = {"n", "people", "residents", "tracts", "counties", "clusters", "islands"}
# numbers that are names
NAMES: Final = {"year", "cluster"}
METRO_NAMES: Final = {metro.id: metro.name for metro in METROS}


def head_of(column: str) -> str:
    """Write a column's name."""
    if column in HEADS:
        return HEADS[column]
    words = one_line(column.replace("_", " "))
    return words[:1].upper() + words[1:]


def key_text(column: str, value: object) -> str:
    """Write a value that says of what a row is: a text, or a number with its name."""
    if isinstance(value, str):
        return METRO_NAMES.get(value, one_line(value)) if column == "metro" else one_line(value)
    if pd.isna(value):
        return MISSING
    return f"{head_of(column)} = {value:g}" if isinstance(value, float) else str(value)


def cell_text(column: str, value: object, error: float = math.nan) -> str:
    """Write a cell of a list; ``error`` is the standard error in its row."""
    if isinstance(value, str):
        return key_text(column, value)
    if pd.isna(value):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return one_line(str(value))
    if column in NAMES:
        return f"{value:g}" if isinstance(value, float) else str(value)
    if column in ("p", "q") or column.startswith(("p_", "q_")):
        return probability(value)
    if column in COUNTS or column.startswith("n_") or isinstance(value, int):
        return count(value)
    if column in ("estimate", "std_error", "low95", "high95"):
        return with_error(value, error)
    if column.startswith("r2"):
        return fixed(value, 3)
    if column == "df":
        return fixed(value, 1) if math.isfinite(value) and value % 1 else count(value)
    return plain(value)


def with_labels(frame: pd.DataFrame) -> pd.DataFrame:
    """Set terms to their printed ``label`` where the frame has one; terms of the foot stay."""
    if "label" not in frame or "term" not in frame:
        return frame
    own = frame["label"].notna() & ~frame["term"].isin(list(FOOT_TERMS))
    return frame.assign(term=frame["term"].mask(own, frame["label"])).drop(columns="label")
