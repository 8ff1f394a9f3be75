r"""What several members of a model say of one number, and how far another might be from it.

.. math:: \bar x \pm t_{0.95, M - 1}\, s \sqrt{1 + 1/M}

is where one more member's value lies in nine of ten cases, were members normal around their mean.
It tells how firmly the data fix a part of the model, not how true the model is.

Of few members the reach is long: 3.4 s for three. Where a model's form bounds what any member can
say, as curves that never warm do, an interval may pass the bound though no member could. The part
beyond holds nobody, so :func:`spread_below` leaves it out, and as many members lie in what is left.
Logarithms would keep to the bound too, but know no effect of 0 and stretch the far end.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Array = npt.NDArray[np.float64]
CONFIDENCE = 0.9
# Sums in another order differ in the last digits of a double.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Spread:
    """Members' mean and the ends of its 90 % interval, NaN for one member; of any one shape."""

    mean: Array
    low90: Array
    high90: Array


def spread_of(values: Array) -> Spread:
    """Summarise members, which are the first axis: (M, …) → (…)."""
    members = len(values)
    mean = values.mean(0)
    if members < 2:
        return Spread(mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan))
    quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, members - 1))
    reach = quantile * values.std(0, ddof=1) * np.sqrt(1 + 1 / members)
    return Spread(mean, mean - reach, mean + reach)


def spread_below(values: Array, bound: float = 0.0) -> Spread:
    """Summarise members (M, …) → (…) that by the model's form can never lie above a bound.

    The interval ends at the bound at the latest. Where a member does lie above it, there is no such
    bound, and the interval is that of :func:`spread_of`.
    """
    spread = spread_of(values)
    holds = (values <= bound + ROUNDING).all(0)
    ends = np.maximum(spread.mean, np.minimum(spread.high90, bound))  # NaN for one member
    return Spread(spread.mean, spread.low90, np.where(holds, ends, spread.high90))
