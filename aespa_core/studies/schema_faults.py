"""A table against its declared columns: pandera finds the failures, this says them plainly."""

import copy
from typing import Final

import pandas as pd
import pandera.pandas as pa

from aespa_core.studies.faults import Fault, Sheet
from aespa_core.studies.unit_mistakes import explain_number

ID_COLUMNS: Final = ("geoid", "origin", "destination")
SHOWN_ROWS: Final = 5
PLAIN_TYPES: Final = {"int64": "integers", "bool": "true or false"}


def column_faults(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Fault]:
    """Find columns that are missing or hold another type than declared."""
    faults = []
    for name, column in schema.columns.items():
        if name not in sheet.frame:
            if column.required:
                remedy = f"add it: {column.description} Unit: {unit_of(column)}."
                faults.append(
                    sheet.fault(None, name, None, f"the column '{name}' is missing", remedy)
                )
        elif name not in ID_COLUMNS:
            faults += type_faults(sheet, name, column)
    return faults


def type_faults(sheet: Sheet, name: str, column: pa.Column) -> list[Fault]:
    """Find a column of the wrong type, and in a column of text each row that is no number."""
    values = sheet.frame[name]
    wanted = str(column.dtype)
    found = str(values.dtype)
    if wanted.startswith("float") and is_number(values):
        return []
    if wanted.startswith("int") and pd.api.types.is_integer_dtype(values):
        return []
    if wanted == "bool" and pd.api.types.is_bool_dtype(values):
        return []
    if wanted.startswith("str") and is_text(values):
        return []
    if wanted.startswith("float"):
        # bool and dates cannot be read as numbers either
        numbers = pd.to_numeric(values.astype("string"), errors="coerce")
        faults = sheet.faults_where(
            values.notna() & numbers.isna(),
            name,
            lambda value: (f"'{value}' is not a number", f"write a number in {unit_of(column)}"),
        )
        if numbers.notna().any():
            example = values[numbers.notna()].iloc[0]
            remedy = f"store the column as floats in {unit_of(column)}"
            faults.insert(
                0, sheet.fault(None, name, example, f"numbers are stored as {found}", remedy)
            )
        return faults
    plain = "text" if wanted.startswith("str") else PLAIN_TYPES.get(wanted, wanted)
    example = values.iloc[0] if len(values) else None
    return [
        sheet.fault(
            None, name, example, f"the column is {found}, not {plain}", f"store it as {plain}"
        )
    ]


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers; an empty column of nulls counts as numbers not measured."""
    if pd.api.types.is_bool_dtype(values):
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
    repeated = keys[keys.duplicated(keep=False) & keys.notna().all(axis=1)]
    faults = []
    for values, rows in repeated.groupby(key).indices.items():
        values = values if isinstance(values, tuple) else (values,)
        places = repeated.index[rows].tolist()
        shown = " ".join(str(value) for value in values)
        for row in places:
            others = others_in_words([place for place in places if place != row])
            problem = f"{' and '.join(key)} {shown} stands in row {others} too"
            faults.append(sheet.fault(row, key[-1], values[-1], problem, "keep one of them"))
    return faults


def others_in_words(rows: list[int]) -> str:
    """List a few rows and count the rest."""
    listed = ", ".join(str(row) for row in rows[:SHOWN_ROWS])
    more = len(rows) - SHOWN_ROWS
    return f"{listed} and {more:,} more" if more > 0 else listed


def cell_faults(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Fault]:
    """Validate every cell with pandera, lazily, and translate what failed.

    Only columns that are present and of the declared type may be in ``schema``.
    """
    rules = copy.deepcopy(schema)
    rules.unique = None
    frame = pd.DataFrame({name: sheet.frame[name] for name in rules.columns})
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
    values = {name: sheet.frame[name].tolist() for name in cells["column"].unique()}
    return [
        translate(sheet, int(row), name, values[name][int(row)], rules.columns[name])
        for row, name in zip(cells["index"], cells["column"], strict=True)
    ]


def translate(
    sheet: Sheet, row: int, name: str, value: float | str | None, column: pa.Column
) -> Fault:
    """Say in plain words what is wrong with one cell."""
    meaning = (column.description or name).rstrip(".")
    if value is None or pd.isna(value):
        return sheet.fault(
            row, name, "missing", "the value is missing", f"write it ({meaning}) or drop the row"
        )
    metadata = column.metadata or {}
    if "low" in metadata:
        words = explain_number(
            float(value), metadata["unit"], metadata.get("low"), metadata.get("high")
        )
        return sheet.fault(row, name, value, *words)
    return sheet.fault(row, name, value, f"'{value}' does not fit", f"this column is: {meaning}")


def unit_of(column: pa.Column) -> str:
    """Say the unit of a declared column."""
    return str((column.metadata or {}).get("unit", column.dtype))
