"""Tract ids: eleven digits as text, and the ways in which other programs break them."""

import re
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aespa_core.studies.faults import Fault, Sheet

GEOID: Final = r"\d{11}"
# "1001020100.0": pandas and spreadsheets make floats of ids when a row is empty
FLOAT_TAIL: Final = r"\.0+$"
# 1400000US, 14000US, US1400000, and 1500000US of block groups: how census tables begin their ids
CENSUS_PREFIX: Final = r"^1[45]0\d{2,4}US|^US1[45]00000|^US"
# G01000100201000 of the NHGIS: a 0 after the state and one after the county
GISJOIN: Final = r"^G(\d{2})0(\d{3})0(\d{6})$"
PLACES: Final = r"\1\2\3"
# what spreadsheets and atlases put between or around the digits: 01-001-020100, '01001020100
SEPARATORS: Final = r"(?<=\d)[ -](?=\d)|^['\"`]|['\"]$"
EXPONENT: Final = r"\d(?:[.,]\d+)?[eE]\+?\d+"
# What a spreadsheet's six or so digits of precision leave at 0.
ROUND: Final = 10_000
MOSTLY: Final = 0.9
EXPORT_AGAIN: Final = "the digits are lost: export the ids again, as text"


def mended(ids: pd.Series) -> pd.Series:
    """Undo the known accidents of tract ids; what stays broken is missing in the result.

    Integers and floats become text, prefixes, separators and ``.0`` are cut out, and ten digits
    get their leading zero back. Of a column that a spreadsheet has rounded nothing is left.
    """
    if already_sound(ids):
        # as nearly every table's are: nothing to do
        return ids.astype("str")
    if is_rounded(ids):
        return pd.Series([None] * len(ids), index=ids.index, name=ids.name, dtype="str")
    if pd.api.types.is_numeric_dtype(ids) and not pd.api.types.is_bool_dtype(ids):
        whole = ids.where(ids.notna() & (ids % 1 == 0) & (ids.abs() < 1e12))
        text = whole.astype("Int64").astype("string")
    else:
        text = ids.astype("string").str.strip().str.replace(CENSUS_PREFIX, "", regex=True)
        text = text.str.replace(GISJOIN, PLACES, regex=True)
    text = text.str.replace(FLOAT_TAIL, "", regex=True)
    # pyarrow's expressions look neither back nor ahead
    odd = text.str.contains(r"[^\d]", regex=True).fillna(False).astype(bool)
    if odd.any():
        mild = [re.sub(SEPARATORS, "", value) for value in text[odd].tolist()]
        text = text.astype("object")
        text[odd] = mild
        text = text.astype("string")
    text = text.where(~text.str.fullmatch(r"\d{10}").fillna(False), "0" + text)
    text = text.where(text.str.fullmatch(GEOID).fillna(False))
    return text.astype("object").where(text.notna(), None).astype("str")


def already_sound(ids: pd.Series) -> bool:
    """Whether every id is a text of eleven digits, told without a regular expression."""
    if not isinstance(ids.dtype, pd.StringDtype):
        return False
    values = pa.array(ids, pa.large_string())
    sound = pc.and_(pc.equal(pc.binary_length(values), 11), pc.ascii_is_decimal(values))
    return values.null_count == 0 and bool(pc.all(sound).as_py() is not False)


