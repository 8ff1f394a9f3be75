"""A tract is like the nearest training tracts of its metro."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.baselines.heat.choice import errors_apart
from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData, HeatMethod, Predictor
from aespa_core.baselines.heat.metro_mean import metro_means

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEIGHBOURS: Final = (1, 2, 3, 5, 8, 13, 21, 34)
# Nearer than this a distance says nothing: a tract is wider.
NEAR_KM: Final = 0.05


def fit_nearest_tract(
    data: HeatData, seed: int, neighbours: Sequence[int] = NEIGHBOURS
) -> Predictor:
    """Remember the training tracts; how many of them count is chosen on tracts apart.

    A metro without a training tract is like the mean of the metros.
    """
    unseen = float(np.mean(list(metro_means(data).values())))

    def fit(rows: Mask) -> Array:
        found = [near_mean(data, rows, data, count) for count in neighbours]
        return np.nan_to_num(np.stack(found, axis=1), nan=unseen)  # (B, S)

    best = neighbours[int(errors_apart(data, fit, seed).argmin())]
    return lambda asked: np.nan_to_num(near_mean(data, learnable(data), asked, best), nan=unseen)


def near_mean(known: HeatData, rows: Mask, asked: HeatData, count: int) -> Array:
    r"""Average the labels of near tracts, NaN in a metro that has none, shape (B,).

    .. math:: \hat y = \sum_{i \in N} w_i y_i / \sum_{i \in N} w_i, \qquad w_i = 1/d_i

    over the ``count`` nearest (Shepard 1968, https://doi.org/10.1145/800186.810616).
    """
    found = np.full(len(asked.samples), np.nan)
    for metro in np.unique(known.samples.metro[rows]):
        own = rows & (known.samples.metro == metro)
        here = asked.samples.metro == metro
        apart = asked.samples.place_km[here, None] - known.samples.place_km[None, own]
        away = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), NEAR_KM)  # (b, n) km
        near = np.argsort(away, axis=1, kind="stable")[:, :count]
        weight = 1 / np.take_along_axis(away, near, axis=1)
        found[here] = (weight * known.excess_c[own][near]).sum(axis=1) / weight.sum(axis=1)
    return found


NEAREST_TRACT = HeatMethod("nearest_tract", fit_nearest_tract)
