"""What temperature is regressed on, each in the step in which its effect is read."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Covariate:
    """A column of a regression.

    Attributes
    ----------
    id
        In specifications and tables.
    label
        On screen, with the step of one unit.
    brief
        The same, as the head of a column.
    needs
        Columns of ``tracts`` that it is made of.
    """

    id: str
    label: str
    brief: str
    needs: tuple[str, ...]


COVARIATES: Final = {
    covariate.id: covariate
    for covariate in (
        Covariate(
            "income_sd",
            "Median household income (per standard deviation within its metro)",
            "Income, per SD",
            ("median_household_income_usd",),
        ),
        Covariate(
            "nonwhite_10pct",
            "Residents other than White alone (per 10 percentage points)",
            "Not White alone, per 10 points",
            ("white_share",),
        ),
        Covariate(
            "poverty_10pct",
            "Poverty (per 10 percentage points)",
            "Poverty, per 10 points",
            ("poverty_share",),
        ),
        Covariate(
            "unemployment_10pct",
            "Unemployment (per 10 percentage points)",
            "Unemployment, per 10 points",
            ("unemployment_share",),
        ),
        Covariate(
            "no_vehicle_10pct",
            "Households without a vehicle (per 10 percentage points)",
            "No vehicle, per 10 points",
            ("no_vehicle_share",),
        ),
        Covariate(
            "over_64_10pct",
            "Residents of 65 and more (per 10 percentage points)",
            "65 and more, per 10 points",
            ("over_64_share",),
        ),
        Covariate(
            "under_5_10pct",
            "Residents younger than 5 (per 10 percentage points)",
            "Under 5, per 10 points",
            ("under_5_share",),
        ),
        Covariate(
            "log_density",
            "Residents per km² (natural logarithm)",
            "Log density",
            ("population", "aland_m2"),
        ),
    )
}


def add_covariates(tracts: pd.DataFrame) -> pd.DataFrame:
    """Compute every covariate whose columns are there.

    Parameters
    ----------
    tracts
        One row a tract with ``metro`` and columns of a study's ``tracts``.

    Returns
    -------
    pandas.DataFrame
        The input and the covariates, NaN where a column is missing.
    """
    table = tracts.copy()
    columns = set(table)
    for covariate in COVARIATES.values():
        if columns.issuperset(covariate.needs):
            table[covariate.id] = values_of(covariate, table)
    return table


def values_of(covariate: Covariate, tracts: pd.DataFrame) -> pd.Series:
    """Compute one covariate."""
    first = tracts[covariate.needs[0]].astype(float)
    if covariate.id == "income_sd":
        within = first.groupby(tracts["metro"])
        spread = within.transform("std")
        # all alike: the deviation is 0 and stays so, and the regression names it
        return (first - within.transform("mean")) / spread.where(spread > 0, 1.0)
    if covariate.id == "nonwhite_10pct":
        return (1 - first) * 10
    if covariate.id == "log_density":
        land_km2 = tracts["aland_m2"].where(lambda m2: m2 > 0) / 1e6
        return np.log(first.where(first > 0) / land_km2)
    return first * 10
