"""The methods of the tract benchmark, trivial ones among them; each tunes over four settings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from aespa_core.baselines.area_mean import AREA_MEAN
from aespa_core.baselines.contract import Method, Predictor
from aespa_core.baselines.gradient_boosting import GRADIENT_BOOSTING, GRADIENT_BOOSTING_MONOTONE
from aespa_core.baselines.linear import OLS, RIDGE
from aespa_core.baselines.nearest_neighbour import NEAREST_NEIGHBOUR
from aespa_core.baselines.random_forest import RANDOM_FOREST
from aespa_core.datasets.tract_training import TrainingTracts
from aespa_core.inference.tract_estimate import evaluated
from aespa_core.models.physics_head import HeadSettings
from aespa_core.models.tract_model import raw_inputs
from aespa_core.training.tract_fit import FitSettings, fit_tract_model

OURS: Final = "aespa"


def fit_settings(settings: Mapping[str, float]) -> FitSettings:
    """Turn a benchmark's setting into the tract model's."""
    base = FitSettings()
    return replace(
        base,
        context_jitter=settings["context_jitter"],
        area_jitter=settings["area_jitter"],
        decay=settings["decay"],
        steps=int(settings.get("steps", base.steps)),
        head=replace(base.head, members=int(settings.get("members", HeadSettings().members))),
    )


def fit_ours(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Fit the tract model; its estimate is the mean of its members."""
    model = fit_tract_model(training, fit_settings(settings), seed)
    return lambda features: np.asarray(
        evaluated(model, raw_inputs(features), ()).estimate.double().mean(0).numpy()
    )


AESPA: Final = Method(
    OURS,
    tuple(
        {"context_jitter": context, "area_jitter": area, "decay": decay}
        for context, area, decay in (
            (0.45, 0.6, 0.3),
            (0.45, 0.8, 0.1),
            (0.6, 0.6, 0.3),
            (0.3, 0.6, 0.5),
        )
    ),
    fit_ours,
)
METHODS: Final = {
    method.id: method
    for method in (
        AREA_MEAN,
        NEAREST_NEIGHBOUR,
        OLS,
        RIDGE,
        RANDOM_FOREST,
        GRADIENT_BOOSTING,
        GRADIENT_BOOSTING_MONOTONE,
        AESPA,
    )
}
QUICK: Final[dict[str, dict[str, float]]] = {
    "random_forest": {"trees": 10},
    "gradient_boosting": {"trees": 50},
    "gradient_boosting_monotone": {"trees": 50},
    "aespa": {"steps": 60, "members": 2},
}


def quick(method: Method) -> Method:
    """Shrink a method to what a test can wait for: two settings, few trees and steps."""
    smaller = QUICK.get(method.id, {})
    return replace(method, grid=tuple({**entry, **smaller} for entry in method.grid[:2]))
