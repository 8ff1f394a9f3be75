"""Rows of a tidy frame on their way into the cells of a crossed table."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.result_table import FOOT_TERMS, Layout, ResultTable
from aespa_core.views.result_tables.digits import MISSING, plain, probability, with_error
from aespa_core.views.result_tables.labels import cell_text, head_of, key_text, with_labels
from aespa_core.views.result_tables.stars import shown_stars

NO_KEYS = {"unit", "stars", "value"}


@dataclass(frozen=True)
class Entry:
    """What a row of the frame prints, and where."""

    panel: str
    row: str
    column: str
    about_model: bool
    text: str
    beneath: tuple[str, ...]


@dataclass(frozen=True)
class Entries:
    """All entries of a table, and what holds for every one of them."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def entries_of(table: ResultTable, layout: Layout) -> Entries:
    """Print the rows of a table's frame; ``layout.rows`` and ``layout.columns`` are in it."""
    frame = with_labels(table.frame).reset_index(drop=True)
    about = about_model(frame, layout)
    stars = shown_stars(frame, table.id)
    place = unit_place(frame[~about], layout)
    down = labels_of(frame, about, layout.rows, place == layout.rows)
    across = labels_of(frame, about, layout.columns, place == layout.columns)
    keys = [
        str(name)
        for name in frame
        if name not in {layout.rows, layout.columns, *NO_KEYS} and is_key(frame[name])
    ]
    panels = [name for name in keys if frame[name].nunique(dropna=False) > 1]
    constant = [name for name in keys if name not in panels and frame[name].notna().any()]
    notes = [f"{head_of(name)}: {key_text(name, frame[name].iloc[0])}." for name in constant]
    if place == "note":
        notes.append(f"Estimates in {frame.loc[~about, 'unit'].dropna().iloc[0]}.")
    panels += ["unit"] * (place == "panel")
    entries = tuple(
        Entry(
            "; ".join(f"{head_of(name)}: {key_text(name, row[name])}" for name in panels),
            down[at],
            across[at],
            bool(about[at]),
            model_text(row) if about[at] else estimate_text(row) + stars[at],
            tuple("" if about[at] else beneath_text(name, row) for name in layout.beneath),
        )
        for at, row in enumerate(frame.astype(object).to_dict("records"))
    )
    return Entries(entries, tuple(notes))


def about_model(frame: pd.DataFrame, layout: Layout) -> np.ndarray:
    """Which rows say something of the model and not of a coefficient, (N,) bool."""
    if "term" not in (layout.rows, layout.columns):
        return np.zeros(len(frame), bool)
    known = frame["term"].isin(list(FOOT_TERMS)).to_numpy(bool)
    if "value" not in frame:
        return known
    return known | np.array([isinstance(value, str) for value in frame["value"]], bool)


def is_key(column: pd.Series) -> bool:
    """Whether a column is text, which says of what a row is."""
    kind = column.dtype
    return isinstance(kind, pd.CategoricalDtype) or pd.api.types.is_string_dtype(kind)


def unit_place(frame: pd.DataFrame, layout: Layout) -> str:
    """Where units are said: in the note if there is one, else with what they go with."""
    if "unit" not in frame or frame["unit"].isna().all():
        return ""
    if frame["unit"].nunique() == 1:
        return "note"
    for name in (layout.rows, layout.columns):
        if (frame.groupby(name, observed=True)["unit"].nunique() <= 1).all():
            return name
    return "panel"


def labels_of(frame: pd.DataFrame, about: np.ndarray, name: str, with_unit: bool) -> list[str]:
    """Print a key of each row, (N,)."""
    texts = [
        FOOT_TERMS.get(str(value), key_text(name, value))
        if name == "term" and said
        else key_text(name, value)
        for value, said in zip(frame[name], about, strict=True)
    ]
    if not with_unit:
        return texts
    rows = zip(texts, frame["unit"], about, strict=True)
    units = {text: unit for text, unit, said in rows if not said and isinstance(unit, str)}
    return [f"{text} ({units[text]})" if text in units else text for text in texts]


def number(row: dict[Any, Any], name: str) -> float:
    """Take a number of a row; NaN where there is none."""
    value = row.get(name, math.nan)
    return math.nan if pd.isna(value) else float(value)


def estimate_text(row: dict[Any, Any]) -> str:
    """Print an estimate to the digits of its standard error."""
    return with_error(number(row, "estimate"), number(row, "std_error"))


def model_text(row: dict[Any, Any]) -> str:
    """Print what a row says of its model."""
    value = row.get("value")
    return cell_text(row["term"], value if isinstance(value, str) else row.get("estimate"))


def beneath_text(name: str, row: dict[Any, Any]) -> str:
    """Print what stands beneath an estimate; nothing beneath one that is missing."""
    if name not in row or math.isnan(number(row, "estimate")):
        return ""
    value, error = number(row, name), number(row, "std_error")
    if math.isnan(value):
        return MISSING
    if name == "std_error":
        return f"({with_error(value, error)})"
    if name == "low95":
        return f"[{with_error(value, error)}, {with_error(number(row, 'high95'), error)}]"
    if name in ("p", "q"):
        shown = probability(value)
        return f"{name} {shown[0]} {shown[1:]}" if shown[0] == "<" else f"{name} = {shown}"
    return plain(value)
