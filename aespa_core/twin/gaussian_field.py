r"""Smooth random fields over tracts.

.. math:: \operatorname{cov}(z_i, z_j) = \sigma^2 \exp(-d_{ij} / r)

the exponential covariance of Cressie (1993), Statistics for Spatial Data, section 2.3, with
standard deviation σ and range r, the distance at which correlation has fallen to 1/e.
"""

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# A share of the variance that keeps the factorisation stable where centroids coincide.
STABILISER: Final = 1e-9
# A shorter range means nothing between tracts, and dividing by one near 0 overflows.
SHORTEST_RANGE_M: Final = 1.0
# Eight metros with three ranges each: who draws them again and again factors each of them once.
FACTORS_KEPT: Final = 24


def exponential_correlation(x_m: Floats, y_m: Floats, range_m: float) -> Floats:
    """Correlation between places, exp(−d/r), shape (B, B)."""
    apart = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)  # (B, B)
    correlation: Floats = np.exp(-apart / range_m)
    return correlation


def draw_field(
    x_m: Floats, y_m: Floats, sd: float, range_m: float, rng: np.random.Generator
) -> Floats:
    """Draw a Gaussian field with mean zero, shape (B,).

    Parameters
    ----------
    x_m, y_m
        Places, metres, shape (B,).
    sd
        Standard deviation of the field.
    range_m
        Distance at which correlation is 1/e, metres; below 1 every place is drawn on its own.
    rng
        Where the numbers come from.
    """
    white = rng.standard_normal(len(x_m))
    if sd == 0.0 or range_m < SHORTEST_RANGE_M:
        return sd * white
    places = (np.asarray(axis, np.float64).tobytes() for axis in (x_m, y_m))
    field: Floats = sd * (factor_of(*places, range_m) @ white)
    return field


@lru_cache(maxsize=FACTORS_KEPT)
def factor_of(x_m: bytes, y_m: bytes, range_m: float) -> Floats:
    """Factor the correlation of places, given as the bytes of float64, shape (B, B)."""
    correlation = exponential_correlation(np.frombuffer(x_m), np.frombuffer(y_m), range_m)
    correlation[np.diag_indices_from(correlation)] += STABILISER
    lower = np.linalg.cholesky(correlation).astype(np.float64, copy=False)
    lower.flags.writeable = False
    return lower
