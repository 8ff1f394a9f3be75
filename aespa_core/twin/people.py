r"""Who lives in each tract of a simulated metro.

.. math::

    \log y_i = \log y_0 + \beta (c_i - \bar c) + \gamma (k_i - \bar k) + u_i + e_i, \qquad
    \operatorname{logit} s_i = \operatorname{logit} s_0 + b (z_i - z_0) + w_i

with income y, canopy c, distance from the centre k, a share s and its covariate z (log income, or
median age for the shares of ages); u and w are Gaussian and independent of everything on the right,
u and that of the White share smooth in space (:mod:`aespa_core.twin.gaussian_field`), e is not.

Least squares over the tracts of one metro therefore recovers, without bias,

* β and γ from log income on canopy and distance from the centre together,
* every b from the logit of the share on its covariate alone, likewise the slope of median age,

each with a constant, and whatever the weights, as long as these do not depend on the outcome.
:func:`aespa_core.twin.disparity_truth.stated_slopes` lists them. Canopy is centred on the metro's
mean, so no slope depends on where other metros lie.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from aespa_core.twin.chance import stream
from aespa_core.twin.gaussian_field import draw_field
from aespa_core.twin.land_use import Land
from aespa_core.twin.people_law import PeopleLaw, ShareLaw

Floats = npt.NDArray[np.float64]

# The ends of the tables' income columns: the default law reaches the upper one about never.
INCOME_RANGE_USD: Final = (1.0, 500_000.0)
AGE_RANGE_YEARS: Final = (1.0, 110.0)
# Digits that are kept, far below any noise: a last bit of linear algebra shall not change a file.
SHARE_DIGITS: Final = 6
OF_RESIDENTS: Final = (
    "white_share",
    "median_household_income_usd",
    "per_capita_income_usd",
    "poverty_share",
    "unemployment_share",
    "median_age_years",
    "under_5_share",
    "over_64_share",
    "no_vehicle_share",
)


def draw_people(land: Land, law: PeopleLaw, seed: int) -> pd.DataFrame:
    """Draw the residents of every tract.

    Parameters
    ----------
    land
        B tracts.
    law
        Stated slopes and spreads.
    seed
        Of the metro.

    Returns
    -------
    pandas.DataFrame
        B rows: the columns of table ``tracts`` about people and homes. A tract without residents
        has population 0 and no shares, incomes or ages.
    """
    rng = stream(seed, "people")
    units = rng.poisson(land.homes_m2 / law.home_m2).astype(float)
    population = rng.poisson(units * law.occupied_share * law.household_size).astype(float)
    income_usd = draw_income_usd(land, law, rng)
    # what later draws depend on is what the table shows, so that regressions on it are exact
    log_income = np.log(income_usd / law.median_income_usd)
    per_capita = income_usd * law.per_capita_ratio
    per_capita *= np.exp(law.per_capita_spread * rng.standard_normal(land.tracts))
    age = law.median_age_years + law.age_on_income * log_income
    age = np.round(age + law.age_spread * rng.standard_normal(land.tracts), 2)
    age = np.clip(age, *AGE_RANGE_YEARS)
    older = age - law.median_age_years
    white = draw_share(law.white, log_income, land, rng)
    people = pd.DataFrame(
        {
            "geoid": pd.Series(land.geoid, dtype="str"),
            "metro": pd.Series([land.metro] * land.tracts, dtype="str"),
            "aland_m2": land.land_km2 * 1e6,
            "population": population,
            "white_population": np.round(white * population),
            "white_share": white,
            "median_household_income_usd": income_usd,
            "per_capita_income_usd": np.clip(np.round(per_capita), *INCOME_RANGE_USD),
            "poverty_share": draw_share(law.poverty, log_income, land, rng),
            "unemployment_share": draw_share(law.unemployment, log_income, land, rng),
            "median_age_years": age,
            "under_5_share": draw_share(law.under_5, older, land, rng),
            "over_64_share": draw_share(law.over_64, older, land, rng),
            "no_vehicle_share": draw_share(law.no_vehicle, log_income, land, rng),
            "housing_units": units,
            "housing_density_km2": units / land.land_km2,
        }
    )
    if (population == 0).any():
        people.loc[population == 0, list(OF_RESIDENTS)] = np.nan
    return people


def draw_income_usd(land: Land, law: PeopleLaw, rng: np.random.Generator) -> Floats:
    """Draw median household income, US$ a year to the dollar, shape (B,)."""
    explained = law.income_on_canopy * (land.canopy - land.canopy.mean())
    explained += law.income_on_centre_km * (land.centre_km - land.centre_km.mean())
    smooth = draw_field(land.x_m, land.y_m, law.income_field_sd, law.income_range_m, rng)
    own = law.income_spread * rng.standard_normal(land.tracts)
    income = law.median_income_usd * np.exp(explained + smooth + own)
    return np.clip(np.round(income), *INCOME_RANGE_USD)


def draw_share(law: ShareLaw, covariate: Floats, land: Land, rng: np.random.Generator) -> Floats:
    """Draw a share that is linear on the logit scale, 0–1, shape (B,).

    Parameters
    ----------
    law
        Typical share, slope, and what is left over.
    covariate
        Minus its reference value, shape (B,).
    land
        B tracts.
    rng
        Where the numbers come from.
    """
    rest = draw_field(land.x_m, land.y_m, law.spread, law.range_m, rng)
    return np.round(expit(logit(law.typical) + law.slope * covariate + rest), SHARE_DIGITS)


def draw_canopy(land: Land, law: PeopleLaw, seed: int) -> Floats:
    r"""Draw canopy for worlds without images, from the history of the neighbourhoods, shape (B,).

    .. math:: \operatorname{logit} c_i = \operatorname{logit} c_0 + a h_i + g (k_i - \bar k) + e_i

    with history h, a smooth field of mean 0 and standard deviation 1. It replaces ``land.canopy``;
    income then follows the trees as it does in worlds with images.
    """
    rng = stream(seed, "canopy")
    history = draw_field(land.x_m, land.y_m, 1.0, law.history_range_m, rng)
    score = logit(law.canopy_typical) + law.canopy_on_history * history
    score += law.canopy_on_centre_km * (land.centre_km - land.centre_km.mean())
    score += law.canopy_spread * rng.standard_normal(land.tracts)
    return np.round(expit(score), SHARE_DIGITS)
