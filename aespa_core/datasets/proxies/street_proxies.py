"""The five proxies of a street photo, mended: shares of segments instead of sums over the frame."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.proxies.pixel_color import linear_luminance
from aespa_core.datasets.proxies.proxy_reading import BLACK_FRAME, NOTHING, ProxyReading
from aespa_core.datasets.proxies.street_segments import (
    BUILT,
    HORIZON,
    SEALED,
    SKY,
    SOIL,
    VEGETATION,
    StreetSegments,
    street_segments,
)
from aespa_core.datasets.proxies.two_modes import two_modes
from aespa_core.datasets.proxies.vegetation_index import ndvi_of_cover

Array = npt.NDArray[np.float64]

# Smallest part of the frame of which a share still says something
ENOUGH: Final = 0.01
# Reflectance of the brightest thing in a street: white paint, marble, a white car
WHITE: Final = 0.7
# Sunlit over shaded ground: sun and sky together over sky alone. Concrete over asphalt is 2.9
# (aespa_core.twin.materials), which must not count as sun over shade.
SHADE_CONTRAST: Final = 3.0
# Light below which a pixel is black in 8 bits, share of full light
BLACK: Final = 0.002


def street_proxies(rgb: npt.NDArray[np.uint8], horizon: float = HORIZON) -> ProxyReading:
    """Read the five proxies off a street photo of shape (H, W, 3).

    ``canopy`` is the share of the view above the horizon, ``impervious`` and ``shadow`` are shares
    of the ground below it.

    Parameters
    ----------
    rgb
        A perspective photo or an equirectangular panorama from −90° to +90°.
    horizon
        Height of the horizon as a share of the frame, from the top.
    """
    return proxies_of(street_segments(rgb, horizon))


def proxies_of(segments: StreetSegments) -> ProxyReading:
    """Read the five proxies off a photo's segments."""
    if segments.rgb.max() <= BLACK_FRAME:
        return NOTHING
    light = linear_luminance(segments.rgb)
    return ProxyReading(
        ndvi=ndvi(segments),
        canopy=canopy(segments),
        impervious=impervious(segments),
        albedo=albedo(segments, light),
        shadow=shadow(segments, light),
    )


def ndvi(segments: StreetSegments) -> float:
    """Index of all that is not sky, from its cover of plants."""
    solid = segments.label != SKY
    if solid.mean() < ENOUGH:
        return np.nan
    plants = float((segments.label[solid] == VEGETATION).mean())
    return float(ndvi_of_cover(plants))


def canopy(segments: StreetSegments) -> float:
    """Share of the view above the horizon that trees cover; what is green below is grass."""
    above = segments.label[: segments.horizon_row]
    return float((above == VEGETATION).mean()) if above.size else np.nan


def grass(segments: StreetSegments) -> float:
    """Share of the ground that is green."""
    ground = segments.label[segments.ground]
    return float((ground == VEGETATION).mean()) if enough(segments.ground) else np.nan


def impervious(segments: StreetSegments) -> float:
    """Share of the ground that is neither green, nor soil, nor water."""
    ground = segments.label[segments.ground]
    return float((ground == SEALED).mean()) if enough(segments.ground) else np.nan


def albedo(segments: StreetSegments, light: Array) -> float:
    """α = 0.7 · mean(L) / P₉₉(L), with L the linear luminance of what is neither sky nor plant.

    The exposure of a photo is unknown, so its brightest solid things stand for white ones: right to
    a factor. A frame without contrast has no such thing, and no albedo.
    """
    solid = np.isin(segments.label, (BUILT, SEALED, SOIL))
    if not enough(solid):
        return np.nan
    values = light[solid]
    white = float(np.quantile(values, 0.99))
    if white < 1.2 * np.median(values) + BLACK:
        return np.nan
    return float(np.clip(WHITE * np.minimum(values, white).mean() / white, 0.0, 1.0))


def shadow(segments: StreetSegments, light: Array) -> float:
    """Share of the bare ground in the darker of two modes of log luminance.

    The modes count as shade and sun only where they differ by :data:`SHADE_CONTRAST`; ground of one
    brightness has no shadow, whatever the exposure.
    """
    bare = segments.ground & np.isin(segments.label, (SEALED, SOIL))
    return dark_share(light[bare]) if enough(bare) else np.nan


def dark_share(light: Array) -> float:
    """Share of values in the darker mode, 0 where there is one mode only."""
    modes = two_modes(np.log(light + BLACK))
    return modes.low_share if modes.high - modes.low > np.log(SHADE_CONTRAST) else 0.0


def enough(mask: npt.NDArray[np.bool_]) -> bool:
    """Whether a part of the frame is large enough to speak of."""
    return bool(mask.mean() >= ENOUGH)
