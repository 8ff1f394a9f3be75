r"""Image files as pixels: square, 8 bits, then standardised by ImageNet's mean and deviation.

.. math:: x_c = (v_c / 255 - \mu_c) / \sigma_c

Both encoders are given the same standardisation, as in the published model, CLIP included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.images.picture import Pixels, decoded_picture, read_bytes

Floats = npt.NDArray[np.float32]

MEAN: Final = (0.485, 0.456, 0.406)
DEVIATION: Final = (0.229, 0.224, 0.225)
# Says how pixels are made; raise the number when that changes, and every cached embedding is stale.
PREPROCESSING: Final = "squashed bicubic, ImageNet 1"


@dataclass(frozen=True)
class ImageStack:
    """Small images of B tracts.

    Attributes
    ----------
    pixels
        Shape (B, S, S, 3) for tiles, (B, K, S, S, 3) for photos; 0 where there is none.
    present
        Which of them are there, shape (B,) or (B, K).
    """

    pixels: Pixels
    present: npt.NDArray[np.bool_]


def decoded(content: bytes, path: Path, px: int) -> Pixels:
    """Decode an image and resize it to a square, shape (px, px, 3).

    An oblong photo is squashed, not cropped, as the published model does: its sides show what
    stands beside the street.

    Raises
    ------
    StudyError
        If the bytes are no whole image of 8 bits a channel; the sentence names ``path``.
    """
    picture = decoded_picture(content, path)
    return np.asarray(picture.resize((px, px), Image.Resampling.BICUBIC))


def read_pixels(path: Path, px: int) -> Pixels:
    """Read an image file as a square of uint8, shape (px, px, 3)."""
    return decoded(read_bytes(path), path, px)


def standardised(pixels: Pixels) -> Floats:
    """Standardise images, (N, S, S, 3) uint8 to (N, 3, S, S) float32."""
    scale = 1 / (255 * np.array(DEVIATION, np.float32))
    shift = np.array(MEAN, np.float32) / np.array(DEVIATION, np.float32)
    return np.ascontiguousarray((pixels * scale - shift).transpose(0, 3, 1, 2))


def small_tiles(samples: HeatSamples, px: int) -> ImageStack:
    """Read the satellite tiles of B tracts, shape (B, px, px, 3)."""
    stack = stacked([(tile,) for tile in samples.tiles], 1, px)
    return ImageStack(stack.pixels[:, 0], stack.present[:, 0])


def small_photos(samples: HeatSamples, photos: int, px: int) -> ImageStack:
    """Read the first K photos of B tracts, shape (B, K, px, px, 3)."""
    return stacked(samples.photos, photos, px)


def stacked(paths: Sequence[Sequence[Path | None]], each: int, px: int) -> ImageStack:
    """Read up to ``each`` images of every tract, shape (B, each, px, px, 3)."""
    pixels = np.zeros((len(paths), each, px, px, 3), np.uint8)
    present = np.zeros((len(paths), each), bool)
    for row, own in enumerate(paths):
        for column, path in enumerate(own[:each]):
            if path is not None:
                pixels[row, column] = read_pixels(path, px)
                present[row, column] = True
    return ImageStack(pixels, present)
