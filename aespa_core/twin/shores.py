"""Water beside or through a metro: sea, lake or river."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.fields import smooth_field
from aespa_core.twin.scene import PIXEL_M

Bools = npt.NDArray[np.bool_]

# Share of the metro's width that lies under water, by kind of shore; a river's is its width.
SEA_SHARE: Final = 0.16
LAKE_SHARE: Final = 0.12
RIVER_M: Final = 130.0
WANDER: Final = 0.05
FIELD_PX: Final = 220.0
# Seas that lie west of their metro; all others lie east.
WEST: Final = ("seattle",)


def water_mask(metro: str, shore: str, size_px: int, rng: np.random.Generator) -> Bools:
    """Mark the pixels under open water, shape (H, W)."""
    wander = WANDER * size_px * smooth_field(rng, size_px, FIELD_PX)
    row, column = np.indices((size_px, size_px), dtype=np.float32)
    if shore == "river":
        slant = rng.uniform(-0.35, 0.35)
        middle = size_px * rng.uniform(0.35, 0.65) + slant * (column - size_px / 2)
        mask: Bools = np.abs(row - middle - wander) < RIVER_M / PIXEL_M / 2
        return mask
    if shore in ("sea", "lake"):
        share = SEA_SHARE if shore == "sea" else LAKE_SHARE
        depth = column if metro in WEST else size_px - column
        mask = depth + wander < share * size_px
        return mask
    return np.zeros((size_px, size_px), bool)
