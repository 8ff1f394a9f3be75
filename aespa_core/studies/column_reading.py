"""What the numbers of a column together say of its unit, by which each of them is explained."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.studies.temperature_units import ABSOLUTE_ZERO_C, MISTAKES, Mistake
from aespa_core.studies.unit_mistakes import (
    MISSING_CODES,
    SCALINGS,
    Reading,
    Scaling,
    in_range,
)

# Of shares and indices, so many beyond ±1 are no slips: the column is scaled as a whole.
SCALED_SHARE: Final = 0.1
# Of its numbers, so many tell by how much; the others may be slips and codes.
TELLING_SHARE: Final = 0.95
# What passes in a column of percent is what lies below 1 %: few, or about as many as up to 3 %.
FEW: Final = 0.05
AS_MANY_UP_TO: Final = 3.0
# Surfaces of towns on summer days and nights: between them lie nine in ten tracts of a metro.
SUMMER_C: Final = (0.0, 65.0)


def reading_of(values: pd.Series, unit: str, low: float | None, high: float | None) -> Reading:
    """Read a column's numbers together.

    Parameters
    ----------
    values
        Floats, missing where there is no number.
    unit
        Its declared unit.
    low, high
        Its valid range; None is no bound.
    """
    known = values[np.isfinite(values) & ~values.isin(MISSING_CODES)]
    least, most = (-np.inf if low is None else low), (np.inf if high is None else high)
    passing = known[known.between(least, most)]
    wrong = known[~known.between(least, most)]
    whole = len(wrong) > len(passing)
    usual = float(passing.median()) if len(passing) else None
    mistake = unit_as_a_whole(wrong, unit, low, high) if whole else None
    return Reading(whole, scaling_of(values, unit), mistake, usual)


def unit_as_a_whole(
    wrong: pd.Series, unit: str, low: float | None, high: float | None
) -> Mistake | None:
    """Tell in which unit temperatures are written that are out of place, if one accounts for them.

    A unit must make summer temperatures of nearly all of them: 273.51 is 0.4 °C in kelvin and
    27.4 °C in tenths.
    """
    summer = SUMMER_C if unit == "°C" else tuple(end - ABSOLUTE_ZERO_C for end in SUMMER_C)
    for mistake in MISTAKES:
        if mistake.unit != unit:
            continue
        alike = wrong[(wrong > mistake.low) & (wrong <= mistake.high)]
        right = alike.map(mistake.right)
        told = [in_range(value, low, high) for value in right]
        if sum(told) < TELLING_SHARE * len(wrong):
            continue
        ends = right.quantile([1 - TELLING_SHARE, TELLING_SHARE])
        if ends.between(*summer).all():
            return mistake
    return None


def scaling_of(values: pd.Series, unit: str) -> Scaling | None:
    """Tell by what a column of shares or indices is multiplied as a whole, if it is."""
    known = values[np.isfinite(values) & ~values.isin(MISSING_CODES)]
    sizes = known.abs() if unit.startswith("index") else known
    if sizes.empty or (sizes > 1).mean() <= SCALED_SHARE or is_mixed(sizes):
        return None
    most = float(sizes.quantile(TELLING_SHARE))
    likely = (one for one in SCALINGS if unit.startswith(one.unit))
    return next((one for one in likely if most <= one.factor), None)


def is_mixed(sizes: pd.Series) -> bool:
    """Whether only some rows are multiplied: too many pass for the small numbers of one scale."""
    passing = int(sizes.between(0, 1, inclusive="right").sum())
    beside = int(sizes.between(1, AS_MANY_UP_TO, inclusive="right").sum())
    return passing > max(FEW * len(sizes), AS_MANY_UP_TO * beside)
