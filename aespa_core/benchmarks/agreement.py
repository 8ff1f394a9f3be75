"""How well estimates follow a truth, within groups and across, with intervals."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.tract_training import centred

Array = npt.NDArray[np.float64]
Groups = npt.NDArray[np.str_]

BOOTSTRAPS: Final = 2000


def pearson(estimate: Array, truth: Array) -> float:
    """Linear correlation, missing for a constant."""
    if np.ptp(estimate) == 0 or np.ptp(truth) == 0:
        return np.nan
    return float(np.corrcoef(estimate, truth)[0, 1])


def pearson_within(estimate: Array, truth: Array, group: Groups) -> float:
    """Correlation of differences from the group's mean, so that groups' levels do not count."""
    return pearson(centred(estimate, group), centred(truth, group))


def resampled(group: Groups, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Draw members anew within each group: there are too few groups to draw groups."""
    chance = np.random.default_rng(seed)
    members = [np.flatnonzero(group == name) for name in np.unique(group)]
    for _ in range(BOOTSTRAPS):
        yield np.concatenate([chance.choice(rows, len(rows)) for rows in members])


def difference_interval(
    better: Array, worse: Array, truth: Array, group: Groups, seed: int
) -> dict[str, tuple[float, float, float]]:
    """Difference of correlations with its 95 % interval, pooled and within groups.

    Returns
    -------
    dict
        Metric → value, lower end, upper end.
    """

    def gaps(rows: npt.NDArray[np.int64]) -> tuple[float, float]:
        one, two, real, name = better[rows], worse[rows], truth[rows], group[rows]
        return (
            pearson(one, real) - pearson(two, real),
            pearson_within(one, real, name) - pearson_within(two, real, name),
        )

    whole = gaps(np.arange(len(truth)))
    low, high = np.nanquantile([gaps(rows) for rows in resampled(group, seed)], [0.025, 0.975], 0)
    return {
        metric: (whole[at], float(low[at]), float(high[at]))
        for at, metric in enumerate(("pearson", "pearson_within"))
    }
