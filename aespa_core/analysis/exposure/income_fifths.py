"""Who bears how much heat: population-weighted mean temperature by income quintile."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from aespa_core.analysis.exposure.left_out import left_out
from aespa_core.errors import StudyError

QUINTILES: Final = 5
FIFTHS: Final = ("Poorest fifth", "Second", "Middle", "Fourth", "Richest fifth")
CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class GroupMean:
    """Weighted mean of a group with its 95 % interval, °C; ``tracts`` and ``people`` behind it."""

    label: str
    mean_c: float
    low_c: float
    high_c: float
    tracts: int
    people: float


@dataclass(frozen=True)
class Exposure:
    """Mean temperature of five income groups and the gap between the ends.

    Attributes
    ----------
    groups
        Poorest fifth of the people first.
    gap
        Poorest minus richest fifth, °C with 95 % interval.
    dropped
        Reason → number of tracts left out.
    """

    groups: tuple[GroupMean, ...]
    gap: GroupMean
    dropped: dict[str, int]


def weighted_parts(
    values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], count: int
) -> npt.NDArray[np.int64]:
    """Assign equal parts of the total weight, 0 for the lowest values; ties share a part.

    A tract belongs to the part in which the middle of its own weight falls.
    """
    table = pd.DataFrame({"value": values, "weight": weights})
    by_value = table.groupby("value", sort=True)["weight"].sum()
    middle = (by_value.cumsum() - by_value / 2) / by_value.sum()
    part = np.minimum((middle * count).astype(int), count - 1)
    return table["value"].map(part).to_numpy()


def weighted_quintiles(
    values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Assign fifths of the total weight, as :func:`weighted_parts`."""
    return weighted_parts(values, weights, QUINTILES)


@dataclass(frozen=True)
class IncomeFifths:
    """Tracts that can be compared, their fifth (0 the poorest), and reason → tracts left out."""

    used: pd.DataFrame
    fifth: npt.NDArray[np.int64]
    dropped: dict[str, int]


def income_fifths(tracts: pd.DataFrame, outcome: str) -> IncomeFifths:
    """Sort a metro's people into fifths by income.

    Raises
    ------
    StudyError
        As :func:`exposure_by_income`.
    """
    needed = [outcome, "population", "median_household_income_usd"]
    if absent := [name for name in needed if name not in tracts]:
        raise StudyError(f"The study has no {', '.join(absent)}: exposure by income needs it.")
    left = left_out(
        {
            f"no {outcome}": tracts[outcome].isna().to_numpy(),
            "no residents": ~(tracts["population"] > 0).to_numpy(),
            "no income": tracts["median_household_income_usd"].isna().to_numpy(),
        }
    )
    used = tracts[left.kept]
    if len(used) < QUINTILES**2:
        raise StudyError(
            f"Only {len(used)} tracts have {outcome}, income and residents: "
            f"five groups need at least {QUINTILES**2}."
        )
    fifth = weighted_quintiles(
        used["median_household_income_usd"].to_numpy(float), used["population"].to_numpy(float)
    )
    return IncomeFifths(used, fifth, left.dropped)


def exposure_by_income(tracts: pd.DataFrame, outcome: str) -> Exposure:
    """Compare the income fifths of a metro's people.

    Parameters
    ----------
    tracts
        Columns ``population`` (people), ``median_household_income_usd`` (US$) and the outcome.
    outcome
        Column in °C.

    Raises
    ------
    StudyError
        If fewer than 25 tracts have all three, a column is missing, or incomes are so alike that
        a fifth has fewer than two tracts.
    """
    fifths = income_fifths(tracts, outcome)
    used, fifth = fifths.used, fifths.fifth
    sizes = np.bincount(fifth, minlength=QUINTILES)
    thin = int(sizes.argmin())
    if sizes[thin] < 2:
        raise StudyError(
            f"Incomes are too alike for five groups: '{FIFTHS[thin]}' has {sizes[thin]} of "
            f"{len(used)} tracts, and an interval needs two in each."
        )
    people = used["population"].to_numpy(float)
    values = used[outcome].to_numpy(float)
    groups = tuple(
        weighted_mean(name, values[fifth == k], people[fifth == k]) for k, name in enumerate(FIFTHS)
    )
    gap = difference(groups[0], groups[-1])
    return Exposure(groups, gap, fifths.dropped)


def weighted_mean(
    label: str, values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> GroupMean:
    r"""Estimate a weighted mean and its interval.

    .. math:: \bar y = \sum w_i y_i / \sum w_i, \quad
       s^2 = \frac{n}{n-1} \sum w_i^2 (y_i - \bar y)^2 / (\sum w_i)^2

    The variance is that of a ratio estimator over tracts (Cochran 1977, Sampling Techniques,
    eq. 6.9 with the finite-population factor left out); it equals HC1 of a weighted regression on
    a constant. Tracts count as independent, so that with heat clustered in space the interval is
    too narrow.
    """
    total = weights.sum()
    mean = float(values @ weights / total)
    n = len(values)
    error = float(np.sqrt(n / (n - 1) * ((weights * (values - mean)) ** 2).sum()) / total)
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1)) * error
    return GroupMean(label, mean, mean - reach, mean + reach, n, float(total))


def difference(first: GroupMean, last: GroupMean) -> GroupMean:
    """Gap between two independent groups with its 95 % interval (Welch)."""
    parts = [
        (group, (group.high_c - group.mean_c) / stats.t.ppf((1 + CONFIDENCE) / 2, group.tracts - 1))
        for group in (first, last)
    ]
    variances = np.array([error**2 for _, error in parts])
    freedom = variances.sum() ** 2 / sum(
        v**2 / (group.tracts - 1) for v, (group, _) in zip(variances, parts, strict=True)
    )
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * np.sqrt(variances.sum()))
    gap = first.mean_c - last.mean_c
    return GroupMean(
        "Poorest minus richest",
        gap,
        gap - reach,
        gap + reach,
        first.tracts + last.tracts,
        first.people + last.people,
    )
