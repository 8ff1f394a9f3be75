"""Tract ids: eleven digits as text, and the ways in which other programs break them."""

import re
from typing import Final

import pandas as pd

from aespa_core.studies.faults import Fault, Sheet

GEOID: Final = r"\d{11}"
# "1001020100.0": pandas and spreadsheets make floats of ids when a row is empty
FLOAT_TAIL: Final = r"\.0+$"
CENSUS_PREFIX: Final = r"^1400000US"


def mended(ids: pd.Series) -> pd.Series:
    """Undo the known accidents of tract ids; what stays broken is missing in the result.

    Integers and floats become text, ``1400000US`` and ``.0`` are cut off, and ten digits get
    their leading zero back.
    """
    if pd.api.types.is_numeric_dtype(ids):
        whole = ids.where(ids.notna() & (ids % 1 == 0) & (ids.abs() < 1e12))
        text = whole.astype("Int64").astype("string")
    else:
        text = ids.astype("string").str.strip()
    text = text.str.replace(CENSUS_PREFIX, "", regex=True)
    text = text.str.replace(FLOAT_TAIL, "", regex=True)
    text = text.where(~text.str.fullmatch(r"\d{10}").fillna(False), "0" + text)
    text = text.where(text.str.fullmatch(GEOID).fillna(False))
    return text.astype("object").where(text.notna(), None).astype("str")


def explain_geoid(value: object) -> tuple[str, str]:
    """Say what is wrong with one id that is text."""
    if not isinstance(value, str):
        return "the tract id is missing", "write the 11-digit id of the tract or drop the row"
    right = re.sub(FLOAT_TAIL, "", re.sub(CENSUS_PREFIX, "", value.strip()))
    right = right.zfill(11) if re.fullmatch(r"\d{10}", right) else right
    if not re.fullmatch(GEOID, right):
        return (
            f"'{value}' is not a tract id",
            "write the 11 digits of state, county and tract, as in 01001020100",
        )
    if value.startswith("1400000US"):
        return f"'{value}' carries the prefix of a census table", f"write '{right}'"
    if value.endswith(".0"):
        return f"'{value}' was read as a float", f"read ids as text and write '{right}'"
    if value.isdigit() and len(value) == 10:
        return f"'{value}' has lost its leading zero", f"read ids as text and write '{right}'"
    return f"'{value}' is not eleven plain digits", f"write '{right}'"


def geoid_faults(sheet: Sheet, column: str) -> list[Fault]:
    """Find broken tract ids: one fault for a column of numbers, else one for each broken id."""
    ids = sheet.frame[column]
    if pd.api.types.is_numeric_dtype(ids):
        kind = "floats" if pd.api.types.is_float_dtype(ids) else "integers"
        right = mended(ids)
        faults = sheet.faults_where(right.isna(), column, explain_number_id)
        if right.notna().any():
            # show one whose leading zero is lost, if there is one: the case that does harm
            short = right[right.notna() & right.str.startswith("0", na=False)]
            example = (short if len(short) else right.dropna()).index[0]
            column_fault = sheet.fault(
                None,
                column,
                str(ids.loc[example]),
                f"tract ids are stored as {kind}",
                f"store them as text of 11 digits: {ids.loc[example]} → '{right.loc[example]}'",
            )
            faults.insert(0, column_fault)
        return faults
    as_text = ids.astype("string")
    broken = ~as_text.str.fullmatch(GEOID).fillna(False).astype(bool)
    return sheet.faults_where(broken, column, explain_geoid)


def explain_number_id(value: float) -> tuple[str, str]:
    """Say what is wrong with an id that is a number and cannot be mended."""
    if pd.isna(value):
        return explain_geoid(None)
    return explain_geoid(f"{value:.10g}")
