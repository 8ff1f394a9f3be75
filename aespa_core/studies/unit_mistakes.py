"""Numbers outside their range, explained: kelvin, Fahrenheit, percent, missing-value codes."""

import math
from dataclasses import dataclass
from typing import Final

from aespa_core.studies.temperature_units import ABSOLUTE_ZERO_C, MISTAKES, Mistake

# Codes that programs write for "no value": old statistics packages and rasters, the Census Bureau's
# API (-666666666 and its family), and the lowest 32-bit float, as GIS tools do.
MISSING_CODES: Final = (
    *(-99.0, -999.0, -9999.0, -99999.0, -999999.0, -32768.0, -2147483648.0),
    *(-111111111.0, -222222222.0, -333333333.0, -444444444.0, -555555555.0),
    *(-666666666.0, -777777777.0, -888888888.0, -999999999.0),
    -3.4028234663852886e38,
    -1.7976931348623157e308,
)
# A slip in another unit is, put right, not farther than this from the column's usual number.
NEAR_THE_USUAL: Final = 20.0
LEAVE_EMPTY: Final = "leave it empty: an empty cell means not measured"
WRITE_OR_DROP: Final = "write the value or drop the row"


@dataclass(frozen=True)
class Scaling:
    """A factor by which shares and indices are multiplied.

    Attributes
    ----------
    unit
        Unit of the column, told by its beginning.
    factor
        What they are multiplied by.
    over
        What a number must exceed to look like it by itself.
    words
        What it looks like.
    """

    unit: str
    factor: float
    over: float
    words: str


SCALINGS: Final = (
    Scaling("share", 100, 1, "percent"),
    Scaling("index", 100, 1, "an index scaled by 100"),
    Scaling("index", 10_000, 100, "an index scaled by 10,000"),
)


@dataclass(frozen=True)
class Reading:
    """What the numbers of a column together say of their unit.

    Attributes
    ----------
    whole
        Whether most of them are out of place, so that it is the column and not a few slips.
    scaling
        Factor by which they are multiplied as a whole; None if they are not.
    mistake
        Unit in which they are written as a whole; None if none accounts for them.
    usual
        Median of those that are in place; None where none is.
    """

    whole: bool = False
    scaling: Scaling | None = None
    mistake: Mistake | None = None
    usual: float | None = None


def is_missing_code(value: float, unit: str) -> bool:
    """Whether a number is a code for *no value* in a column of this unit."""
    if any(math.isclose(value, code, rel_tol=1e-6) for code in MISSING_CODES):
        return True
    zero = {"K": 0.0, "°C": ABSOLUTE_ZERO_C}.get(unit)
    return zero is not None and math.isclose(value, zero, abs_tol=1e-6)


def explain_number(
    value: float,
    unit: str,
    low: float | None,
    high: float | None,
    *,
    nullable: bool = True,
    reading: Reading = Reading(),
) -> tuple[str, str]:
    """Say why a number is out of place, and what would be right.

    Parameters
    ----------
    value
        A number that is infinite or outside its range.
    unit
        Unit of the column.
    low, high
        Valid range, both ends included; None where there is no bound. No cure is offered that
        would leave it.
    nullable
        Whether the column may be without a value.
    reading
        What the column's numbers say together.
    """
    leave_empty = LEAVE_EMPTY if nullable else WRITE_OR_DROP
    if math.isinf(value):
        return "the value is infinite", leave_empty
    if is_missing_code(value, unit):
        return f"{value:.10g} is a code for a missing value", leave_empty
    if value == 0 and low == 1:
        # a median of dollars or years is never 0: public tables write it for "too few to tell"
        return (
            f"0 is outside {range_words(low, high)} {unit}: here it stands for a missing value",
            f"correct it or {leave_empty}",
        )
    for mistake in (m for m in MISTAKES if m.unit == unit):
        if mistake.low < value <= mistake.high and fits(mistake, value, reading):
            right = mistake.right(value)
            if in_range(right, low, high):
                return (
                    f"{value:.10g} looks like {mistake.words}",
                    f"{mistake.cure} → {right:.2f} {unit}",
                )
    scaling = reading.scaling
    for likely in SCALINGS if scaling is None else (scaling,):
        size = abs(value) if likely.unit == "index" else value
        alone = scaling is None and likely.over < size <= likely.factor
        right = value / likely.factor
        if unit.startswith(likely.unit) and (alone or scaling) and in_range(right, low, high):
            what = "it" if alone else "the column"
            more = " (a share runs from 0 to 1)" if likely.unit == "share" else ""
            return (
                f"{value:.10g} looks like {likely.words}",
                f"divide {what} by {likely.factor:g} → {right:.4g}{more}",
            )
    outside = f"{value:.10g} is outside {range_words(low, high)} {unit}"
    if reading.whole:
        return outside, f"most of the column is: write it in {unit}"
    return outside, f"correct it or {leave_empty}"


def fits(mistake: Mistake, value: float, reading: Reading) -> bool:
    """Whether a number may be written in a unit, by what the others of its column are."""
    if reading.whole:
        return mistake == reading.mistake
    return reading.usual is None or abs(mistake.right(value) - reading.usual) <= NEAR_THE_USUAL


def in_range(value: float, low: float | None, high: float | None) -> bool:
    """Whether a number lies between two bounds, both included; None is no bound."""
    return (low is None or value >= low) and (high is None or value <= high)


def range_words(low: float | None, high: float | None) -> str:
    """Put a range in words."""
    if low is None or high is None:
        return f"at least {bound(low)}" if low is not None else f"at most {bound(high or 0.0)}"
    return f"{bound(low)} to {bound(high)}"


def bound(value: float) -> str:
    """Write a bound: 0.5, 500000, 10,000,000."""
    return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"
