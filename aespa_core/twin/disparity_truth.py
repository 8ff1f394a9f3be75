"""The true slopes of a simulated metro's people, and the scales on which regressions find them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

from aespa_core.twin.land_use import Land
from aespa_core.twin.people_law import PeopleLaw

SHARES_BY_INCOME = ("poverty", "unemployment", "no_vehicle", "white")
SHARES_BY_AGE = ("under_5", "over_64")


@dataclass(frozen=True)
class StatedSlope:
    """One slope of the law.

    Attributes
    ----------
    outcome, covariate
        Columns of :func:`on_law_scales`.
    beside
        Columns that the regression holds besides the covariate and a constant.
    value
        Change of the outcome for one unit of the covariate.
    """

    outcome: str
    covariate: str
    beside: tuple[str, ...]
    value: float


def stated_slopes(law: PeopleLaw) -> tuple[StatedSlope, ...]:
    """List the slopes that least squares on :func:`on_law_scales` recovers without bias."""
    by_income = [(name, "log_income", getattr(law, name).slope) for name in SHARES_BY_INCOME]
    by_age = [(name, "median_age_years", getattr(law, name).slope) for name in SHARES_BY_AGE]
    return (
        StatedSlope("log_income", "canopy", ("centre_km",), law.income_on_canopy),
        StatedSlope("log_income", "centre_km", ("canopy",), law.income_on_centre_km),
        StatedSlope("log_per_capita", "log_income", (), 1.0),
        StatedSlope("median_age_years", "log_income", (), law.age_on_income),
        *(
            StatedSlope(f"logit_{name}", covariate, (), slope)
            for name, covariate, slope in (*by_income, *by_age)
        ),
    )


def on_law_scales(land: Land, people: pd.DataFrame) -> pd.DataFrame:
    """Put land and people on the scales of the law; tracts without residents are left out.

    Parameters
    ----------
    land
        B tracts.
    people
        B rows in the order of ``land`` (:func:`aespa_core.twin.people.draw_people`).

    Returns
    -------
    pandas.DataFrame
        ``canopy``, ``centre_km``, ``log_income``, ``log_per_capita``, ``median_age_years`` and
        the logit of each share, as ``logit_poverty``.
    """
    table = pd.DataFrame(
        {
            "canopy": land.canopy,
            "centre_km": land.centre_km,
            "log_income": np.log(people["median_household_income_usd"].to_numpy()),
            "log_per_capita": np.log(people["per_capita_income_usd"].to_numpy()),
            "median_age_years": people["median_age_years"].to_numpy(),
            **{
                f"logit_{name}": logit(people[f"{name}_share"].to_numpy())
                for name in (*SHARES_BY_INCOME, *SHARES_BY_AGE)
            },
        }
    )
    return table[people["population"].to_numpy() > 0].reset_index(drop=True)
