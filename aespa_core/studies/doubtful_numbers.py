"""Numbers that may be codes, or in another unit, and cannot be told from right ones: counted."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa

from aespa_core.studies.column_mistakes import numbers_of
from aespa_core.studies.faults import Notice, Sheet
from aespa_core.studies.schema_faults import unit_of
from aespa_core.studies.tables import PLACE_TABLES

# The Census Bureau's codes for medians beyond the ends of its scale, and what they stand for.
SCALE_ENDS: Final = {
    "median_household_income_usd": {2_499.0: "under 2,500", 250_001.0: "over 250,000"},
}
# What some tables write where they have no number.
NINES: Final = (99.0, 999.0, 9_999.0, 99_999.0, 999_999.0, 9_999_999.0)
# As many alike, and more than of any other number, are no accident.
CODES_ALIKE: Final = 3
# So many alike at the top are an end of a scale, which tables of other years put elsewhere.
ALIKE_AT_THE_TOP: Final = 5
USD: Final = "US$ a year"
# Of a metro's incomes the lowest is a tenth of the median; thousands of dollars are a thousandth.
TOO_SMALL: Final = 25
# A metro's median household, and person, has more in a year; in a month it has not.
MONTHLY_USD: Final = 12_000.0
# A tract has some thousands of residents.
FEW_PEOPLE: Final = 100.0
# Tables of two years differ in a tract or two; of the same people their shares go together.
AGAINST: Final = -0.5
TIMES_AS_MANY: Final = 2
EXCESS_TRACTS: Final = 3


def number_notices(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Notice]:
    """Count numbers of a table that are kept though they may not be what they seem to be."""
    if schema.name not in PLACE_TABLES:
        return []
    notices = [
        notice
        for name, column in schema.columns.items()
        if name in sheet.frame and str(column.dtype).startswith("float")
        for notice in column_notices(sheet, name, unit_of(column))
    ]
    if {"population", "white_population", "white_share"} <= set(sheet.frame):
        notices += group_notices(sheet)
    return notices


def column_notices(sheet: Sheet, name: str, unit: str) -> Iterator[Notice]:
    """Count the doubtful numbers of one column."""
    values = numbers_of(sheet, name)
    known = values[np.isfinite(values)]
    if known.empty:
        return
    highest = float(known.max())
    codes = [code for code in NINES if code <= highest and is_code(known, code)]
    for code in codes:
        yield said(
            sheet, name, known == code,
            f"are {code:.0f}, which some tables write for a missing value: kept as numbers; leave "
            "them empty if they are that",
        )  # fmt: skip
    if unit == USD:
        yield from income_notices(sheet, name, known, codes)
    # of a study where nobody lives the median is none
    if name == "population" and (median := known[known > 0].median()) < FEW_PEOPLE:
        problem = f"the median tract has {median:.3g} residents: thousands, if they are not so few"
        yield Notice(sheet.file, name, problem, len(known))


def is_code(known: pd.Series, code: float) -> bool:
    """Whether a number stands in a column so often that no other does."""
    alike = int((known == code).sum())
    if alike < CODES_ALIKE:
        return False
    others = known[(known != code) & (known != 0)].value_counts()
    return others.empty or alike > int(others.iloc[0])


def income_notices(
    sheet: Sheet, name: str, known: pd.Series, codes: list[float]
) -> Iterator[Notice]:
    """Count incomes of a month, in thousands, or at an end of a scale that is not the usual one."""
    median, highest = float(known.median()), float(known.max())
    if median < MONTHLY_USD:
        problem = (
            f"the median is {median:,.0f} US$ a year, as of a month: multiply by 12 if it is that"
        )
        yield Notice(sheet.file, name, problem, len(known))
    ends = SCALE_ENDS.get(name, {})
    small = (known < median / TOO_SMALL) & ~known.isin([*ends, *codes])
    if small.any():
        problem = (
            f"are less than a {TOO_SMALL}th of the column's median ({median:,.0f}): thousands of "
            "dollars, or codes, if they are not so low"
        )
        yield said(sheet, name, small, problem)
    top = known == highest
    if top.sum() >= ALIKE_AT_THE_TOP and highest not in ends and highest not in codes:
        problem = f"are the highest, {highest:,.0f}: an end of the scale, if they are censored"
        yield said(sheet, name, top, problem)


def group_notices(sheet: Sheet) -> Iterator[Notice]:
    """Hold people of a group, their share and all people against each other."""
    people, group, share = (
        numbers_of(sheet, name) for name in ("population", "white_population", "white_share")
    )
    excess = (people > 0) & (group > TIMES_AS_MANY * people)
    if excess.sum() >= EXCESS_TRACTS:
        problem = "are more than twice the tract's residents: one of the two columns is not right"
        yield said(sheet, "white_population", excess, problem)
    # what is no share is refused as that
    told = share.where(share.between(0, 1))
    if told.corr(group / people.where(people > 0)) < AGAINST:
        problem = (
            "it falls where white_population over population rises: is this another group's share?"
        )
        yield Notice(sheet.file, "white_share", problem, int(told.notna().sum()))


def said(sheet: Sheet, name: str, doubtful: pd.Series, problem: str) -> Notice:
    """Make a notice of the rows under a mask over the numbers that are known."""
    count, first = int(doubtful.sum()), doubtful.idxmax()
    words = f"{count:,} of {len(doubtful):,} numbers {problem} (the first is row {first})"
    return Notice(sheet.file, name, words, count)
