"""Even heat and concentration with their intervals, by leaving out one block after the other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.exposure.people import Groups
from aespa_core.analysis.inequality.concentration import complete, concentration_index
from aespa_core.analysis.inequality.kolm_pollak import KAPPA_PER_C, equal_heat
from aespa_core.analysis.jackknife import jackknife, unknowns
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.errors import StudyError

Array = npt.NDArray[np.float64]
Blocks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class HeatInequality:
    """Even heat of groups with 95 % intervals.

    Attributes
    ----------
    ede, index
        One a group of the division, °C; NaN where nobody lives.
    gaps
        Differences of even heat, °C, one a gap of the division.
    kappa_per_c
        Aversion, 1/°C.
    people
        In each group, shape (G,).
    blocks
        Number of blocks left out in turn.
    notices
        Numbers and intervals that are unknown.
    """

    ede: tuple[Estimate, ...]
    index: tuple[Estimate, ...]
    gaps: tuple[Estimate, ...]
    kappa_per_c: float
    people: Array
    blocks: int
    notices: tuple[str, ...]


def heat_inequality(
    y: Array, groups: Groups, blocks: Blocks, kappa_per_c: float = KAPPA_PER_C
) -> HeatInequality:
    """Even heat, index and gaps of groups over y (N,), °C, and blocks (N,).

    Raises
    ------
    StudyError
        If there is one block only, or κ is no positive number.
    """
    columns = np.column_stack([groups.weights, groups.sides])
    count, gaps = len(groups.labels), [gap.label for gap in groups.gaps]

    def numbers(rows: Blocks) -> Array:
        heat = [equal_heat(y[rows], column[rows], kappa_per_c) for column in columns.T]
        even = np.array([part.ede_c for part in heat])
        index = np.array([part.index_c for part in heat[:count]])
        return np.concatenate([even[:count], index, even[count::2] - even[count + 1 :: 2]])

    # blocks in which nobody of the division lives tell nothing and are no blocks of it
    peopled = np.flatnonzero(groups.weights.sum(1) > 0)
    found = jackknife(
        lambda kept: numbers(peopled[kept]),
        blocks[peopled],
        [*groups.labels, *groups.labels, *gaps],
    )
    return HeatInequality(
        found.estimates[:count],
        found.estimates[count : 2 * count],
        found.estimates[2 * count :],
        kappa_per_c,
        groups.people.sum(0),
        found.blocks,
        unknowns((*found.estimates[:count], *found.estimates[2 * count :])),
    )


def concentration_estimate(y: Array, income: Array, people: Array, blocks: Blocks) -> Estimate:
    """Absolute concentration index, °C, with its interval; negative where the poor live hotter.

    Raises
    ------
    StudyError
        If there is one block only, no tract has people, temperature and income, or all of these
        have one income.
    """
    if np.ptp(complete(y, income, people)[1]) == 0:
        raise StudyError("All incomes are the same: nobody is poorer, and nothing concentrates.")
    used = np.flatnonzero((people > 0) & np.isfinite(y) & np.isfinite(income))

    def index(kept: Blocks) -> Array:
        rows = used[kept]
        return np.array([concentration_index(y[rows], income[rows], people[rows])])

    return jackknife(index, blocks[used], ["concentration index"]).estimates[0]
