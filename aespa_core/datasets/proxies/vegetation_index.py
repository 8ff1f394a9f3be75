"""The vegetation index: measured from near infrared, or mixed from the cover that colours show."""

from typing import Final

import numpy as np
import numpy.typing as npt

# Of surfaces without plants and with plants only, within the ranges of Gutman & Ignatov (1998)
NDVI_BARE: Final = 0.05
NDVI_PLANTS: Final = 0.75


def ndvi_of_cover(cover: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """NDVI = NDVI₀ + f·(NDVI₁ − NDVI₀), with f the cover of plants; Gutman & Ignatov (1998)."""
    return NDVI_BARE + np.asarray(cover, dtype=np.float64) * (NDVI_PLANTS - NDVI_BARE)


def measured_ndvi(
    red: npt.NDArray[np.uint8], nir: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """NDVI = (NIR − R)/(NIR + R), shape (H, W); 0 where both bands are 0."""
    first, second = nir.astype(np.float64), red.astype(np.float64)
    return (first - second) / np.maximum(first + second, 1.0)
