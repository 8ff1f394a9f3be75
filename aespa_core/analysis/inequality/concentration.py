r"""Whether heat goes to the poor or the rich: the absolute concentration index and its curve.

With temperature y, weights w that sum to one, and r the rank by income, 0 the poorest and 1 the
richest of the people,

.. math:: C = 2 \operatorname{cov}_w(y, r) = -2 \int_0^1 \mathrm{curve}(p) \, dp, \qquad
   \mathrm{curve}(p) = \sum_{r_i \le p} w_i (y_i - \bar y)

in °C. It is the generalised index (Wagstaff, Paci & van Doorslaer 1991, Soc. Sci. Med. 33:545;
Kakwani, Wagstaff & van Doorslaer 1997, J. Econometrics 77:87). The ordinary one divides by the
mean, which °C has no true zero for (Erreygers 2009, J. Health Econ. 28:504). Negative: the poor
live hotter, and the curve lies above zero. Positive: the rich do. People of one income share the
middle of their ranks (Chen & Roy 2009, J. Health Econ. 28:169), so that order within a tie is
nothing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.errors import StudyError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ConcentrationCurve:
    """Heat that the poorest have above their part of it.

    Attributes
    ----------
    share_of_people
        Poorest first, 0 to 1, (M,).
    heat_c
        Heat of these above the mean of all, summed over shares of people, °C, (M,); 0 at both ends.
    """

    share_of_people: Array
    heat_c: Array


def fractional_rank(income: Array, people: Array) -> Array:
    """Rank of each tract's people by income, 0–1, (N,); equal incomes share their middle."""
    _, place = np.unique(income, return_inverse=True)
    weight = np.bincount(place, people) / people.sum()
    return (np.cumsum(weight) - weight / 2)[place]


def concentration_index(y: Array, income: Array, people: Array) -> float:
    """Absolute concentration index, °C, of temperature y (N,), °C, income (N,) and people (N,).

    Tracts without people, temperature or income are left out; 0 where all incomes are the same.

    Raises
    ------
    StudyError
        If no tract is left.
    """
    y, income, people = complete(y, income, people)
    share = people / people.sum()
    return float(2 * (share * (y - share @ y)) @ (fractional_rank(income, people) - 0.5))


def concentration_curve(y: Array, income: Array, people: Array) -> ConcentrationCurve:
    """Curve with one point a different income, and (0, 0).

    Raises
    ------
    StudyError
        If no tract has people, temperature and income.
    """
    y, income, people = complete(y, income, people)
    share = people / people.sum()
    _, place = np.unique(income, return_inverse=True)
    reached = np.cumsum(np.bincount(place, share))
    heat = np.cumsum(np.bincount(place, share * (y - share @ y)))
    # both sums end where they must but for rounding
    reached[-1], heat[-1] = 1.0, 0.0
    return ConcentrationCurve(np.append(0.0, reached), np.append(0.0, heat))


def curve_at(curve: ConcentrationCurve, shares: Array) -> ConcentrationCurve:
    """Curve at given shares of people (M,), such as every 5 %, straight between its own points."""
    return ConcentrationCurve(shares, np.interp(shares, curve.share_of_people, curve.heat_c))


def complete(y: Array, income: Array, people: Array) -> tuple[Array, Array, Array]:
    """Keep tracts with people, temperature and income."""
    kept = (people > 0) & np.isfinite(y) & np.isfinite(income)
    if not kept.any():
        raise StudyError(
            f"None of {len(y)} tracts has people, a temperature and an income: concentration of "
            "heat by income needs all three."
        )
    return y[kept], income[kept], people[kept]
