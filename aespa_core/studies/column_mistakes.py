"""Columns in another unit as a whole, of which single numbers would pass for right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.studies.column_reading import scaling_of
from aespa_core.studies.faults import Fault, Sheet
from aespa_core.studies.temperature_units import (
    ABSOLUTE_ZERO_C,
    FAHRENHEIT,
    fahrenheit_to_celsius,
)
from aespa_core.studies.unit_mistakes import MISSING_CODES, in_range, range_words

# No summer day leaves a town's surfaces cooler than this at the median; differences are near 0.
SUMMER_LEAST_C: Final = 5.0
ABSOLUTE_BY_DAY: Final = ("lst_day_c", "lst_2016_c", "lst_2022_c")
# No tract's households live on less; a column of thousands of dollars does.
INCOME_LEAST_USD: Final = 1_000.0


@dataclass(frozen=True)
class Bounds:
    """Unit and valid range of a column; None is no bound."""

    unit: str
    low: float | None = None
    high: float | None = None


def numbers_of(sheet: Sheet, column: str) -> pd.Series:
    """Take a column as floats, missing where it holds no number."""
    values = sheet.frame[column]
    if values.dtype == np.float64:
        return values
    return pd.to_numeric(values, errors="coerce").astype(float)


def fahrenheit_faults(sheet: Sheet, column: str, bounds: Bounds) -> list[Fault]:
    """Find a °C column that is Fahrenheit as a whole though some of its rows could be °C.

    A cool tract of 58 °F passes for 58 °C; only the column's median gives it away.
    """
    values = numbers_of(sheet, column)
    plausible = values[values.between(ABSOLUTE_ZERO_C, FAHRENHEIT[1], inclusive="neither")]
    passing = plausible[plausible <= FAHRENHEIT[0]]
    passing = passing[~passing.isin(MISSING_CODES)]
    median = plausible.median()
    if passing.empty or not FAHRENHEIT[0] < median < FAHRENHEIT[1]:
        return []
    return [
        sheet.fault(
            None,
            column,
            median,
            f"the median {median:.1f} says that the column is Fahrenheit, also in the "
            f"{len(passing)} rows that would pass as °C (the first is row {passing.index[0]})",
            f"subtract 32 and divide by 1.8 in every row → {fahrenheit_to_celsius(median):.1f} °C",
        )
    ]


def anomaly_faults(sheet: Sheet, column: str, bounds: Bounds) -> list[Fault]:
    """Find differences from a mean in a column of absolute summer temperatures."""
    if column not in ABSOLUTE_BY_DAY:
        return []
    median = numbers_of(sheet, column).median()
    if not abs(median) < SUMMER_LEAST_C:
        return []
    return [
        sheet.fault(
            None,
            column,
            median,
            f"the median {median:.1f} °C is no summer day: these look like differences from a mean",
            "add the mean that was taken off; this column holds temperatures",
        )
    ]


def scaled_faults(sheet: Sheet, column: str, bounds: Bounds) -> list[Fault]:
    """Find rows that pass in a column that is scaled as a whole: 0.4 among thousands."""
    values = numbers_of(sheet, column)
    if not (values.abs() > 1).any():
        return []
    scaling = scaling_of(values, bounds.unit)
    passing = values[(values != 0) & (values.abs() <= 1)]
    if scaling is None or passing.empty:
        return []
    median = float(values.median())
    problem = (
        f"the column is {scaling.words} (the median is {median:.4g}), also in the {len(passing):,} "
        f"rows that would pass (the first is row {passing.index[0]})"
    )
    cure = f"divide every row by {scaling.factor:g} → {median / scaling.factor:.4g}"
    return [sheet.fault(None, column, median, problem, cure)]


def thousands_faults(sheet: Sheet, column: str, bounds: Bounds) -> list[Fault]:
    """Find incomes in thousands of dollars."""
    values = numbers_of(sheet, column)
    median = values[values > 0].median()
    if not median < INCOME_LEAST_USD:
        return []
    known = values[np.isfinite(values) & ~values.isin(MISSING_CODES)]
    cure = f"multiply the column by 1000 → {1000 * median:g}"
    if not all(in_range(1000 * end, bounds.low, bounds.high) for end in (known.min(), known.max())):
        within = range_words(bounds.low, bounds.high)
        cure = f"write it in US$ a year, {within}: 1000 times as much would leave that range"
    return [
        sheet.fault(
            None,
            column,
            median,
            f"the median {median:g} US$ a year looks like thousands of dollars",
            cure,
        )
    ]


# How a column's unit begins → what its columns are mistaken for.
CHECKS: Final[dict[str, tuple[Callable[[Sheet, str, Bounds], list[Fault]], ...]]] = {
    "°C": (fahrenheit_faults, anomaly_faults),
    "US$ a year": (thousands_faults,),
    "share 0–1": (scaled_faults,),
    "index": (scaled_faults,),
}


def column_mistakes(sheet: Sheet, column: str, bounds: Bounds) -> list[Fault]:
    """Find what is wrong with the unit of a whole column."""
    if bounds.unit == "°C" and not column.startswith("lst_"):
        # differences, contributions and slopes may be of any size
        return []
    return [
        fault for check in CHECKS.get(bounds.unit, ()) for fault in check(sheet, column, bounds)
    ]
