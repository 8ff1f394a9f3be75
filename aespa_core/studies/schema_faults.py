"""A table against its declared columns: which cells, columns and keys fail, said plainly."""

import copy
from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa

from aespa_core.studies.column_mistakes import numbers_of
from aespa_core.studies.column_reading import reading_of
from aespa_core.studies.faults import EXAMINED_ROWS, Fault, Sheet, as_text
from aespa_core.studies.nearest_name import nearest_name
from aespa_core.studies.number_text import DOTTED_THOUSANDS, Range, comma_of, explain_text
from aespa_core.studies.polygon_faults import DROP
from aespa_core.studies.table_file import bytes_as_text
from aespa_core.studies.unit_mistakes import Reading, explain_number, range_words

ID_COLUMNS: Final = ("geoid", "origin", "destination")
CHUNK_ROWS: Final = 250_000
# The tables that say which tracts there are, of places and of the atlas.
HOMES: Final = ("tracts.parquet", "estimates.parquet")
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
    found = plain_kind(str(values.dtype))
    if wanted.startswith("float") and (is_text(values) or values.dtype == object):
        return text_faults(sheet, name, column, found)
    plain = "text" if wanted.startswith("str") else PLAIN_TYPES.get(wanted, wanted)
    plain = f"numbers in {unit_of(column)}" if wanted.startswith("float") else plain
    example = values.iloc[0] if len(values) else None
    return [
        sheet.fault(
            None,
            name,
            example,
            f"the column is {found}, not {plain}",
            f"store it as {plain}",
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
    texts = pd.unique(values.dropna().astype("str"))[:EXAMINED_ROWS]
    comma = comma_of(texts)
    low, high = metadata.get("low"), metadata.get("high")
    within = Range(unit_of(column), low, high, comma, bool(column.nullable))
    strange = values.notna() & numbers.isna()
    if comma == "decimal":
        # 1.234 is a number, and not the one that is meant
        strange |= values.astype("str").str.fullmatch(DOTTED_THOUSANDS.pattern)
    faults = sheet.faults_where(strange, name, lambda value: explain_text(value, within))
    if numbers.notna().any() or not faults:
        example = values[numbers.notna()].iloc[0] if numbers.notna().any() else None
        remedy = f"store the column as floats in {unit_of(column)}"
        faults.insert(
            0,
            sheet.fault(None, name, example, f"numbers are stored as {found}", remedy),
        )
    return faults


def plain_kind(dtype: str) -> str:
    """Name a type of pandas as one who never met it would."""
    return {"str": "text", "string": "text", "object": "mixed values"}.get(dtype, dtype)


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


def cell_faults(sheet: Sheet, columns: Mapping[str, pa.Column]) -> list[Fault]:
    """Find every cell that is missing where it may not be, or that no check of its column passes.

    Only columns that are present and of the declared type may be asked after.
    """
    faults = []
    for name, column in columns.items():
        wrong = wrong_cells(sheet.frame[name], column)
        rows = failing_rows(sheet.frame[name], column) if wrong is None else np.flatnonzero(wrong)
        if len(rows):
            metadata = column.metadata or {}
            reading = Reading()
            if "low" in metadata:
                ends = metadata["low"], metadata.get("high")
                reading = reading_of(numbers_of(sheet, name), unit_of(column), *ends)
            faults += sheet.faults_at(rows, partial(translate, sheet, name, column, reading))
    return faults


def wrong_cells(values: pd.Series, column: pa.Column) -> npt.NDArray[np.bool_] | None:
    """Which cells pandera would refuse, told in a fraction of its time; None: only it can tell."""
    missing = values.isna().to_numpy(dtype=bool)
    lacking: npt.NDArray[np.bool_] = missing & (not column.nullable)
    if not column.checks or missing.all():
        return lacking
    if str(column.dtype).startswith("str"):
        known = values[~missing].astype("str")
        for check in column.checks:
            if "pattern" not in check.statistics:
                return None
            lacking[~missing] |= ~known.str.match(check.statistics["pattern"]).to_numpy(dtype=bool)
        return lacking
    metadata = column.metadata or {}
    if "low" not in metadata or not pd.api.types.is_numeric_dtype(values):
        return None
    numbers = values.to_numpy(float, na_value=np.nan)
    low = -np.inf if metadata["low"] is None else metadata["low"]
    high = np.inf if metadata.get("high") is None else metadata["high"]
    with np.errstate(invalid="ignore"):
        return lacking | (numbers < low) | (numbers > high) | np.isinf(numbers)


def failing_rows(values: pd.Series, column: pa.Column) -> list[int]:
    """List the rows of a column that pandera refuses, some hundred thousand at a time."""
    rules = pa.SeriesSchema(column.dtype, copy.deepcopy(column.checks), nullable=column.nullable)
    rows = set[int]()
    for start in range(0, len(values), CHUNK_ROWS):
        try:
            rules.validate(values.iloc[start : start + CHUNK_ROWS], lazy=True)
        except pa.errors.SchemaErrors as errors:
            failures = errors.failure_cases["index"].dropna()
            rows |= {int(row) for row in failures}
    return sorted(rows)


def translate(sheet: Sheet, name: str, column: pa.Column, reading: Reading, row: int) -> Fault:
    """Say in plain words what is wrong with one cell, by what its column is as a whole."""
    value = sheet.frame[name].iloc[row]
    meaning = (column.description or name).rstrip(".")
    if value is None or pd.isna(value):
        drop = DROP if sheet.file in HOMES else "drop the row"
        return sheet.fault(
            row, name, "missing", "the value is missing", f"write it ({meaning}) or {drop}"
        )
    metadata = column.metadata or {}
    if metadata.get("unit") == "hour":
        within = range_words(metadata["low"], metadata["high"])
        problem = f"hour {as_text(value)} is outside {within}"
        remedy = f"write the hour that it is, {within}, or drop the row"
        if sheet.frame[name].min() > metadata["low"] and value - 1 == metadata["high"]:
            remedy = "subtract 1 in every row: yours run from 1"
        return sheet.fault(row, name, value, problem, remedy)
    if "low" in metadata:
        words = explain_number(
            float(value),
            metadata["unit"],
            metadata.get("low"),
            metadata.get("high"),
            nullable=bool(column.nullable),
            reading=reading,
        )
        return sheet.fault(row, name, value, *words)
    return sheet.fault(row, name, value, f"'{value}' does not fit", f"this column is: {meaning}")


def unit_of(column: pa.Column) -> str:
    """Say the unit of a declared column."""
    return str((column.metadata or {}).get("unit", column.dtype))
