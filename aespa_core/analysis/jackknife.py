r"""Delete-one-block jackknife: the error of any number that tracts give.

.. math:: \hat V = \frac{B - 1}{B} \sum_b (\hat\theta_{(b)} - \hat\theta)
   (\hat\theta_{(b)} - \hat\theta)'

with the number without block b. A block without which the number stays the same, since nobody
whom it counts lives there, says nothing of how blocks differ: degrees of freedom are the other
blocks less one. Centred on the number of all rows, it
is for least squares the cluster-robust CV3 (MacKinnon, Nielsen & Webb 2023, J. Appl. Econometrics
38:671), and for a mean over equal blocks the textbook's ``s² / B`` of their means.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.regression.covariance import clusters_of
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.analysis.regression.least_squares import Floats
from aespa_core.errors import StudyError

# Below this share of a number's largest change a change is rounding.
ROUNDING = 1e-9
# Rows that are kept (n,) → numbers (S,), NaN for one that these rows do not have.
Statistic = Callable[[npt.NDArray[np.int64]], Floats]


@dataclass(frozen=True)
class Jackknife:
    """Numbers with their errors.

    Attributes
    ----------
    estimates
        S of them; one that does not exist without some block has a missing error.
    covariance
        Shape (S, S).
    blocks
        Number of blocks.
    """

    estimates: tuple[Estimate, ...]
    covariance: Floats
    blocks: int


def jackknife(
    statistic: Statistic, blocks: npt.NDArray[np.int64], terms: Sequence[str]
) -> Jackknife:
    """Estimate the errors of ``statistic`` by leaving out one block after the other.

    Parameters
    ----------
    statistic
        Called with the numbers of the rows that are kept; one that raises StudyError without a
        block is missing there.
    blocks
        Block of each row, shape (N,).
    terms
        Names of the S numbers.

    Raises
    ------
    StudyError
        If there is one block only, or the rows do not have the number.
    """
    count = clusters_of(blocks)
    every = statistic(np.arange(len(blocks)))
    names = np.unique(blocks)
    left = np.stack([kept_or_missing(statistic, blocks != name, len(every)) for name in names])
    away = left - every  # (B, S)
    covariance = (count - 1) / count * (away.T @ away)
    told = (np.abs(away) > ROUNDING * np.abs(away).max(0)).sum(0)  # (S,)
    freedom = np.where(told > 0, told - 1.0, np.nan)
    errors = np.sqrt(np.diag(covariance))
    estimates = tuple(
        Estimate(term, float(value), float(error), float(degrees))
        for term, value, error, degrees in zip(terms, every, errors, freedom, strict=True)
    )
    return Jackknife(estimates, covariance, count)


def kept_or_missing(statistic: Statistic, kept: npt.NDArray[np.bool_], size: int) -> Floats:
    """Numbers of the rows that are kept, all missing where these do not have them."""
    try:
        return statistic(np.flatnonzero(kept))
    except StudyError:
        return np.full(size, np.nan)


def unknowns(estimates: Sequence[Estimate]) -> tuple[str, ...]:
    """Say which numbers or intervals are missing, and why."""
    return tuple(
        f"'{estimate.term}' has no interval: without one block there is nobody left to tell it of."
        if np.isfinite(estimate.estimate)
        else f"'{estimate.term}' is unknown: nobody is there to tell it of."
        for estimate in estimates
        if not np.isfinite(estimate.std_error)
    )
