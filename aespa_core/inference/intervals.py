r"""Prediction intervals that treat whole areas, not tracts, as the exchangeable unit.

Residuals of tracts in areas that a model never saw are divided by a predicted scale; the quantile
of these scores gives the width elsewhere. Tracts of one area err together, so the quantile is that
of hierarchical conformal prediction (Lee, Barber & Willett 2023, arXiv:2306.06342): with K
calibration areas of n_k tracts

.. math:: q = Q_{1-\alpha}\Big(\sum_k \frac{1}{K+1} \sum_i \frac{1}{n_k} \delta_{s_{ki}}
   + \frac{1}{K+1} \delta_{\infty}\Big)

covers with probability at least 1 − α for a tract of a new area drawn like them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]

LEVEL: Final = 0.9
FOLDS: Final = 6
# residuals below this are the label's own rounding and noise; keeps the logarithm finite
FLOOR_C: Final = 0.05
RIDGE: Final = 10.0


@dataclass(frozen=True)
class ScaleModel:
    """Linear model of the logarithm of the absolute residual.

    Attributes
    ----------
    centre, spread
        Standardisation of the features, shape (F,).
    coefficients
        Constant first, shape (1 + F,).
    """

    centre: Array
    spread: Array
    coefficients: Array

    def __call__(self, features: Array) -> Array:
        """Predict the scale of the residual, °C, shape (B,), from features (B, F)."""
        # outside the calibration's range the scale keeps the value at its edge
        standard = np.clip((features - self.centre) / self.spread, -3.0, 3.0)
        return np.exp(self.coefficients[0] + standard @ self.coefficients[1:])


@dataclass(frozen=True)
class IntervalModel:
    """Half-width of the interval = ``quantile`` × predicted scale."""

    scale: ScaleModel
    quantile: float

    def half_width_c(self, features: Array) -> Array:
        """Half the width of each tract's interval, °C, shape (B,)."""
        return self.quantile * self.scale(features)


def fit_scale(residual: Array, features: Array, area: Names) -> ScaleModel:
    """Fit the scale by ridge regression, every area with the same total weight."""
    centre, spread = features.mean(0), np.maximum(features.std(0), 1e-9)
    design = np.column_stack([np.ones(len(features)), (features - centre) / spread])
    weight = area_weights(area)
    target = np.log(np.abs(residual) + FLOOR_C)
    penalty = RIDGE / len(features) * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    gram = (design * weight[:, None]).T @ design + penalty
    coefficients = np.linalg.solve(gram, (design * weight[:, None]).T @ target)
    return ScaleModel(centre, spread, coefficients)


def area_weights(area: Names) -> Array:
    """Give each tract the weight 1 / (areas × tracts of its area); they sum to 1."""
    _, inverse, count = np.unique(area, return_inverse=True, return_counts=True)
    return 1.0 / (len(count) * count[inverse])


def hierarchical_quantile(scores: Array, area: Names, level: float = LEVEL) -> float:
    """Smallest score that holds the level when each area, and infinity, weigh the same.

    Parameters
    ----------
    scores
        Nonconformity of calibration tracts, shape (B,).
    area
        Their areas, shape (B,).
    level
        Wanted coverage.

    Returns
    -------
    float
        Infinite where there are too few areas for the level.
    """
    areas = len(np.unique(area))
    order = np.argsort(scores)
    mass = np.cumsum(area_weights(area)[order]) * areas / (areas + 1)
    reached = np.searchsorted(mass, level - 1e-12)
    return float(scores[order][reached]) if reached < len(scores) else float("inf")


def fit_intervals(
    residual: Array, features: Array, area: Names, level: float = LEVEL
) -> IntervalModel:
    """Calibrate on tracts of areas that the estimates' model never saw.

    Each area's scores use a scale that was fitted without it.

    Parameters
    ----------
    residual
        Label minus estimate, both centred in the area, °C, shape (B,).
    features
        What the scale depends on, shape (B, F).
    area
        Area of each tract, shape (B,).
    level
        Wanted coverage.
    """
    names = np.unique(area)
    fold = np.searchsorted(names, area) % min(FOLDS, len(names))
    scale = np.empty(len(residual))
    for number in np.unique(fold):
        apart = fold == number
        fitted = fit_scale(residual[~apart], features[~apart], area[~apart])
        scale[apart] = fitted(features[apart])
    quantile = hierarchical_quantile(np.abs(residual) / scale, area, level)
    return IntervalModel(fit_scale(residual, features, area), quantile)
