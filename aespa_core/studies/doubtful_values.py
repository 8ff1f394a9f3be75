"""Values that are kept and counted: right as they stand, but not what they seem to be."""

from collections.abc import Mapping
from typing import Final

import pandera.pandas as pa

from aespa_core.studies.column_mistakes import numbers_of
from aespa_core.studies.faults import Notice, Sheet
from aespa_core.studies.nearest_name import nearest_name
from aespa_core.studies.table_file import form_notices

# The Census Bureau's codes for medians beyond the ends of its scale, and what they stand for.
SCALE_ENDS: Final[Mapping[str, Mapping[float, str]]] = {
    "median_household_income_usd": {2_499.0: "under 2,500", 250_001.0: "over 250,000"},
}
# Temperatures of which one in a summer's day would be a frost.
NEVER_ZERO: Final = ("lst_day_c", "lst_2016_c", "lst_2022_c")


def notices_of(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Notice]:
    """Tell what a table's readers must know: what is not read, left out, or kept though doubtful.

    Only columns of the declared type may be asked after.
    """
    return [
        *unread_notices(sheet, schema),
        *form_notices(sheet),
        *scale_notices(sheet),
        *zero_notices(sheet),
    ]


def unread_notices(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Notice]:
    """Name the columns that nobody reads, each with the declared name that it is most like."""
    notices = []
    for name in sheet.unread:
        meant = nearest_name(name, schema.columns)
        problem = f"nobody reads the column '{name}'"
        if meant is not None and meant not in sheet.frame:
            problem += f": rename it to '{meant}' if it is that, in {unit_in_words(schema, meant)}"
        elif meant is not None:
            problem += f"; '{meant}' is read"
        notices.append(Notice(sheet.file, name, problem, len(sheet.frame)))
    return notices


def unit_in_words(schema: pa.DataFrameSchema, name: str) -> str:
    """Say the unit of a declared column."""
    return str((schema.columns[name].metadata or {}).get("unit", "text"))


def scale_notices(sheet: Sheet) -> list[Notice]:
    """Count medians at an end of their scale: censored, and kept as they stand."""
    notices = []
    for column, ends in SCALE_ENDS.items():
        if column not in sheet.frame:
            continue
        values = numbers_of(sheet, column)
        at = {words: int((values == code).sum()) for code, words in ends.items()}
        if count := sum(at.values()):
            told = " and ".join(f"{n:,} are {words}" for words, n in at.items() if n)
            problem = (
                f"{count:,} of {int(values.notna().sum()):,} medians are censored, at the end of "
                f"their scale ({told} US$): kept as they stand, so what follows from them is "
                "blunted"
            )
            notices.append(Notice(sheet.file, column, problem, count))
    return notices


def zero_notices(sheet: Sheet) -> list[Notice]:
    """Count absolute temperatures of exactly 0, which some tables write where they have none."""
    notices = []
    for column in NEVER_ZERO:
        if column not in sheet.frame:
            continue
        count = int((numbers_of(sheet, column) == 0).sum())
        if count:
            problem = (
                f"{count:,} of {len(sheet.frame):,} temperatures are exactly 0 °C and are taken as "
                "measured: leave them empty if 0 stands for none"
            )
            notices.append(Notice(sheet.file, column, problem, count))
    return notices
