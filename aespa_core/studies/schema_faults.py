"""A table against its declared columns: pandera finds the failures, this says them plainly."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa

from aespa_core.studies.faults import EXAMINED_ROWS, SHOWN_ROWS, Fault, Sheet, as_text, grouped
from aespa_core.studies.nearest_name import nearest_name
from aespa_core.studies.number_text import Range, explain_text
from aespa_core.studies.table_file import bytes_as_text
from aespa_core.studies.unit_mistakes import explain_number, range_words

ID_COLUMNS: Final = ("geoid", "origin", "destination")
# Repeated keys that are named; a table joined twice repeats them all.
SHOWN_GROUPS: Final = 500
CHUNK_ROWS: Final = 250_000
PLAIN_TYPES: Final = {"int64": "integers", "bool": "true or false"}


def column_faults(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Fault]:
    """Find columns that are missing or hold another type than declared."""
    faults = []
    for name, column in schema.columns.items():
        if name not in sheet.frame:
            if column.required:
                faults.append(missing_column_fault(sheet, name, column))
        elif name not in ID_COLUMNS or name in sheet.unfit:
            faults += type_faults(sheet, name, column)
    return faults


def missing_column_fault(sheet: Sheet, name: str, column: pa.Column) -> Fault:
    """Say that a column is missing, and which one may have been meant by it."""
    remedy = f"add it: {column.description} Unit: {unit_of(column)}."
    if meant := nearest_name(name, sheet.unread):
        remedy = f"'{meant}' may be it: rename that, or add it: {column.description}"
    return sheet.fault(None, name, None, f"the column '{name}' is missing", remedy.rstrip("."))


def type_faults(sheet: Sheet, name: str, column: pa.Column) -> list[Fault]:
    """Find a column of the wrong type, and in a column of text each kind that is no number."""
    values = sheet.frame[name]
    wanted = str(column.dtype)
    if name in sheet.unfit:
        problem = f"the column is stored as {sheet.unfit[name]}"
        remedy = f"write one plain value a row, {unit_of(column)}"
        return [sheet.fault(None, name, None, problem, remedy)]
    if fits(values, wanted):
        return []
    found = str(values.dtype)
    if wanted.startswith("float") and (is_text(values) or values.dtype == object):
        return text_faults(sheet, name, column, found)
    plain = "text" if wanted.startswith("str") else PLAIN_TYPES.get(wanted, wanted)
    plain = f"numbers in {unit_of(column)}" if wanted.startswith("float") else plain
    example = values.iloc[0] if len(values) else None
    return [
        sheet.fault(
            None, name, example, f"the column is {found}, not {plain}", f"store it as {plain}"
        )
    ]


def fits(values: pd.Series, wanted: str) -> bool:
    """Whether a column is of a declared type, or can be taken for it without a change of value."""
    if wanted.startswith("float"):
        return is_number(values)
    if wanted.startswith("int"):
        return pd.api.types.is_integer_dtype(values) and not values.isna().any()
    if wanted == "bool":
        return pd.api.types.is_bool_dtype(values) and not values.isna().any()
    return is_text(values)


def text_faults(sheet: Sheet, name: str, column: pa.Column, found: str) -> list[Fault]:
    """Say that numbers are stored as something else, and what those mean that are none."""
    values = sheet.frame[name].map(bytes_as_text)
    numbers = pd.to_numeric(values.astype("string"), errors="coerce")
    metadata = column.metadata or {}
    within = Range(unit_of(column), metadata.get("low"), metadata.get("high"))
    faults = sheet.faults_where(
        values.notna() & numbers.isna(), name, lambda value: explain_text(value, within)
    )
    if numbers.notna().any() or not faults:
        example = values[numbers.notna()].iloc[0] if numbers.notna().any() else None
        remedy = f"store the column as floats in {unit_of(column)}"
        faults.insert(0, sheet.fault(None, name, example, f"numbers are stored as {found}", remedy))
    return faults


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers; an empty column of nulls counts as numbers not measured."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_complex_dtype(values):
        return False
    return pd.api.types.is_numeric_dtype(values) or bool(values.isna().all())


def is_text(values: pd.Series) -> bool:
    """Whether a column holds text, with or without gaps."""
    return bool(
        pd.api.types.is_string_dtype(values.dropna()) or values.isna().all()
    ) and not isinstance(values.dtype, pd.CategoricalDtype)


def duplicate_faults(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Fault]:
    """Find every row whose key stands in another row too."""
    key = [name for name in schema.unique or [] if name in sheet.frame]
    if len(key) != len(schema.unique or []) or not key:
        return []
    keys = sheet.frame[key]
    twice = keys.duplicated(keep=False) & keys.notna().all(axis=1)
    if not twice.any():
        return []
    repeated = keys[twice]
    group = repeated.groupby(key, sort=False).ngroup()
    rows = {int(g): repeated.index[group == g] for g in group.unique()[:SHOWN_GROUPS]}
    faults = []
    for places in rows.values():
        values = keys.loc[places[0]].tolist()
        shown = " ".join(str(value) for value in values)
        if len(places) > SHOWN_ROWS + 1:
            problem = f"{' and '.join(key)} {shown} stands in {len(places):,} rows"
            fault = sheet.fault(int(places[0]), key[-1], values[-1], problem, "keep one of them")
            told = tuple(int(row) for row in places[:EXAMINED_ROWS])
            faults.append(replace(fault, rows=told, count=len(places)))
            continue
        for row in places:
            others = ", ".join(str(place) for place in places if place != row)
            problem = f"{' and '.join(key)} {shown} stands in row {others} too"
            faults.append(sheet.fault(int(row), key[-1], values[-1], problem, "keep one of them"))
    return grouped(faults)


def cell_faults(sheet: Sheet, columns: Mapping[str, pa.Column]) -> list[Fault]:
    """Validate every cell with pandera, lazily, and translate what failed.

    Only columns that are present and of the declared type may be asked after. Rows are taken by
    the hundred thousand, and each column until it has failed often enough: a list of every cell
    of a column in the wrong unit would be larger than the table.
    """
    doubtful = {
        name: column
        for name, column in columns.items()
        if not plainly_fits(sheet.frame[name], column)
    }
    if not doubtful:
        return []
    rules = pa.DataFrameSchema(copy.deepcopy(doubtful))
    wrong: dict[str, list[int]] = {}
    for start in range(0, len(sheet.frame), CHUNK_ROWS):
        part = sheet.frame.iloc[start : start + CHUNK_ROWS]
        for name in [name for name in rules.columns if len(wrong.get(name, ())) > EXAMINED_ROWS]:
            del rules.columns[name]
        for name, row in failing_cells(part, rules):
            wrong.setdefault(name, []).append(row)
    return [
        fault
        for name, rows in wrong.items()
        for fault in sheet.faults_at(rows, partial(translate, sheet, name, columns[name]))
    ]


def plainly_fits(values: pd.Series, column: pa.Column) -> bool:
    """Whether a column holds nothing that pandera could refuse, told in a fraction of its time.

    A doubt is no fault: what does not plainly fit is for pandera to judge.
    """
    if values.isna().any() and not column.nullable:
        return False
    if not column.checks:
        return True
    if str(column.dtype).startswith("str"):
        patterns = [check.statistics.get("pattern") for check in column.checks]
        known = values.dropna().astype("str")
        return all(pattern is not None and known.str.match(pattern).all() for pattern in patterns)
    metadata = column.metadata or {}
    if "low" not in metadata or not pd.api.types.is_numeric_dtype(values):
        return False
    numbers = values.to_numpy(float)
    low = -np.inf if metadata["low"] is None else metadata["low"]
    high = np.inf if metadata.get("high") is None else metadata["high"]
    with np.errstate(invalid="ignore"):
        outside = (numbers < low) | (numbers > high) | np.isinf(numbers)
    return not outside.any()


def failing_cells(part: pd.DataFrame, rules: pa.DataFrameSchema) -> list[tuple[str, int]]:
    """List the cells (column and row) of some rows that pandera refuses."""
    frame = pd.DataFrame({name: part[name] for name in rules.columns})
    for name, column in rules.columns.items():
        if str(column.dtype).startswith("str"):
            frame[name] = frame[name].astype("str")
    try:
        rules.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases
    else:
        return []
    cells = failures[failures["index"].notna()].drop_duplicates(["column", "index"])
    return [(str(n), int(i)) for n, i in zip(cells["column"], cells["index"], strict=True)]


def translate(sheet: Sheet, name: str, column: pa.Column, row: int) -> Fault:
    """Say in plain words what is wrong with one cell."""
    value = sheet.frame[name].iloc[row]
    meaning = (column.description or name).rstrip(".")
    if value is None or pd.isna(value):
        return sheet.fault(
            row, name, "missing", "the value is missing", f"write it ({meaning}) or drop the tract"
        )
    metadata = column.metadata or {}
    if metadata.get("unit") == "hour":
        within = range_words(metadata["low"], metadata["high"])
        problem = f"hour {as_text(value)} is outside {within}"
        return sheet.fault(row, name, value, problem, "subtract 1 if yours run from 1")
    if "low" in metadata:
        words = explain_number(
            float(value),
            metadata["unit"],
            metadata.get("low"),
            metadata.get("high"),
            nullable=bool(column.nullable),
        )
        return sheet.fault(row, name, value, *words)
    return sheet.fault(row, name, value, f"'{value}' does not fit", f"this column is: {meaning}")


def unit_of(column: pa.Column) -> str:
    """Say the unit of a declared column."""
    return str((column.metadata or {}).get("unit", column.dtype))
