"""What is seen from above: materials, reflectances, and the satellite's picture of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from aespa_core.twin.materials import BANDS, CODE, MATERIALS, dry_share, property_of
from aespa_core.twin.scene import Scene
from aespa_core.twin.sun import Sun

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

TILE_PX: Final = 256
BRIGHTEST: Final = 0.95
# Counts of the picture: full scale at this reflectance in the sun, then the usual gamma.
FULL_SCALE: Final = 0.8
GAMMA: Final = 2.2


@dataclass(frozen=True)
class TopView:
    """What is seen from above, every raster of shape (H, W).

    Attributes
    ----------
    material
        Code of the uppermost material.
    red, green, blue, nir
        Reflectance, share.
    """

    material: npt.NDArray[np.uint8]
    red: Floats
    green: Floats
    blue: Floats
    nir: Floats

    @property
    def albedo(self) -> Floats:
        """Broadband: half of the sun's energy is visible, half near infrared."""
        visible = (self.red + self.green + self.blue) / np.float32(3.0)
        return np.float32(0.5) * (visible + self.nir)

    @property
    def ndvi(self) -> Floats:
        """(nir − red) / (nir + red)."""
        return (self.nir - self.red) / (self.nir + self.red)


@dataclass(frozen=True)
class Square:
    """A square of the scene, pixels: first row and column, and side."""

    top: int
    left: int
    side: int


@dataclass(frozen=True)
class Tile:
    """A satellite picture of one tract: counts of shapes (256, 256, 3) and (256, 256)."""

    rgb: Bytes
    nir: Bytes


def seen_from_above(scene: Scene, dry_grass_reflectance: float = 1.0) -> TopView:
    """Look straight down.

    Parameters
    ----------
    scene
        The metro.
    dry_grass_reflectance
        Factor on the reflectance of grass that has dried.
    """
    material = np.where(scene.tree_m > 0, np.uint8(CODE["tree"]), scene.ground)
    # 0 for all that is no grass
    dry = np.where(material == CODE["grass"], dry_share(scene.moisture), np.float32(0.0))
    bands = []
    for band in BANDS:
        clean = property_of(band)
        burnt = np.float32(getattr(MATERIALS[CODE["dry_grass"]], band) * dry_grass_reflectance)
        mixed = clean[material] * (1.0 - dry) + burnt * dry
        bands.append(np.minimum(mixed * scene.brightness, BRIGHTEST).astype(np.float32))
    return TopView(material, *bands)


def exposed(reflectance: Floats, lit: Floats, sky: Floats, sun: Sun) -> Bytes:
    """Turn reflectance into counts under the sun's direct beam and the sky's light."""
    total = sun.direct_w_m2 + sun.diffuse_w_m2
    light = (lit * sun.direct_w_m2 + sky * sun.diffuse_w_m2) / total
    counts = np.clip(reflectance * light / FULL_SCALE, 0.0, 1.0) ** (1 / GAMMA)
    return np.rint(255 * counts).astype(np.uint8)


def square_of(tract: int, numbers: npt.NDArray[np.int16]) -> Square:
    """Find the smallest square around a tract; it lies within the scene.

    Parameters
    ----------
    tract
        Its number.
    numbers
        Tract of each pixel, shape (H, W).
    """
    rows, columns = np.nonzero(numbers == tract)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    side = min(int(max(height, width)), *numbers.shape)
    top = np.clip(rows.min() - (side - height) // 2, 0, numbers.shape[0] - side)
    left = np.clip(columns.min() - (side - width) // 2, 0, numbers.shape[1] - side)
    return Square(int(top), int(left), side)


def tile_of(square: Square, rgb: Bytes, nir: Bytes) -> Tile:
    """Cut a square out of the metro's pictures, shapes (H, W, 3) and (H, W), at 256²."""
    box = (square.left, square.top, square.left + square.side, square.top + square.side)
    size = (TILE_PX, TILE_PX)
    pictures = [
        np.asarray(Image.fromarray(counts).resize(size, Image.Resampling.BOX, box))
        for counts in (rgb, nir)
    ]
    return Tile(pictures[0], pictures[1])
