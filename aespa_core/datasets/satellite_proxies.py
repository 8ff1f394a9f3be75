"""The five proxies of a satellite tile, from its colours and, where there is one, near infrared.

Thresholds were set by eye and on the development patches of
:mod:`aespa_core.benchmarks.image_proxies` only.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.pixel_color import linear_light, linear_luminance, pixel_color, ramp
from aespa_core.datasets.pixel_texture import box_mean, pixel_texture
from aespa_core.datasets.proxy_reading import BLACK_FRAME, NOTHING, ProxyReading
from aespa_core.datasets.vegetation_index import measured_ndvi, ndvi_of_cover

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

CLASSES: Final = ("tree", "grass", "sealed", "soil", "water")
TREE, GRASS, SEALED, SOIL, WATER = range(len(CLASSES))

# Plants are green and, since chlorophyll absorbs, dark: linear luminance from full light down
GREEN: Final = (0.0, 0.15)
BRIGHT, DARK = 0.3, 0.05
PLANT_COVER: Final = 0.35
PLANT_NDVI: Final = 0.3  # of a pixel, where near infrared is at hand
CROWN_ROUGH: Final = 0.1  # crowns shade themselves, lawns do not
SOIL_WARM, SOIL_RED = -0.06, -0.03
WATER_BLUE, WATER_DARK, WATER_SMOOTH = 0.06, 0.08, 0.04
SHADE: Final = 0.4  # of the median light of bare ground
ENOUGH: Final = 0.01


@dataclass(frozen=True)
class SatelliteSegments:
    """What each pixel of a tile shows.

    Attributes
    ----------
    label
        Code of each pixel's class (:data:`CLASSES`), shape (H, W), uint8.
    ndvi
        Vegetation index, measured or estimated, shape (H, W).
    light
        Linear luminance of the tile, 0–1, shape (H, W).
    shaded
        Whether a pixel lies in shadow, shape (H, W).
    """

    label: npt.NDArray[np.uint8]
    ndvi: Array
    light: Array
    shaded: Mask

    def share(self, *codes: int) -> float:
        """Share of the tile that is of one of these classes."""
        return float(np.isin(self.label, codes).mean())


def satellite_proxies(rgb: Image, nir: Image | None = None) -> ProxyReading:
    """Read the five proxies off a tile.

    ``canopy`` and ``impervious`` are shares of the land: a tile of nothing but water has neither.
    ``shadow`` is a share of the land too. ``albedo`` takes the tile's values as sRGB reflectance.

    Parameters
    ----------
    rgb
        Colours, shape (H, W, 3).
    nir
        Near infrared in the same units, shape (H, W), if there is one.
    """
    if rgb.max() <= BLACK_FRAME:
        return NOTHING
    segments = satellite_segments(rgb, nir)
    land = 1.0 - segments.share(WATER)
    dry = segments.label != WATER
    missing = land < ENOUGH
    return ProxyReading(
        ndvi=float(segments.ndvi.mean()),
        canopy=np.nan if missing else segments.share(TREE) / land,
        impervious=np.nan if missing else segments.share(SEALED) / land,
        albedo=albedo(rgb, segments.ndvi, nir),
        shadow=np.nan if missing else float(segments.shaded[dry].mean()),
    )


def satellite_segments(rgb: Image, nir: Image | None = None) -> SatelliteSegments:
    """Cut a tile of shape (H, W, 3) into segments."""
    color = pixel_color(rgb)
    light = linear_luminance(rgb)
    texture = pixel_texture(color.brightness, 7, 9)
    cover = plant_cover(rgb)
    plants = cover > PLANT_COVER
    ndvi = ndvi_of_cover(cover)
    if nir is not None:
        ndvi = measured_ndvi(rgb[..., 0], nir)
        plants = ndvi > PLANT_NDVI
    warmth = box_mean(color.blueness, 3)
    label = np.full(light.shape, SEALED, dtype=np.uint8)
    label[(warmth < SOIL_WARM) & (color.excess_green > SOIL_RED)] = SOIL
    calm = (texture.roughness < WATER_SMOOTH) & (light < WATER_DARK)
    label[calm & (warmth > WATER_BLUE)] = WATER
    label[plants] = np.where(texture.roughness > CROWN_ROUGH, TREE, GRASS)[plants]
    return SatelliteSegments(label, ndvi, light, shaded(light, color.blueness, label))


def plant_cover(rgb: Image) -> Array:
    """Cover of plants, f = ramp(ExG; 0, 0.15) · ramp(−L; −0.3, −0.05), shape (H, W).

    ExG is the excess green, a little smoothed, L the linear luminance: plants are green and dark,
    bright green things are roofs and courts.
    """
    green = ramp(box_mean(pixel_color(rgb).excess_green, 3), *GREEN)
    return green * ramp(-linear_luminance(rgb), -BRIGHT, -DARK)


def albedo(rgb: Image, ndvi: Array, nir: Image | None = None) -> float:
    """α = ½·(R + G + B)/3 + ½·NIR of linear light: half of the sun's energy is infrared.

    Without near infrared it follows from the estimated index, NIR = R·(1 + NDVI)/(1 − NDVI).
    """
    linear = linear_light(rgb)
    if nir is None:
        bounded = np.clip(ndvi, -0.9, 0.9)
        infrared = linear[..., 0] * (1 + bounded) / (1 - bounded)
    else:
        infrared = linear_light(nir)
    return float(np.clip(0.5 * linear.mean() + 0.5 * infrared.mean(), 0.0, 1.0))


def shaded(light: Array, blueness: Array, label: npt.NDArray[np.uint8]) -> Mask:
    """Find shadow: far darker than the bare ground of the tile, and as blue as it or bluer, (H, W).

    Sky light is all that shade receives, so it is blue; dark warm things are roofs and soil.
    """
    bare = np.isin(label, (SEALED, SOIL))
    if bare.mean() < ENOUGH:
        return np.zeros_like(bare)
    lit = bare & (light >= 0.25 * np.median(light[bare]))
    usual = float(np.median(blueness[lit]))
    return bare & (light < SHADE * np.median(light[lit])) & (blueness > usual - 0.02)
