"""The five proxies of AESPA as published (``preprocess_proxies``, MIT, 2026), defects and all.

Kept exactly, as the method that the mended ones are compared with. Each formula takes the whole
frame, sky included; the mended forms are in :mod:`aespa_core.datasets.proxies.street_proxies`.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from aespa_core.datasets.proxies.proxy_reading import ProxyReading

Array = npt.NDArray[np.float64]

LUMA: Final = (0.299, 0.587, 0.114)
EPSILON: Final = 1e-6


def published_proxies(rgb: npt.NDArray[np.uint8]) -> ProxyReading:
    """Read the five proxies off one RGB image of shape (H, W, 3)."""
    pixel = rgb.astype(np.float64)
    red, green = pixel[..., 0], pixel[..., 1]
    # hue, saturation, value, each 0–255, shape (3, H, W)
    hsv = np.moveaxis(np.asarray(Image.fromarray(rgb).convert("HSV")), -1, 0)
    luma = pixel @ np.array(LUMA)
    return ProxyReading(
        ndvi=float(ratio(green, red).mean()),
        canopy=canopy(pixel, hsv),
        impervious=impervious(pixel, luma, hsv[1]),
        albedo=float(np.clip(luma.mean() / 255, 0.1, 0.9)),
        shadow=float(np.clip((luma < 50).mean(), 0, 0.5)),
    )


def ratio(first: Array, second: Array) -> Array:
    """Take (a − b)/(a + b + 10⁻⁶)."""
    return (first - second) / (first + second + EPSILON)


def canopy(pixel: Array, hsv: npt.NDArray[np.uint8]) -> float:
    """½·share{g > 100 ∧ g > r ∧ g > b} + ½·share{30 ≤ H ≤ 60 ∧ S > 50 ∧ V > 50}.

    The range of hue is meant in OpenCV's 0–179 but read in Pillow's 0–255, where 30–60 is yellow:
    green foliage fails the second half, and can reach no more than 0.5.
    """
    red, green, blue = np.moveaxis(pixel, -1, 0)
    hue, saturation, value = hsv
    bright = (green > 100) & (green > red) & (green > blue)
    yellow = (hue >= 30) & (hue <= 60) & (saturation > 50) & (value > 50)
    return float(0.5 * bright.mean() + 0.5 * yellow.mean())


def impervious(pixel: Array, luma: Array, saturation: npt.NDArray[np.uint8]) -> float:
    """0.6·share{Y > 150 ∧ S/255 < 0.2} + 0.4·mean[clip(((r − g)/(r + g + 10⁻⁶) + 1)/2, 0, 1)].

    Bright grey counts as sealed, so an overcast sky has 0.8 and dark asphalt 0.2.
    """
    grey = (luma > 150) & (saturation / 255 < 0.2)
    reddish = np.clip((ratio(pixel[..., 0], pixel[..., 1]) + 1) / 2, 0, 1)
    return float(0.6 * grey.mean() + 0.4 * reddish.mean())
