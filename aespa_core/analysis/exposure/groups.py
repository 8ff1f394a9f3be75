r"""Mean temperature where the people of a group live, and the gap to the others.

.. math:: \bar y_g = \sum_i n_{ig} y_i \Big/ \sum_i n_{ig}

with n people of group g in tract i (Hsu et al. 2021, Nat. Commun. 12:2721). Both means come from
one weighted regression of rows tract × group on the groups, so that a tract's rows can share a
cluster: two groups that live side by side are warm together, and the gap knows it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.exposure.people import (
    DIVISIONS,
    Division,
    Groups,
    groups_by_income,
    groups_by_share,
)
from aespa_core.analysis.regression.covariance import Covariance
from aespa_core.analysis.regression.cr2 import cr2
from aespa_core.analysis.regression.estimate import Estimate, estimates_of
from aespa_core.analysis.regression.least_squares import Fit, Floats, least_squares
from aespa_core.errors import StudyError

Places = npt.NDArray[np.int64]
# A fit and the tract of each of its rows (R,) → the covariance of its coefficients.
RowErrors = Callable[[Fit, Places], Covariance]
# An error this small beside the outcome's spread is rounding: clusters do not differ, or are one.
NO_ERROR = 1e-8


@dataclass(frozen=True)
class GroupHeat:
    """Mean of a group, or gap between two, °C, from so many tracts and people."""

    estimate: Estimate
    tracts: int
    people: float


@dataclass(frozen=True)
class Compared:
    """Groups of one division.

    Attributes
    ----------
    id, label
        Of the division.
    means
        One a group in which somebody lives.
    gaps
        As the division asks, where both sides have people.
    dropped
        Reason → number of tracts left out.
    notices
        Groups with nobody, intervals that are unknown.
    """

    id: str
    label: str
    means: tuple[GroupHeat, ...]
    gaps: tuple[GroupHeat, ...]
    dropped: dict[str, int]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class GroupExposure:
    """All divisions that a metro's tracts carry, and what could not be said of the others."""

    divisions: tuple[Compared, ...]
    notices: tuple[str, ...]


def block_errors(blocks: Places) -> RowErrors:
    """CR2 over blocks of tracts (N,)."""
    return lambda fit, tract: cr2(fit, blocks[tract])


def group_exposure(
    tracts: pd.DataFrame,
    outcome: str,
    errors: RowErrors,
    divisions: tuple[Division, ...] = DIVISIONS,
) -> GroupExposure:
    """Compare the groups of a metro's people, the fifths of income last.

    Parameters
    ----------
    tracts
        One row a tract: ``population``, the outcome, shares, ``median_household_income_usd``.
    outcome
        Column in °C.
    errors
        Such as :func:`block_errors`.
    divisions
        By shares.

    Raises
    ------
    StudyError
        If the tracts have no such outcome. What else is missing is a notice.
    """
    if outcome not in tracts:
        raise StudyError(f"The study has no {outcome}: exposure needs a temperature.")
    makers: list[Callable[[pd.DataFrame, str], Groups]] = [
        partial(groups_by_share, division=division) for division in divisions
    ]
    found, notices = [], []
    for groups_of in (*makers, groups_by_income):
        try:
            groups = groups_of(tracts, outcome)
            found.append(compare(tracts[outcome].to_numpy(float), groups, errors))
        except StudyError as error:
            notices.append(str(error))
    every = [notice for part in found for notice in part.notices]
    return GroupExposure(tuple(found), (*notices, *every))


def compare(y: Floats, groups: Groups, errors: RowErrors) -> Compared:
    """Estimate the means of groups and their gaps from y (N,).

    Raises
    ------
    StudyError
        If there are fewer rows than groups need.
    """
    there = np.flatnonzero(groups.weights.sum(0) > 0)
    notices = [
        f"{groups.label}: nobody is in '{label}', which has no mean."
        for place, label in enumerate(groups.labels)
        if place not in there
    ]
    labels = [groups.labels[place] for place in there]
    weights = groups.weights[:, there]
    means = estimated(y, weights, np.eye(len(there)), labels, groups.label, errors, notices)
    pairs = groups.sides.reshape(len(y), len(groups.gaps), 2)
    gaps = [
        gap_between(y, groups, int(place), errors, notices)
        for place in np.flatnonzero((pairs.sum(0) > 0).all(1))
    ]
    return Compared(
        groups.id,
        groups.label,
        tuple(
            heat_of(estimate, groups, (int(place),))
            for estimate, place in zip(means, there, strict=True)
        ),
        tuple(gaps),
        groups.dropped,
        tuple(dict.fromkeys(notices)),
    )


def gap_between(
    y: Floats, groups: Groups, place: int, errors: RowErrors, notices: list[str]
) -> GroupHeat:
    """Set groups against others; each side is one row in a tract."""
    gap = groups.gaps[place]
    weights = groups.sides[:, 2 * place : 2 * place + 2]
    design = np.array([[1.0, 1.0], [0.0, 1.0]])  # the gap, and the mean of the others
    gap_estimate = estimated(y, weights, design, [gap.label], groups.label, errors, notices)[0]
    return heat_of(gap_estimate, groups, (*gap.groups, *gap.others))


def estimated(
    y: Floats,
    weights: Floats,
    design: Floats,
    terms: list[str],
    label: str,
    errors: RowErrors,
    notices: list[str],
) -> tuple[Estimate, ...]:
    """Regress the stacked rows of weights (N, G) on each group's row of design (G, K)."""
    group, tract = np.nonzero(weights.T > 0)
    fit = least_squares(y[tract], design[group], weights[tract, group])
    unknown = np.full(design.shape[1], np.nan)
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            covariance = errors(fit, tract)
    except StudyError as error:
        notices.append(f"{label}: intervals are unknown. {error}")
        covariance = Covariance("none", np.diag(unknown), unknown)
    found = []
    for estimate in estimates_of(fit, terms, covariance):
        if np.isnan(estimate.std_error) and np.isfinite(covariance.freedom).all():
            notices.append(
                f"{label}: the variance of '{estimate.term}' does not come out above 0, so its "
                "interval is unknown."
            )
        if estimate.std_error < NO_ERROR * fit.y.std():
            notices.append(
                f"{label}: '{estimate.term}' differs between no clusters, so its interval is "
                "unknown."
            )
            estimate = Estimate(estimate.term, estimate.estimate, np.nan, np.nan)
        found.append(estimate)
    return tuple(found)


def heat_of(estimate: Estimate, groups: Groups, places: tuple[int, ...]) -> GroupHeat:
    """Count the tracts and people behind an estimate."""
    tracts = int((groups.weights[:, places] > 0).any(1).sum())
    return GroupHeat(estimate, tracts, float(groups.people[:, places].sum()))
