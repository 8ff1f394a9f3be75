"""Every tract is like its metro: the score that any method must beat."""

import numpy as np
import numpy.typing as npt

from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData, HeatMethod, Predictor

Array = npt.NDArray[np.float64]


def fit_metro_mean(data: HeatData, seed: int) -> Predictor:
    """Average each metro's training tracts; an unseen metro is like the mean of the metros."""
    means = metro_means(data)
    unseen = float(np.mean(list(means.values())))
    return lambda asked: np.array([means.get(str(name), unseen) for name in asked.samples.metro])


def metro_means(data: HeatData) -> dict[str, float]:
    """Mean excess of each metro's training tracts, °C."""
    rows, labels, metro = learnable(data), data.excess_c, data.samples.metro
    return {
        str(name): float(labels[rows & (metro == name)].mean()) for name in np.unique(metro[rows])
    }


METRO_MEAN = HeatMethod("metro_mean", fit_metro_mean)
