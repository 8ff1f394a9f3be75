"""Gradient boosting (LightGBM) on all columns, free or with the signs of the proxies."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from lightgbm import LGBMRegressor

from aespa_core.baselines.contract import Method, Predictor
from aespa_core.baselines.flat_table import flat_table
from aespa_core.datasets.tract_training import TrainingTracts, centred


def fit_free(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Boost without constraints."""
    return boosted(training, settings, seed)


def fit_monotone(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Boost with the expected sign on every column of a proxy, own and neighbouring."""
    signs = list(flat_table(training.features).signs)
    return boosted(
        training,
        settings,
        seed,
        monotone_constraints=signs,
        monotone_constraints_method="intermediate",
    )


def boosted(
    training: TrainingTracts,
    settings: Mapping[str, float],
    seed: int,
    **constraints: Any,  # noqa: ANN401 (LightGBM's own keywords)
) -> Predictor:
    """Grow the trees."""
    model = LGBMRegressor(
        n_estimators=int(settings["trees"]),
        num_leaves=int(settings["leaves"]),
        min_child_samples=int(settings["leaf"]),
        colsample_bytree=settings["features"],
        reg_lambda=settings["penalty"],
        learning_rate=0.03,
        subsample=0.7,
        subsample_freq=1,
        n_jobs=1,
        verbosity=-1,
        random_state=seed,
        **constraints,
    )
    target = centred(training.labels.lst_day_c, training.features.area)
    model.fit(flat_table(training.features).values, target)
    # the underlying booster: the wrapper warns about columns without names
    return lambda features: np.asarray(model.booster_.predict(flat_table(features).values))


GRID = tuple(
    {"trees": trees, "leaves": leaves, "leaf": leaf, "features": features, "penalty": penalty}
    for trees, leaves, leaf, features, penalty in (
        (600, 15, 60, 0.3, 5),
        (400, 31, 60, 0.3, 5),
        (600, 15, 30, 0.5, 20),
        (300, 31, 40, 0.6, 5),
    )
)
GRADIENT_BOOSTING = Method("gradient_boosting", GRID, fit_free)
GRADIENT_BOOSTING_MONOTONE = Method("gradient_boosting_monotone", GRID, fit_monotone)
