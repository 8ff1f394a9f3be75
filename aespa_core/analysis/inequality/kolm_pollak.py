r"""The even heat that would be as bad as the uneven one: Kolm–Pollak's equivalent, by group.

With a bad y, weights w that sum to one, and aversion κ > 0 in 1/°C,

.. math:: EDE = \frac{1}{\kappa} \log \sum_i w_i e^{\kappa y_i}, \qquad
   I = EDE - \sum_i w_i y_i \ge 0

(Kolm 1976, J. Econ. Theory 12:416; for bads Maguire & Sheriff 2011, IJERPH 8:1707; Sheriff &
Maguire 2020, Risk Analysis 40:2661). Adding the same to every temperature adds it to the EDE and
leaves the index alone, which Gini's and Atkinson's lack: °C has no true zero. That holds, and
groups, metros and outcomes can be compared, only while κ is one fixed number. Scaled by the data,
as some write it, κ would move with the zero of the thermometer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from aespa_core.errors import StudyError

Array = npt.NDArray[np.float64]

# One degree more weighs 1.65 times as much on whoever lives a degree hotter, and twice as much on
# whoever lives 1.4 °C hotter: about a standard deviation of tracts' summer day within a US metro
# (1.2 to 1.7 °C in the four that are measured). A choice of ethics, not an estimate.
KAPPA_PER_C: Final = 0.5


@dataclass(frozen=True)
class EqualHeat:
    """Heat of some people and the even heat that would be as bad.

    Attributes
    ----------
    ede_c, mean_c
        Equally distributed equivalent and mean, °C.
    kappa_per_c
        Aversion to inequality, 1/°C.
    people
        Number of people.
    """

    ede_c: float
    mean_c: float
    kappa_per_c: float
    people: float

    @property
    def index_c(self) -> float:
        """What inequality adds, °C of warming of all; 0 where all have the same."""
        return max(self.ede_c - self.mean_c, 0.0)


@dataclass(frozen=True)
class Decomposition:
    """Index of all people: that inside groups and that between them, °C; both ≥ 0."""

    within_c: float
    between_c: float


def equal_heat(y: Array, people: Array, kappa_per_c: float = KAPPA_PER_C) -> EqualHeat:
    """Even heat as bad as heat y (N,), °C, of people (N,).

    Tracts without people count for nothing, whatever their temperature; NaN all through where
    nobody lives or a peopled tract has no temperature.

    Raises
    ------
    StudyError
        If κ is no positive number.
    """
    if not (np.isfinite(kappa_per_c) and kappa_per_c > 0):
        raise StudyError(f"κ is {kappa_per_c} per °C: aversion to heat needs a positive number.")
    there = people > 0
    total = float(people[there].sum())
    if total == 0 or not np.isfinite(y[there]).all():
        return EqualHeat(np.nan, np.nan, kappa_per_c, total)
    share = people[there] / total
    ede = float(logsumexp(kappa_per_c * y[there], b=share)) / kappa_per_c
    return EqualHeat(ede, float(share @ y[there]), kappa_per_c, total)


def equal_heat_by_group(
    y: Array, people: Array, kappa_per_c: float = KAPPA_PER_C
) -> tuple[EqualHeat, ...]:
    """Even heat of each group: y (N,), °C, people (N, G)."""
    return tuple(equal_heat(y, column, kappa_per_c) for column in people.T)


def decomposed(groups: Sequence[EqualHeat]) -> Decomposition:
    r"""Split the index of all people into inside and between groups.

    .. math:: I = \sum_g s_g I_g + \Big(\mathrm{EDE}(\mathrm{EDE}_1, \ldots; s)
       - \sum_g s_g \mathrm{EDE}_g\Big)

    with shares of people s_g: the even heat of all is that of the groups' even heats.
    """
    known = [group for group in groups if group.people > 0]
    people = np.array([group.people for group in known])
    even = np.array([group.ede_c for group in known])
    between = equal_heat(even, people, known[0].kappa_per_c)
    inside = np.array([group.index_c for group in known])
    return Decomposition(float(people @ inside / people.sum()), between.index_c)
