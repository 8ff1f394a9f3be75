r"""The five proxies from images alone, learned on simulated metros where the truth is known.

.. math:: \hat p = \bar p + (x - \bar x)^\top w, \qquad
    w = \arg\min \|p - \bar p - (X - \bar X) w\|^2 + \lambda \|w\|^2

with the standardised numbers x of a tract's images; λ leaves each metro out in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.schema import PROXIES

Array = npt.NDArray[np.float64]

PENALTIES: Final = tuple(float(10.0**power) for power in np.arange(0.0, 4.1, 0.5))
# Beyond this many deviations a number is unlike anything that was learned from.
CLIP: Final = 4.0


@dataclass(frozen=True)
class ImageEstimator:
    """A linear estimator of K proxies from F numbers.

    Attributes
    ----------
    columns
        Names of the numbers, F of them.
    centre, scale
        Mean and deviation of each number, shape (F,).
    mean
        Mean of each proxy, shape (K,).
    weights
        Shape (F, K).
    penalty
        λ of each proxy, shape (K,).
    """

    columns: tuple[str, ...]
    centre: Array
    scale: Array
    mean: Array
    weights: Array
    penalty: Array

    def __call__(self, numbers: pd.DataFrame) -> pd.DataFrame:
        """Estimate the proxies, one row a tract, columns by proxy id, within the proxies' range."""
        standard = standardised(
            numbers[list(self.columns)].to_numpy(float), self.centre, self.scale
        )
        found = self.mean + standard @ self.weights
        low, high = ([getattr(p, end) for p in PROXIES] for end in ("low", "high"))
        return pd.DataFrame(
            np.clip(found, low, high), numbers.index, [proxy.id for proxy in PROXIES]
        )


def standardised(numbers: Array, centre: Array, scale: Array) -> Array:
    """Standardise; a missing number becomes the mean."""
    standard = np.clip((numbers - centre) / scale, -CLIP, CLIP)
    return np.nan_to_num(standard)


def fit_image_estimator(
    numbers: pd.DataFrame, truth: pd.DataFrame, metro: Sequence[str]
) -> ImageEstimator:
    """Learn from tracts whose proxies are known.

    Parameters
    ----------
    numbers
        Of each tract's images, B rows; a column that never varies is left out.
    truth
        Proxies, B rows, columns by proxy id.
    metro
        Metro of each tract: λ is chosen by leaving metros out.
    """
    varies = numbers.std() > 1e-9
    columns = tuple(numbers.columns[varies])
    raw = numbers[list(columns)].to_numpy(float)
    centre, scale = np.nanmean(raw, 0), np.nanstd(raw, 0)
    x = standardised(raw, centre, scale)
    y = truth[[proxy.id for proxy in PROXIES]].to_numpy(float)
    groups = np.asarray(metro)
    error = np.zeros((len(PENALTIES), y.shape[1]))
    for name in np.unique(groups):
        apart = groups == name
        for at, penalty in enumerate(PENALTIES):
            mean, weights = ridge(x[~apart], y[~apart], np.full(y.shape[1], penalty))
            error[at] += ((y[apart] - mean - x[apart] @ weights) ** 2).sum(0)
    best = np.array(PENALTIES)[error.argmin(0)]
    mean, weights = ridge(x, y, best)
    return ImageEstimator(columns, centre, scale, mean, weights, best)


def ridge(x: Array, y: Array, penalty: Array) -> tuple[Array, Array]:
    """Mean of each outcome, shape (K,), and weights around it, shape (F, K)."""
    mean, middle = y.mean(0), x.mean(0)
    u, s, vt = np.linalg.svd(x - middle, full_matrices=False)
    shrunk = s[:, None] / (s[:, None] ** 2 + penalty)
    weights = vt.T @ (shrunk * (u.T @ (y - mean)))
    return mean - middle @ weights, weights
