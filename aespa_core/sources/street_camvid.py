"""Street frames with human labels of every pixel: CamVid (Brostow et al. 2008, CC BY-NC 4.0)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.errors import MirrorError
from aespa_core.images.picture import Pixels, codes, upright
from aespa_core.sources.mirror import GARBLED, Mirror, garbled

FOLDER: Final = "imagery/street_camvid"
CLASSES: Final = (
    "sky", "building", "pole", "road", "pavement", "tree",
    "sign", "fence", "car", "pedestrian", "bicyclist", "void",
)  # fmt: skip
CODE: Final = {name: code for code, name in enumerate(CLASSES)}


@dataclass(frozen=True)
class LabelledFrame:
    """One frame of a drive.

    Attributes
    ----------
    id
        ``<sequence>_<frame>``.
    split
        The dataset's own: train, val or test.
    rgb
        Colours, shape (H, W, 3), uint8.
    label
        Code of each pixel's class (:data:`CLASSES`), shape (H, W), uint8.
    """

    id: str
    split: str
    rgb: npt.NDArray[np.uint8]
    label: npt.NDArray[np.uint8]

    @property
    def sequence(self) -> str:
        """Name of the drive."""
        return self.id.partition("_")[0]

    def share(self, name: str) -> float:
        """Share of the frame's pixels that people called ``name``."""
        return float((self.label == CODE[name]).mean())


def read_index(mirror: Mirror) -> pd.DataFrame:
    """List the frames: ``id``, ``split``, and documented shares by class."""
    shares = {f"frac_{name}": "float" for name in ("sky", "building", "tree", "road", "pavement")}
    return mirror.csv(f"{FOLDER}/index.csv", {"id": "str", "split": "str", **shares})


def read_frame(mirror: Mirror, frame: str, split: str) -> LabelledFrame:
    """Read one frame of the index with its labels.

    Raises
    ------
    MirrorError
        If a file is missing, cannot be read, or the two do not fit together.
    """
    rgb = pixels(mirror.path(f"{FOLDER}/images/{frame}.jpg"), coloured)
    path = mirror.path(f"{FOLDER}/labels/{frame}.png")
    label = pixels(path, codes)
    if rgb.shape != (*label.shape, 3) or label.max() >= len(CLASSES):
        raise MirrorError(
            f"{path} does not label its frame: it has shape {label.shape} and codes up to "
            f"{label.max()}, the frame shape {rgb.shape}. Download both again."
        )
    return LabelledFrame(frame, split, rgb, label)


def coloured(content: bytes) -> Pixels:
    """Decode a frame, shape (H, W, 3)."""
    return np.asarray(upright(content))


def pixels(path: Path, decode: Callable[[bytes], Pixels]) -> Pixels:
    """Decode an image file."""
    try:
        return decode(path.read_bytes())
    except GARBLED as error:
        raise garbled(path, error) from error
