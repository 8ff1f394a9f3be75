"""Gradient boosting (LightGBM) on the columns of the ridge, alone or on what the ridge leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from lightgbm import Booster, LGBMRegressor

from aespa_core.baselines.heat.choice import errors_apart
from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData, HeatMethod, Predictor
from aespa_core.baselines.heat.proxy_ridge import (
    RidgeFit,
    fit_proxy_ridge,
    refitted,
    ridge_inputs,
)

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class BoostingSettings:
    """Of the trees.

    Attributes
    ----------
    trees, leaves, rate
        How many, how large, and the share of each that is added.
    linear
        Whether a leaf holds a regression on the columns that led to it instead of a constant.
    start
        Whether the trees learn what the ridge leaves: some hundred tracts are too few for trees to
        find a straight line.
    size
        Principal components of tiles and of photos, each.
    """

    trees: int = 300
    leaves: int = 4
    rate: float = 0.05
    linear: bool = True
    start: bool = True
    size: int = 0


GRID: Final = tuple(
    replace(shape, start=start, size=size)
    for shape in (
        BoostingSettings(),
        BoostingSettings(trees=200, leaves=8),
        BoostingSettings(linear=False),
    )
    for start in (True, False)
    for size in (0, 4)
)
# Fits of the chosen settings that are averaged, each with a draw of its own.
BAGS: Final = 5


def fit_proxy_boosting(
    data: HeatData, seed: int, grid: Sequence[BoostingSettings] = GRID, bags: int = BAGS
) -> Predictor:
    """Fit with the settings that are best on tracts apart."""
    ridge = fit_proxy_ridge(data, seed)
    inputs = {size: inputs_of(ridge, size, data) for size in {one.size for one in grid}}

    def fit(rows: Mask) -> Array:
        started = refitted(ridge, data, rows)(data)
        found = []
        for settings in grid:
            start, x = started * settings.start, inputs[settings.size]
            trees = grown(settings, x[rows], (data.excess_c - start)[rows], seed)
            found.append(start + trees.predict(x))
        return np.stack(found, axis=1)

    best = grid[int(errors_apart(data, fit, seed).argmin())]
    rows = learnable(data)
    left = (data.excess_c - ridge(data) * best.start)[rows]
    forest = [grown(best, inputs[best.size][rows], left, seed * BAGS + bag) for bag in range(bags)]

    def predict(asked: HeatData) -> Array:
        x = inputs_of(ridge, best.size, asked)
        return ridge(asked) * best.start + np.mean([trees.predict(x) for trees in forest], axis=0)

    return predict


def inputs_of(ridge: RidgeFit, size: int, data: HeatData) -> Array:
    """Columns as the ridge chose them, with components of our own number, shape (B, F)."""
    return ridge_inputs(ridge.columns, ridge.embeddings, size, data)


def grown(settings: BoostingSettings, x: Array, y: Array, seed: int) -> Booster:
    """Grow trees; a leaf of constants follows the median, a leaf of lines the mean."""
    model = LGBMRegressor(
        n_estimators=settings.trees,
        num_leaves=settings.leaves,
        learning_rate=settings.rate,
        linear_tree=settings.linear,
        linear_lambda=1.0 if settings.linear else 0.0,
        objective="l2" if settings.linear else "l1",
        min_child_samples=10,
        colsample_bytree=0.5,
        subsample=0.7,
        subsample_freq=1,
        n_jobs=1,
        verbosity=-1,
        deterministic=True,
        random_state=seed,
    )
    # the underlying booster: the wrapper warns about columns without names
    return model.fit(x, y).booster_


PROXY_BOOSTING = HeatMethod("proxy_boosting", fit_proxy_boosting)
