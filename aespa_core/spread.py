r"""What several members of a model say of one number, and how far another might be from it.

.. math:: \bar x \pm t_{0.95, M - 1}\, s \sqrt{1 + 1/M}

is where one more member's value lies in nine of ten cases, were members normal around their mean.
It tells how firmly the data fix a part of the model, not how true the model is.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Array = npt.NDArray[np.float64]
CONFIDENCE = 0.9


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