def explain_geoid(value: object) -> tuple[str, str]:
    """Say what is wrong with one id that is text."""
    if value is None or (not isinstance(value, str) and pd.isna(value) is True):
        return "the tract id is missing", "write the 11-digit id of the tract or drop the row"
    words = str(value).strip()
    if re.fullmatch(EXPONENT, words):
        return f"'{value}' is an id that a spreadsheet has rounded", EXPORT_AGAIN
    bare = re.sub(SEPARATORS, "", re.sub(FLOAT_TAIL, "", re.sub(CENSUS_PREFIX, "", words)))
    bare = re.sub(GISJOIN, PLACES, bare)
    right = bare.zfill(11) if re.fullmatch(r"\d{10}", bare) else bare
    if re.fullmatch(r"\d{12}|\d{15}", bare):
        kind = "block group" if len(bare) == 12 else "block"
        return (
            f"'{value}' is the id of a {kind}, {len(bare)} digits",
            f"sum or average the {kind}s of each tract; its id is the first 11 digits",
        )
    if not re.fullmatch(GEOID, right):
        return (
            f"'{value}' is not a tract id",
            "write the 11 digits of state, county and tract, as in 01001020100",
        )
    if re.match(CENSUS_PREFIX, words):
        return f"'{value}' carries the prefix of a census table", f"write '{right}'"
    if re.fullmatch(GISJOIN, words):
        return f"'{value}' is a GISJOIN, with a 0 after state and county", f"write '{right}'"
    if words.endswith(".0"):
        return f"'{value}' was read as a float", f"read ids as text and write '{right}'"
    if words.isdigit() and len(words) == 10:
        return f"'{value}' has lost its leading zero", f"read ids as text and write '{right}'"
    return f"'{value}' is not eleven plain digits", f"write '{right}'"


def geoid_faults(sheet: Sheet, column: str, right: pd.Series) -> list[Fault]:
    """Find broken tract ids: one fault for a column of numbers, else one for each broken id.

    Parameters
    ----------
    sheet
        The table as it is stored.
    column
        Which of its ids.
    right
        The same, :func:`mended`.
    """
    ids = sheet.frame[column]
    if already_sound(ids):
        return []
    if is_rounded(ids):
        return [rounded_fault(sheet, column)]
    if pd.api.types.is_numeric_dtype(ids) and not pd.api.types.is_bool_dtype(ids):
        return number_faults(sheet, column, right)
    sound = (ids.astype("string") == right.astype("string")).fillna(False).astype(bool)
    return sheet.faults_where(~sound, column, explain_geoid)


def is_rounded(ids: pd.Series) -> bool:
    """Whether a spreadsheet has cut the digits of a column: nothing in it tells tracts apart."""
    known = ids.dropna()
    if known.empty or pd.api.types.is_bool_dtype(ids):
        return False
    if pd.api.types.is_numeric_dtype(ids):
        # one real tract may end so; a whole column does when its digits were cut
        return bool(len(known) > 1 and (known % ROUND == 0).mean() >= MOSTLY)
    text = known.astype("string")
    if str(text.iloc[0]).isdigit():
        return False
    return bool(text.str.fullmatch(EXPONENT).mean() >= MOSTLY)


def rounded_fault(sheet: Sheet, column: str) -> Fault:
    """Say once that a spreadsheet has rounded the ids."""
    ids = sheet.frame[column].dropna()
    example = as_number(ids.iloc[0])
    alike = ids.nunique()
    problem = (
        f"a spreadsheet has rounded the tract ids ({example} and the like): "
        f"{len(ids):,} rows have {alike:,} different {'id' if alike == 1 else 'ids'}"
    )
    return sheet.fault(None, column, example, problem, EXPORT_AGAIN)


def number_faults(sheet: Sheet, column: str, right: pd.Series) -> list[Fault]:
    """Find ids stored as numbers: the column once, and each that cannot be mended."""
    ids = sheet.frame[column]
    kind = "floats" if pd.api.types.is_float_dtype(ids) else "integers"
    faults = sheet.faults_where(right.isna(), column, explain_number_id)
    if right.notna().any():
        # show one whose leading zero is lost, if there is one: the case that does harm
        short = right[right.notna() & right.str.startswith("0", na=False)]
        example = (short if len(short) else right.dropna()).index[0]
        column_fault = sheet.fault(
            None,
            column,
            as_number(ids.loc[example]),
            f"tract ids are stored as {kind}",
            f"store them as text of 11 digits: {as_number(ids.loc[example])} → "
            f"'{right.loc[example]}'",
        )
        faults.insert(0, column_fault)
    return faults


def as_number(value: object) -> str:
    """Write an id that is a number without an exponent or a fraction of nothing."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def explain_number_id(value: float) -> tuple[str, str]:
    """Say what is wrong with an id that is a number and cannot be mended."""
    if pd.isna(value):
        return explain_geoid(None)
    return explain_geoid(f"{value:.10g}")
