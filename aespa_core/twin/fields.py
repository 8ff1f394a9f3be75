"""Smooth random fields: what neighbouring places have in common."""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, zoom

Floats = npt.NDArray[np.float32]

COARSE: int = 64


def smooth_field(rng: np.random.Generator, size_px: int, length_px: float) -> Floats:
    """Draw a field of mean 0 and standard deviation 1, shape (size, size).

    Parameters
    ----------
    rng
        Source of randomness.
    size_px
        Side, pixels.
    length_px
        Standard deviation of the Gaussian that white noise is smoothed with, pixels.
    """
    white = rng.standard_normal((COARSE, COARSE))
    coarse = gaussian_filter(white, length_px * COARSE / size_px, mode="reflect")
    coarse = (coarse - coarse.mean()) / coarse.std()
    fine: Floats = zoom(coarse, size_px / COARSE, order=1, mode="nearest", grid_mode=True)
    return fine[:size_px, :size_px].astype(np.float32)
