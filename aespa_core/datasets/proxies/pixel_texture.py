"""Texture of an image: how rough it is, and whether as leaves are or as walls are."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Contrast is relative, so the logarithm of brightness is looked at; below this share of the bright
# end it is noise.
DARK: Final = 0.08
# Energy below which an orientation means nothing
QUIET: Final = 1e-3


@dataclass(frozen=True)
class PixelTexture:
    """Texture around each pixel, shape (H, W).

    Attributes
    ----------
    roughness
        Root mean square gradient of the logarithm of brightness, per pixel.
    cornerness
        Energy of the cross difference over energy of the edges, as a root: 0 for straight walls,
        kerbs and frames that run along the image's axes, 1 and more for leaves and twigs.
    coherence
        0 where edges run in all directions, 1 where they run in one (structure tensor).
    """

    roughness: Array
    cornerness: Array
    coherence: Array


def pixel_texture(brightness: Array, near: int, wide: int) -> PixelTexture:
    """Measure texture.

    Parameters
    ----------
    brightness
        Share of the image's bright end, shape (H, W).
    near, wide
        Odd windows in pixels: of roughness, and of the two measures of shape.
    """
    log = np.log(np.minimum(brightness, 1.0) + DARK)
    down, right = np.gradient(log)
    step_down = np.diff(log, axis=0, append=log[-1:])
    step_right = np.diff(log, axis=1, append=log[:, -1:])
    cross = np.diff(step_right, axis=0, append=step_right[-1:])
    xx, yy, xy = (box_mean(a * b, wide) for a, b in ((right, right), (down, down), (right, down)))
    edges = box_mean(step_down**2 + step_right**2, wide)
    return PixelTexture(
        roughness=np.sqrt(box_mean(down**2 + right**2, near)),
        cornerness=np.sqrt(box_mean(cross**2, wide) / (edges + QUIET)),
        coherence=np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + QUIET),
    )


def box_mean(values: Array, size: int) -> Array:
    """Mean over a square of ``size`` (odd) pixels, mirrored at the border, shape (H, W)."""
    half = size // 2
    padded = np.pad(values, half, mode="symmetric")
    total = np.pad(padded.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    mean = (
        total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]
    ) / size**2
    # running sums round: a mean of squares must not fall below 0
    return np.clip(mean, values.min(), values.max())


def reached(open_to: Mask, seeds: Mask) -> Mask:
    """Spread seeds through open pixels, along rows and columns until nothing changes, (H, W)."""
    found = seeds & open_to
    before = -1
    while (count := int(found.sum())) != before:
        before = count
        found = along_rows(open_to, found)
        found = along_rows(open_to.T, found.T).T
    return found


def along_rows(open_to: Mask, found: Mask) -> Mask:
    """Fill every run of open pixels in a row that holds a found one."""
    # a closed column keeps the end of a row apart from the start of the next
    closed = np.pad(~open_to, ((0, 0), (0, 1)), constant_values=True)
    run = closed.ravel().cumsum().reshape(closed.shape)[:, :-1]
    hit = np.bincount(run[found], minlength=int(run.max()) + 1) > 0
    return open_to & hit[run]


def odd(pixels: float) -> int:
    """Nearest odd window of at least five pixels."""
    return max(5, 2 * round((pixels - 1) / 2) + 1)
