"""A histogram's split in two, for images that have a bright and a dark part."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 64


@dataclass(frozen=True)
class TwoModes:
    """Where values part.

    Attributes
    ----------
    threshold
        Between the two.
    low, high
        Mean below and above; equal where there is one mode only.
    low_share
        Share of values below.
    """

    threshold: float
    low: float
    high: float
    low_share: float


def two_modes(values: npt.NDArray[np.float64]) -> TwoModes:
    """Split where the variance between the two parts, w₀w₁(μ₀ − μ₁)², is largest (Otsu 1979)."""
    if np.ptp(values) < 1e-9:
        level = float(values.mean())
        return TwoModes(level, level, level, 0.0)
    count, edge = np.histogram(values, BINS)
    centre = (edge[1:] + edge[:-1]) / 2
    weight, moment = count.cumsum()[:-1], (count * centre).cumsum()[:-1]
    total, whole = count.sum(), (count * centre).sum()
    rest = total - weight
    low, high = moment / weight, (whole - moment) / rest
    between = weight * rest * (low - high) ** 2
    # an empty gap between two modes is one long maximum: its middle parts them most safely
    at = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    best = int(at[len(at) // 2])
    return TwoModes(
        float(edge[best + 1]), float(low[best]), float(high[best]), float(weight[best] / total)
    )
