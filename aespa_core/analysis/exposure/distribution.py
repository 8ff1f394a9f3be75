r"""Not only the mean: which share of a group lives at a temperature or below.

.. math:: F_g(t) = \sum_{y_i \le t} n_{ig} \Big/ \sum_i n_{ig}
"""

from dataclasses import dataclass

import numpy as np

from aespa_core.analysis.exposure.people import Groups
from aespa_core.analysis.regression.least_squares import Floats


@dataclass(frozen=True)
class Distribution:
    """People of a group over temperature.

    Attributes
    ----------
    label
        Of the group.
    values_c
        Temperatures that occur, rising, °C, shape (M,).
    share
        Share of the group at each or below, 0–1, shape (M,); the last is 1.
    people
        Number of people.
    """

    label: str
    values_c: Floats
    share: Floats
    people: float

    def share_at(self, temperature_c: Floats) -> Floats:
        """Share of the group at these temperatures or below, 0–1."""
        steps = np.append(0.0, self.share)
        return steps[np.searchsorted(self.values_c, temperature_c, side="right")]

    def quantile(self, share: Floats) -> Floats:
        """Lowest temperature at or below which at least these shares (0–1) live, °C."""
        place = np.searchsorted(self.share, share, side="left")
        return self.values_c[place]


def distributions(y: Floats, groups: Groups) -> tuple[Distribution, ...]:
    """Distribution of each group in which somebody lives over y (N,), °C."""
    return tuple(
        distribution(label, y, weights, float(people.sum()))
        for label, weights, people in zip(
            groups.labels, groups.weights.T, groups.people.T, strict=True
        )
        if weights.sum() > 0
    )


def distribution(label: str, y: Floats, weights: Floats, people: float) -> Distribution:
    """Distribution of y (N,), °C, over weights (N,), which are 0 where it is missing."""
    there = weights > 0
    values, place = np.unique(y[there], return_inverse=True)
    reached = np.cumsum(np.bincount(place, weights[there]))
    return Distribution(label, values, reached / reached[-1], people)
