"""Metros: names that links and commands can take, each written in one way, the same everywhere."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aespa_core.errors import ConfigError
from aespa_core.names import plain_name, shown
from aespa_core.studies.faults import Fault, Sheet
from aespa_core.studies.listed_rows import SHOWN_ROWS, listed, rows_in_words
from aespa_core.studies.schema_faults import is_text
from aespa_core.studies.trend_table import ALL

METRO: Final = "metro"
# Beside the metros: one row for all of them together.
WITH_ALL: Final = ("trends",)


def metro_name_faults(sheet: Sheet) -> list[Fault]:
    """Find metros that are no plain names, and those that differ by blanks or capitals alone."""
    names = sheet.frame[METRO]
    known = [name for name in pd.unique(names.dropna()) if isinstance(name, str)]
    problems = {name: name_problem(name, sheet.file) for name in known}
    wrong = {name: words for name, words in problems.items() if words is not None}
    if len(wrong) > SHOWN_ROWS:
        # of a column that holds something else altogether one is enough
        first, (problem, remedy) = next(iter(wrong.items()))
        problem += f" (and {len(wrong) - 1:,} more metros are no plain names)"
        return [fault_of(sheet, names.isin(list(wrong)), first, problem, remedy)]
    return [
        fault_of(sheet, names == name, name, *words) for name, words in wrong.items()
    ] + spelling_faults(sheet, [name for name in known if name not in wrong])


def name_problem(name: str, file: str) -> tuple[str, str] | None:
    """Say why a metro cannot be named so, and what would be right; None if it can."""
    try:
        plain_name(name, "the metro")
    except ConfigError as error:
        problem, _, remedy = str(error).rpartition(": ")
        return problem, remedy.rstrip(".")
    if folded(name) == ALL and file.partition("/")[0].removesuffix(".parquet") not in WITH_ALL:
        return f"the metro {shown(name)} has the word for every metro", "give it a name of its own"
    return None


def spelling_faults(sheet: Sheet, known: list[str]) -> list[Fault]:
    """Find metros that are one place written in several ways."""
    alike: dict[str, list[str]] = {}
    for name in known:
        alike.setdefault(folded(name), []).append(name)
    counts = sheet.frame[METRO].value_counts()
    faults = []
    for ways in alike.values():
        if len(ways) == 1:
            continue
        usual, *others = sorted(ways, key=lambda name: -int(counts[name]))
        told = ", ".join(f"{shown(way)} ({int(counts[way]):,} rows)" for way in (usual, *others))
        problem = f"one metro is written in {len(ways)} ways: {told}"
        rows = sheet.frame[METRO].isin(others)
        faults.append(
            fault_of(sheet, rows, others[0], problem, f"write {shown(usual)} in every row")
        )
    return faults


def folded(name: str) -> str:
    """Put a name into small letters, with single blanks and each letter in one form."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def fault_of(sheet: Sheet, mask: pd.Series, name: str, problem: str, remedy: str) -> Fault:
    """Make one fault of all rows of a metro."""
    rows = np.flatnonzero(mask.fillna(False).to_numpy(dtype=bool))
    fault = sheet.fault(int(rows[0]), METRO, name, problem, remedy)
    # each metro is a cause of its own
    about = f"metro {name}"
    return replace(fault, about=about, rows=listed(rows) if len(rows) > 1 else (), count=len(rows))


def other_metro_faults(sheet: Sheet, home: Sheet) -> list[Fault]:
    """Find rows whose metro is not the one that the table of tracts gives to their tract."""
    if not all(METRO in s.frame and is_text(s.frame[METRO]) for s in (sheet, home)):
        return []
    if "geoid" not in sheet.frame:
        return unknown_metro_faults(sheet, home)
    right = metro_of(home, sheet.frame["geoid"])
    here = as_texts(sheet.frame[METRO])
    off = pc.fill_null(pc.not_equal(here, right), False)
    rows = np.flatnonzero(off.to_numpy(zero_copy_only=False))
    if not len(rows):
        return []
    said, meant = (values[int(rows[0])].as_py() for values in (here, right))
    problem = f"the metro is {shown(said)}, and {shown(meant)} in {home.file}"
    if len(rows) > 1:
        tracts = sheet.frame["geoid"].iloc[rows].nunique()
        problem += f": {len(rows):,} rows of {tracts:,} tracts are of another metro there"
    fault = sheet.fault(int(rows[0]), METRO, said, problem, f"write the metro of {home.file}")
    return [replace(fault, rows=listed(rows) if len(rows) > 1 else (), count=len(rows))]


def metro_of(home: Sheet, geoids: pd.Series) -> pa.Array:
    """Look up the metro of each tract, null where it is unknown; quicker than pandas' map."""
    known = as_texts(home.frame["geoid"])
    place = pc.index_in(as_texts(geoids), known, skip_nulls=True)
    return pc.take(as_texts(home.frame[METRO]), place)


def as_texts(values: pd.Series) -> pa.Array:
    """Give a column of text to pyarrow."""
    if values.isna().all():
        # of whatever type
        return pa.nulls(len(values), pa.large_string())
    found = pa.array(values, pa.large_string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def unknown_metro_faults(sheet: Sheet, home: Sheet) -> list[Fault]:
    """Find rows of whole metros, which name none of the study's."""
    names = sheet.frame[METRO]
    known = home.frame[METRO].dropna().unique().tolist()
    table = sheet.file.partition("/")[0].removesuffix(".parquet")
    among = names.isin([*known, ALL] if table in WITH_ALL else known)
    strange = np.flatnonzero((names.notna() & ~among).to_numpy(dtype=bool))
    has = rows_in_words([shown(name) for name in known], len(known))
    return sheet.faults_at(
        strange,
        lambda row: sheet.fault(
            row,
            METRO,
            names.iloc[row],
            f"the metro {shown(names.iloc[row])} is not in {home.file}, which has {has}",
            "write the metro as it stands there, or drop the row",
        ),
    )


def wrong_metros(sheets: Mapping[str, Sheet], home: Sheet) -> list[Fault]:
    """Hold the metros of all tables against those of the tracts."""
    if METRO in home.frame and metro_name_faults(home):
        # no metro is to be copied from there before that is mended
        return []
    return [
        fault
        for sheet in sheets.values()
        if sheet is not home
        for fault in other_metro_faults(sheet, home)
    ]
