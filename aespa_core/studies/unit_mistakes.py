"""Numbers outside their range, explained: kelvin, Fahrenheit, percent, missing-value codes."""

import math
from typing import Final

import pandas as pd

from aespa_core.studies.faults import Fault, Sheet

# Codes that programs write for "no value"; the last is the lowest 32-bit float, as GIS tools do.
MISSING_CODES: Final = (-99.0, -999.0, -9999.0, -99999.0, -32768.0, -3.4028234663852886e38)
ABSOLUTE_ZERO_C: Final = -273.15
KELVIN: Final = (200.0, 373.15)
FAHRENHEIT: Final = (60.0, 200.0)
LEAVE_EMPTY: Final = "leave it empty: an empty cell means not measured"


def kelvin_to_celsius(value: float) -> float:
    """T[°C] = T[K] − 273.15."""
    return value + ABSOLUTE_ZERO_C


def fahrenheit_to_celsius(value: float) -> float:
    """T[°C] = (T[°F] − 32) / 1.8."""
    return (value - 32.0) / 1.8


def is_missing_code(value: float, unit: str) -> bool:
    """Whether a number is a code for *no value* in a column of this unit."""
    if any(math.isclose(value, code, rel_tol=1e-6) for code in MISSING_CODES):
        return True
    zero = {"K": 0.0, "°C": ABSOLUTE_ZERO_C}.get(unit)
    return zero is not None and math.isclose(value, zero, abs_tol=1e-6)


def explain_number(
    value: float, unit: str, low: float | None, high: float | None
) -> tuple[str, str]:
    """Say why a number is out of place, and what would be right.

    Parameters
    ----------
    value
        A number that is infinite or outside its range.
    unit
        Unit of the column.
    low, high
        Valid range, both ends included; None where there is no bound.
    """
    if math.isinf(value):
        return "the value is infinite", LEAVE_EMPTY
    if is_missing_code(value, unit):
        return f"{value:.10g} is a code for a missing value", LEAVE_EMPTY
    if unit == "°C" and KELVIN[0] <= value <= KELVIN[1]:
        right = kelvin_to_celsius(value)
        return f"{value:.10g} looks like kelvin", f"subtract 273.15 → {right:.2f} °C"
    if unit == "°C" and FAHRENHEIT[0] < value < FAHRENHEIT[1]:
        right = fahrenheit_to_celsius(value)
        return (
            f"{value:.10g} looks like Fahrenheit",
            f"subtract 32 and divide by 1.8 → {right:.2f} °C",
        )
    if unit == "K" and -30 <= value <= 70:
        return f"{value:.10g} looks like °C", f"add 273.15 → {value - ABSOLUTE_ZERO_C:.2f} K"
    if unit.startswith("share") and 1 < value <= 100:
        return (
            f"{value:.10g} looks like percent",
            f"divide the column by 100 → {value / 100:.4g} (a share runs from 0 to 1)",
        )
    if unit == "index" and 1 < abs(value) <= 10_000:
        factor = 100 if abs(value) <= 100 else 10_000
        return (
            f"{value:.10g} looks like an index scaled by {factor:,}",
            f"divide the column by {factor} → {value / factor:.4g}",
        )
    return (
        f"{value:.10g} is outside {range_words(low, high)} {unit}",
        f"correct it or {LEAVE_EMPTY}",
    )


def range_words(low: float | None, high: float | None) -> str:
    """Put a range in words."""
    if low is None or high is None:
        return f"at least {low:g}" if low is not None else f"at most {high:g}"
    return f"{low:g} to {high:g}"


def fahrenheit_column_faults(sheet: Sheet, column: str) -> list[Fault]:
    """Find a °C column that is Fahrenheit as a whole though some of its rows could be °C.

    A cool tract of 58 °F passes for 58 °C; only the column's median gives it away.
    """
    values = pd.to_numeric(sheet.frame[column], errors="coerce").astype(float)
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
