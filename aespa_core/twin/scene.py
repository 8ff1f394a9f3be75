"""The ground truth of a simulated metro: what stands where."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.climate import Climate

PIXEL_M: Final = 2.0


@dataclass(frozen=True)
class Scene:
    """A metro on a raster of :data:`PIXEL_M`; row 0 is north, column 0 is west, shape (H, W).

    Attributes
    ----------
    climate
        Where on Earth, and its July.
    ground
        Code of the material that lies under any tree (:mod:`aespa_core.twin.materials`), uint8.
    building_m
        Height of the building, 0 where there is none, float32.
    tree_m
        Height of the tree's crown above ground, 0 where there is none, float32.
    brightness
        Factor on the material's reflectance: weather, dirt, grain; about 1, float32.
    moisture
        Water that plants can take from the soil, 0 wilted to 1 watered, float32.
    cooler_k
        How much cooler the air is than the metro's, K, float32.
    zone
        Code of the Local Climate Zone (:mod:`aespa_core.twin.zones`), uint8.
    tract
        Number of the tract, int16.
    """

    climate: Climate
    ground: npt.NDArray[np.uint8]
    building_m: npt.NDArray[np.float32]
    tree_m: npt.NDArray[np.float32]
    brightness: npt.NDArray[np.float32]
    moisture: npt.NDArray[np.float32]
    cooler_k: npt.NDArray[np.float32]
    zone: npt.NDArray[np.uint8]
    tract: npt.NDArray[np.int16]

    @property
    def height_m(self) -> npt.NDArray[np.float32]:
        """Height of whatever stands highest, m, shape (H, W)."""
        return np.maximum(self.building_m, self.tree_m)
