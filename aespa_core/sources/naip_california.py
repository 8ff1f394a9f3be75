"""Aerial patches of four Californian cities with near infrared (Ventura et al. 2024, CC BY 4.0)."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image, TiffImagePlugin

from aespa_core.sources.mirror import GARBLED, Mirror, garbled

FOLDER: Final = "imagery/naip_california"
PIXEL_M: Final = 0.6
BANDS: Final = ("red", "green", "blue", "nir")
# TIFF tags, https://www.loc.gov/preservation/digital/formats/content/tiff_tags.shtml
COMPRESSION, STRIP_OFFSETS, STRIP_BYTES, JPEG_TABLES = 259, 273, 279, 347
JPEG: Final = 7


@dataclass(frozen=True)
class AerialPatch:
    """One patch of :data:`PIXEL_M`.

    Attributes
    ----------
    id, city
        Its name and its city's.
    bands
        Digital numbers of red, green, blue and near infrared, shape (256, 256, 4), uint8.
    """

    id: str
    city: str
    bands: npt.NDArray[np.uint8]

    @property
    def rgb(self) -> npt.NDArray[np.uint8]:
        """Colours, shape (256, 256, 3)."""
        return self.bands[..., :3]

    @property
    def nir(self) -> npt.NDArray[np.uint8]:
        """Near infrared, shape (256, 256)."""
        return self.bands[..., 3]


def read_index(mirror: Mirror) -> pd.DataFrame:
    """List the patches: ``patch``, ``city``, ``file``, and documented means by band."""
    means = {f"mean_{band}": "float" for band in ("r", "g", "b", "nir")}
    names = {"patch": "str", "city": "str", "file": "str", "ndvi_dn_mean": "float"}
    return mirror.csv(f"{FOLDER}/patch_index.csv", {**names, **means})


def read_patch(mirror: Mirror, patch: str, city: str, file: str) -> AerialPatch:
    """Read one patch of the index.

    Raises
    ------
    MirrorError
        If the file is missing or cannot be read.
    """
    path = mirror.path(f"{FOLDER}/{file}")
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a file that ends too early
            warnings.simplefilter("error", UserWarning)
            return AerialPatch(patch, city, four_bands(path))
    except (*GARBLED, KeyError, SyntaxError, UserWarning) as error:
        raise garbled(path, error) from error


def four_bands(path: Path) -> npt.NDArray[np.uint8]:
    """Decode a TIFF of four bands, shape (H, W, 4).

    Half of the source's cities come deflated, which Pillow reads as colours with alpha; the others
    come as four-component JPEG strips, which it decodes only one by one.
    """
    raw = path.read_bytes()
    tags = TiffImagePlugin.ImageFileDirectory_v2(raw[:8])
    stream = BytesIO(raw)
    stream.seek(tags.next)
    tags.load(stream)
    if tags[COMPRESSION] != JPEG:
        with Image.open(BytesIO(raw)) as image:
            bands = np.asarray(image)
    else:
        # the tables end, and each strip begins, with a marker of two bytes that would split them
        tables = tags[JPEG_TABLES][:-2]
        places = zip(tags[STRIP_OFFSETS], tags[STRIP_BYTES], strict=True)
        bands = np.vstack([strip(tables + raw[at + 2 : at + size]) for at, size in places])
    if bands.ndim != 3 or bands.shape[2] != len(BANDS):
        raise ValueError(f"an image of shape {bands.shape}, not of four bands")
    return bands


def strip(jpeg: bytes) -> npt.NDArray[np.uint8]:
    """Decode four components; Pillow takes them for ink and turns them over."""
    with Image.open(BytesIO(jpeg)) as image:
        return 255 - np.asarray(image)
