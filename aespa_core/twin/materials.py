"""What surfaces are made of: how they reflect, radiate, and hold heat.

Reflectances are chosen within the ranges of Oke et al. (2017), Urban Climates, table 5.1, which
also gives the emissivities; broadband albedo follows from them, so that an image and the energy
balance know the same surface. Storage coefficients are those measured over asphalt (Asaeda & Ca
1993), concrete (Doll et al. 1985), roofs of shingle, pale shingle, bitumen and tile (Meyn 2000),
bare soil (Novak 1982), short grass (Doll et al. 1985), mixed
forest (McCaughey 1985) and unirrigated grass (Grimmond et al. 1993), as the manual of SUEWS lists
them.
Resistances: 70 s/m for grass (Allen et al. 1998, FAO-56), 100 to 150 for broadleaf trees and soil.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Material:
    """A kind of surface seen from above.

    Attributes
    ----------
    id
        Name in masks and tables.
    red, green, blue, nir
        Reflectance of the clean surface in the band, share.
    emissivity
        Of long waves, share.
    roughness_m
        Roughness length for momentum, m.
    storage
        Coefficients a1 (share), a2 (h) and a3 (W/m²) of the objective hysteresis model.
    resistance_s_m
        Surface resistance to evaporation when well watered, s/m; infinite where nothing evaporates.
    mixing_w_m2_k
        Heat that moving water takes down for each degree above its depth, W/m² a K.
    sealed
        Whether it counts as sealed ground.
    """

    id: str
    red: float
    green: float
    blue: float
    nir: float
    emissivity: float
    roughness_m: float
    storage: tuple[float, float, float]
    resistance_s_m: float = math.inf
    mixing_w_m2_k: float = 0.0
    sealed: bool = False

    @property
    def albedo(self) -> float:
        """Broadband albedo: half of the sun's energy is visible, half near infrared."""
        return 0.5 * (self.red + self.green + self.blue) / 3 + 0.5 * self.nir


# The position is the code in a scene's rasters.
MATERIALS: Final = (
    Material("asphalt", 0.105, 0.100, 0.095, 0.130, 0.95, 0.01, (0.64, 0.32, -43.6), sealed=True),
    Material("concrete", 0.300, 0.285, 0.260, 0.330, 0.90, 0.01, (0.81, 0.10, -79.9), sealed=True),
    Material("dark_roof", 0.100, 0.092, 0.085, 0.120, 0.91, 0.10, (0.14, 0.33, -6.0), sealed=True),
    Material("white_roof", 0.700, 0.700, 0.690, 0.680, 0.90, 0.10, (0.09, 0.18, -1.0), sealed=True),
    Material("metal_roof", 0.330, 0.340, 0.350, 0.360, 0.85, 0.10, (0.06, 0.28, -3.0), sealed=True),
    Material("tile_roof", 0.280, 0.160, 0.110, 0.350, 0.90, 0.10, (0.07, 0.26, -6.0), sealed=True),
    Material("bare_soil", 0.240, 0.185, 0.135, 0.320, 0.95, 0.01, (0.38, 0.56, -27.3), 150.0),
    Material("grass", 0.055, 0.090, 0.045, 0.400, 0.96, 0.03, (0.32, 0.54, -27.4), 70.0),
    Material(
        "water", 0.030, 0.045, 0.055, 0.015, 0.97, 0.0005, (0.0, 0.0, 0.0), 0.0, mixing_w_m2_k=150.0
    ),
    Material("tree", 0.032, 0.060, 0.030, 0.380, 0.98, 0.80, (0.11, 0.11, -12.3), 110.0),
    Material("dry_grass", 0.230, 0.200, 0.120, 0.330, 0.96, 0.03, (0.21, 0.11, -16.1), 70.0),
)
CODE: Final = {material.id: code for code, material in enumerate(MATERIALS)}
ROOFS: Final = tuple(CODE[name] for name in ("dark_roof", "white_roof", "metal_roof", "tile_roof"))
# Grass with this much water or more is as green as it gets.
GREEN_MOISTURE: Final = 0.5
BANDS: Final = ("red", "green", "blue", "nir")


def dry_share(moisture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Share of straw in grass that finds this much water, 0 to 1."""
    return np.clip(np.float32(1.0) - moisture / np.float32(GREEN_MOISTURE), 0.0, 1.0)


def property_of(name: str) -> npt.NDArray[np.float32]:
    """Take one property of all materials, by code."""
    return np.array([getattr(material, name) for material in MATERIALS], dtype=np.float32)
