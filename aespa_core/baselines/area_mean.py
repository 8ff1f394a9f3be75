"""Every tract is like its area: the score that any method must beat."""

from collections.abc import Mapping

import numpy as np

from aespa_core.baselines.contract import Method, Predictor
from aespa_core.datasets.tract_training import TrainingTracts


def fit(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Learn nothing."""
    return lambda features: np.zeros(len(features.geoid))


AREA_MEAN = Method("area_mean", ({},), fit)
