"""Colour of pixels: brightness, greenness, and what a camera's gamma hides."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LUMA: Final = np.array([0.299, 0.587, 0.114])
# Luminance of linear light, ITU-R BT.709
LINEAR_LUMA: Final = np.array([0.2126, 0.7152, 0.0722])
# Noise has a colour in black pixels: this share of the reference brightness is added as grey.
GREY_FLOOR: Final = 0.02


@dataclass(frozen=True)
class PixelColor:
    """Colour of an image relative to its own bright end, each of shape (H, W).

    Multiplying all pixels by a factor changes nothing here, apart from rounding and clipping.

    Attributes
    ----------
    brightness
        Luma over the image's 95th percentile.
    excess_green
        (2g − r − b)/(r + g + b), Woebbecke et al. (1995); 0 is grey.
    yellow_green
        (g − r)/(r + g + b): negative from orange to red.
    blueness
        (b − r)/(r + g + b): positive is blue, negative is warm.
    """

    brightness: Array
    excess_green: Array
    yellow_green: Array
    blueness: Array


def pixel_color(rgb: npt.NDArray[np.uint8]) -> PixelColor:
    """Describe the colour of an image of shape (H, W, 3)."""
    pixel = rgb.astype(np.float64)
    luma = pixel @ LUMA  # (H, W)
    reference = max(float(np.quantile(luma, 0.95)), 1.0)
    red, green, blue = np.moveaxis(pixel, -1, 0)
    total = red + green + blue + 3 * GREY_FLOOR * reference
    return PixelColor(
        brightness=luma / reference,
        excess_green=(2 * green - red - blue) / total,
        yellow_green=(green - red) / total,
        blueness=(blue - red) / total,
    )


def linear_light(rgb: npt.NDArray[np.uint8]) -> Array:
    """Undo the gamma of sRGB (IEC 61966-2-1): shares of full light, shape of ``rgb``."""
    steps = np.arange(256) / 255
    table = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
    return table[rgb]


def linear_luminance(rgb: npt.NDArray[np.uint8]) -> Array:
    """Luminance of linear light, 0–1, shape (H, W)."""
    return linear_light(rgb) @ LINEAR_LUMA


def ramp(values: Array, low: float, high: float) -> Array:
    """Rise from 0 at ``low`` to 1 at ``high``."""
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def reduced(rgb: npt.NDArray[np.uint8], longest: int) -> npt.NDArray[np.uint8]:
    """Average blocks of pixels until the longest edge has at most about ``longest`` of them."""
    step = max(1, round(max(rgb.shape[:2]) / longest))
    height, width = rgb.shape[0] // step, rgb.shape[1] // step
    blocks = rgb[: height * step, : width * step].reshape(height, step, width, step, 3)
    return np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)
