"""Where the sun and the sky reach: cast shadows and sky view over the height map."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import zoom

from aespa_core.twin.scene import PIXEL_M

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

DIRECTIONS: Final = 12
SKY_REACH_M: Final = 90.0
SKY_GROWTH: Final = 1.35
# sky view changes slowly: half the resolution is enough
SKY_COARSE: Final = 2


def shifted(height: Floats, rows: int, columns: int) -> Floats:
    """Value that stands ``rows`` south and ``columns`` east of each pixel; 0 beyond the edge."""
    out = np.zeros_like(height)
    top, bottom = max(0, -rows), min(height.shape[0], height.shape[0] - rows)
    left, right = max(0, -columns), min(height.shape[1], height.shape[1] - columns)
    if bottom > top and right > left:
        out[top:bottom, left:right] = height[
            top + rows : bottom + rows, left + columns : right + columns
        ]
    return out


def shadow_of(
    height_m: Floats, surface_m: Floats, elevation_deg: float, azimuth_deg: float
) -> Bools:
    """Mark the pixels that something between them and the sun keeps in shadow.

    Parameters
    ----------
    height_m
        What casts shadows, m, shape (H, W).
    surface_m
        Height at which each pixel is looked at, m, same shape.
    elevation_deg, azimuth_deg
        The sun: above the horizon, and clockwise from north.
    """
    rise = math.tan(math.radians(elevation_deg)) * PIXEL_M
    south, east = -math.cos(math.radians(azimuth_deg)), math.sin(math.radians(azimuth_deg))
    shadow = np.zeros(height_m.shape, bool)
    for step in range(1, math.ceil(float(height_m.max(initial=0.0)) / rise) + 1):
        there = shifted(height_m, round(step * south), round(step * east))
        # half a metre: a crown or roof does not shade itself by its own unevenness
        shadow |= there > surface_m + np.float32(step * rise + 0.5)
    return shadow


def sky_view(height_m: Floats) -> Floats:
    r"""Sky view factor of each pixel at the height of whatever stands there, shape (H, W).

    .. math:: \psi = \frac{1}{N} \sum_i \cos^2 \beta_i

    β_i is the horizon in direction i (Dozier & Frew 1990, IEEE TGRS 28:963, over level ground).
    """
    coarse = height_m.reshape(
        height_m.shape[0] // SKY_COARSE, SKY_COARSE, height_m.shape[1] // SKY_COARSE, SKY_COARSE
    ).mean((1, 3))
    pixel = PIXEL_M * SKY_COARSE
    view = np.zeros_like(coarse)
    for number in range(DIRECTIONS):
        angle = 2 * math.pi * (number + 0.5) / DIRECTIONS
        steepest = np.zeros_like(coarse)
        step = 1.0
        while step * pixel <= SKY_REACH_M:
            rows, columns = round(step * math.cos(angle)), round(step * math.sin(angle))
            run = np.float32(math.hypot(rows, columns) * pixel)
            np.maximum(steepest, (shifted(coarse, rows, columns) - coarse) / run, out=steepest)
            step = max(step + 1.0, step * SKY_GROWTH)
        view += 1.0 / (1.0 + steepest**2)
    view /= DIRECTIONS
    fine: Floats = zoom(view, SKY_COARSE, order=1, mode="nearest", grid_mode=True)
    return np.clip(fine, 0.0, 1.0).astype(np.float32)
