"""The stated law of the people of a simulated metro: every slope and spread, with its unit.

The numbers belong to the simulation. They are chosen near those of US metros, so that analyses meet
sizes they will meet outside, and the comment says after what; none is an estimate of anything.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShareLaw:
    """A share that is linear in one covariate on the logit scale.

    Attributes
    ----------
    typical
        Share where the covariate has its reference value, 0–1.
    slope
        Change of the share's logit for one unit of the covariate.
    spread
        Standard deviation of the logit that the covariate does not explain.
    range_m
        Distance at which that rest is correlated by 1/e, m; 0 where tracts differ on their own.
    """

    typical: float
    slope: float
    spread: float
    range_m: float = 0.0


@dataclass(frozen=True)
class PeopleLaw:
    """How people depend on the land.

    History stands in the trees: money and neglect of the past shaped canopy, and income follows
    canopy with a stated slope. What else made people rich or poor is a smooth field of its own,
    independent of canopy, so that ordinary regressions recover the stated slopes without bias.

    Attributes
    ----------
    median_income_usd
        Median household income where canopy and distance from the centre are the metro's mean, and
        reference of every share that depends on income, US$ a year.
    income_on_canopy
        Change of log income for canopy from 0 to 1, at equal distance from the centre.
    income_on_centre_km
        Change of log income a kilometre from the centre, at equal canopy.
    income_field_sd, income_range_m
        Smooth part of log income that the land does not explain: standard deviation, and distance
        at which correlation is 1/e, m.
    income_spread
        Standard deviation of log income of tracts on their own.
    per_capita_ratio, per_capita_spread
        Per-capita over median household income; standard deviation of its logarithm.
    poverty, unemployment, no_vehicle, white
        Shares by log income, reference ``median_income_usd``.
    median_age_years, age_on_income, age_spread
        Median age at the reference income, years; change for one unit of log income; spread.
    under_5, over_64
        Shares by median age in years, reference ``median_age_years``.
    home_m2
        Floor area of a housing unit with its share of halls and stairs, m².
    occupied_share
        Housing units that somebody lives in, 0–1.
    household_size
        Residents of an occupied unit.
    canopy_typical
        Canopy of a tract without history at the mean distance from the centre, 0–1.
    canopy_on_history
        Change of the logit of canopy for one standard deviation of history.
    canopy_on_centre_km
        Change of the logit of canopy a kilometre from the centre.
    canopy_spread
        Standard deviation of the logit of canopy of tracts on their own.
    history_range_m
        Distance at which history is correlated by 1/e, m.
    """

    # ACS 2016–2020: about $65,000 in the nation
    median_income_usd: float = 68_000.0
    # Low-income blocks have 15 points less canopy (McDonald et al. 2021, PLoS ONE 16:e0249715);
    # 2.0 makes ten points of canopy worth 22 % of income
    income_on_canopy: float = 2.0
    income_on_centre_km: float = 0.05
    income_field_sd: float = 0.28
    income_range_m: float = 700.0
    income_spread: float = 0.15
    per_capita_ratio: float = 0.52
    per_capita_spread: float = 0.08
    # a tract of half the income has about three times the poverty
    poverty: ShareLaw = ShareLaw(0.11, -1.9, 0.30)
    unemployment: ShareLaw = ShareLaw(0.050, -0.7, 0.30)
    no_vehicle: ShareLaw = ShareLaw(0.10, -1.3, 0.40)
    white: ShareLaw = ShareLaw(0.60, 1.1, 0.80, range_m=900.0)
    median_age_years: float = 37.0
    age_on_income: float = 3.0
    age_spread: float = 3.5
    under_5: ShareLaw = ShareLaw(0.060, -0.05, 0.15)
    over_64: ShareLaw = ShareLaw(0.150, 0.07, 0.15)
    home_m2: float = 150.0
    occupied_share: float = 0.90
    household_size: float = 2.6
    canopy_typical: float = 0.22
    canopy_on_history: float = 0.45
    canopy_on_centre_km: float = 0.20
    canopy_spread: float = 0.25
    history_range_m: float = 900.0
