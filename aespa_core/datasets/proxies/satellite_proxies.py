"""The five proxies of a satellite tile, from its colours and, where there is one, near infrared.

Thresholds were set by eye, on the development patches of
:mod:`aespa_core.benchmarks.image_proxies` and on simulated metros of seed 99, which no benchmark
uses.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.proxies.pixel_color import (
    linear_light,
    linear_luminance,
    pixel_color,
    ramp,
)
from aespa_core.datasets.proxies.pixel_texture import box_mean, pixel_texture
from aespa_core.datasets.proxies.proxy_reading import BLACK_FRAME, NOTHING, ProxyReading
from aespa_core.datasets.proxies.vegetation_index import measured_ndvi, ndvi_of_cover

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
# Crowns shade themselves, lawns do not: a crown is rough, and of the plants around it at least so
# many are not much brighter than the darker third of the tile's plants.
CROWN_ROUGH, CROWN_DARK = 0.1, 0.4
CROWN_BRIGHT, CROWN_QUANTILE = 1.3, 0.35
SOIL_WARM, SOIL_RED = -0.06, -0.03
WATER_BLUE, WATER_DARK, WATER_SMOOTH = 0.06, 0.08, 0.04
SHADE: Final = 0.4  # of the median light of its kind
WARMER: Final = 0.02
ENOUGH: Final = 0.01  # of the tile: a median of less says nothing


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
    inside
        Whether a pixel counts: shares and means are over these, shape (H, W).
    """

    label: npt.NDArray[np.uint8]
    ndvi: Array
    light: Array
    shaded: Mask
    inside: Mask

    def share(self, *codes: int) -> float:
        """Share of what counts that is of one of these classes."""
        return float(np.isin(self.label, codes)[self.inside].mean())


def satellite_proxies(
    rgb: Image, nir: Image | None = None, inside: Mask | None = None
) -> ProxyReading:
    """Read the five proxies off a tile.

    ``canopy``, ``impervious`` and ``shadow`` are shares of the tile, water included. ``albedo``
    takes the tile's values as sRGB reflectance.

    Parameters
    ----------
    rgb
        Colours, shape (H, W, 3).
    nir
        Near infrared in the same units, shape (H, W), if there is one.
    inside
        Pixels of the place itself, shape (H, W); the whole tile if None.
    """
    if rgb.max() <= BLACK_FRAME:
        return NOTHING
    segments = satellite_segments(rgb, nir, inside)
    return proxies_of(segments, rgb, nir)


def proxies_of(segments: SatelliteSegments, rgb: Image, nir: Image | None) -> ProxyReading:
    """Read the five proxies off a tile that has been cut into segments."""
    inside = segments.inside
    return ProxyReading(
        ndvi=float(segments.ndvi[inside].mean()),
        canopy=segments.share(TREE),
        impervious=segments.share(SEALED),
        albedo=albedo(rgb[inside], segments.ndvi[inside], None if nir is None else nir[inside]),
        shadow=float(segments.shaded[inside].mean()),
    )


def satellite_segments(
    rgb: Image, nir: Image | None = None, inside: Mask | None = None
) -> SatelliteSegments:
    """Cut a tile of shape (H, W, 3) into segments; the surroundings of a place help to tell."""
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
    crown = crowns(light, texture.roughness, plants)
    label[plants] = np.where(crown, TREE, GRASS)[plants]
    if inside is None or not inside.any():
        inside = np.ones(label.shape, dtype=np.bool_)
    dark = shaded(light, color.blueness, label)
    return SatelliteSegments(label, ndvi, light, dark, inside)


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


def crowns(light: Array, roughness: Array, plants: Mask) -> Mask:
    """Tell trees among plants: rough, with enough dark plants around them, shape (H, W).

    Single leaves in the sun are bright, so a neighbourhood decides and not the pixel.
    """
    if not plants.any():
        return plants
    dark = plants & (light < CROWN_BRIGHT * np.quantile(light[plants], CROWN_QUANTILE))
    dark_share = box_mean(dark.astype(np.float64), 5)
    plant_share = box_mean(plants.astype(np.float64), 5)
    return plants & (roughness > CROWN_ROUGH) & (dark_share > CROWN_DARK * plant_share)


def shaded(light: Array, blueness: Array, label: npt.NDArray[np.uint8]) -> Mask:
    """Find shadow: far darker than the median of its kind, bare or plants, shape (H, W).

    Sky light is all that shade receives, so bare ground in it is not warmer than bare ground is as
    a rule; dark warm things are roofs and soil. Water has no shadow.
    """
    found = np.zeros(label.shape, dtype=np.bool_)
    for kinds in ((SEALED, SOIL), (TREE, GRASS)):
        kind = np.isin(label, kinds)
        if kind.mean() < ENOUGH:
            continue
        dark = kind & (light < SHADE * np.median(light[kind]))
        if SEALED in kinds:
            dark &= blueness > np.median(blueness[kind]) - WARMER
        found |= dark
    return found
