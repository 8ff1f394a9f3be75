"""How temperature goes with who lives there: weighted least squares with robust errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import statsmodels.api as sm

from aespa_core.errors import StudyError

STARS: Final = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


@dataclass(frozen=True)
class Coefficient:
    """One row of a regression table; °C per unit of the covariate, 95 % interval."""

    name: str
    estimate: float
    error: float
    low: float
    high: float
    p: float

    @property
    def stars(self) -> str:
        """Marks by the p value that the shown standard error gives: * .05, ** .01, *** .001."""
        return next((mark for level, mark in STARS if self.p < level), "")


@dataclass(frozen=True)
class Regression:
    """A fitted regression.

    Attributes
    ----------
    outcome
        Column that was explained, °C.
    coefficients
        Constant first.
    tracts
        Rows used.
    r2
        Weighted share of variance explained.
    dropped
        Reason → number of tracts left out.
    notices
        What the reader must know, such as a covariate left out because it never changes.
    """

    outcome: str
    coefficients: tuple[Coefficient, ...]
    tracts: int
    r2: float
    dropped: dict[str, int]
    notices: tuple[str, ...]


def regress(
    tracts: pd.DataFrame, outcome: str, covariates: Sequence[str], weight: str = "population"
) -> Regression:
    r"""Fit ``outcome ~ 1 + covariates`` by weighted least squares with HC1 standard errors.

    .. math:: \hat V = \frac{n}{n-k} (X'WX)^{-1} X'W \operatorname{diag}(e^2) W X (X'WX)^{-1}

    MacKinnon & White (1985), J. Econometrics 29:305. Tracts count as independent; with heat
    clustered in space these errors are too small.

    Parameters
    ----------
    tracts
        One row a tract.
    outcome
        Column in °C.
    covariates
        Columns, already in the units in which effects shall be read.
    weight
        Column of weights, positive where a tract counts.

    Raises
    ------
    StudyError
        If a column is missing or too few tracts have all of them.
    """
    needed = list(dict.fromkeys([outcome, *covariates, weight]))
    if absent := [name for name in needed if name not in tracts]:
        raise StudyError(f"The study has no {', '.join(absent)}: the regression needs it.")
    dropped = {f"no {name}": int(tracts[name].isna().sum()) for name in needed}
    used = tracts[needed].dropna()
    dropped[f"{weight} is zero"] = int((used[weight] <= 0).sum())
    used = used[used[weight] > 0]
    kept, notices = independent_covariates(used, covariates)
    if len(used) <= len(kept) + 1:
        raise StudyError(
            f"Only {len(used)} tracts have {', '.join(needed)}: "
            f"{len(kept) + 1} coefficients need more."
        )
    design = sm.add_constant(used[kept], has_constant="add")
    fit = sm.WLS(used[outcome], design, weights=used[weight]).fit(cov_type="HC1", use_t=True)
    bounds = fit.conf_int()
    return Regression(
        outcome,
        tuple(
            Coefficient(
                "constant" if name == "const" else name,
                float(fit.params[name]),
                float(fit.bse[name]),
                float(bounds.loc[name, 0]),
                float(bounds.loc[name, 1]),
                float(fit.pvalues[name]),
            )
            for name in design
        ),
        len(used),
        float(fit.rsquared),
        {reason: n for reason, n in dropped.items() if n},
        notices,
    )


def independent_covariates(
    used: pd.DataFrame, covariates: Sequence[str]
) -> tuple[list[str], tuple[str, ...]]:
    """Keep covariates that add something to the constant and to those before them."""
    kept: list[str] = []
    notices: list[str] = []
    for name in covariates:
        values = used[name].to_numpy(float)
        if len(values) == 0 or np.ptp(values) == 0:
            notices.append(f"{name} is the same in every tract: left out.")
            continue
        before = np.column_stack([np.ones(len(used)), used[kept].to_numpy(float)])
        rest = values - before @ np.linalg.lstsq(before, values, rcond=None)[0]
        if rest.std() < 1e-9 * values.std():
            notices.append(f"{name} is a combination of the covariates before it: left out.")
            continue
        kept.append(name)
    return kept, tuple(notices)


def covariates_of(tracts: pd.DataFrame) -> pd.DataFrame:
    """Add the covariates of the Disparity page to the tracts.

    Returns
    -------
    pandas.DataFrame
        The input with ``income_sd`` (median household income in standard deviations),
        ``poverty_10pct`` and ``nonwhite_10pct`` (shares in steps of ten percentage points) and
        ``log_density`` (natural logarithm of residents per km²), where their sources exist.
    """
    table = pd.DataFrame(tracts.drop(columns="geometry", errors="ignore")).copy()
    if "median_household_income_usd" in table:
        income = table["median_household_income_usd"]
        table["income_sd"] = (income - income.mean()) / income.std()
    if "poverty_share" in table:
        table["poverty_10pct"] = table["poverty_share"] * 10
    if "white_share" in table:
        table["nonwhite_10pct"] = (1 - table["white_share"]) * 10
    if {"population", "aland_m2"} <= set(table):
        people = table["population"].where(table["population"] > 0)
        table["log_density"] = np.log(people / (table["aland_m2"].where(lambda m2: m2 > 0) / 1e6))
    return table
