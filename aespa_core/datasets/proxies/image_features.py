"""An image as named numbers: what an estimator that learns from images alone may look at."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.proxies.pixel_color import PixelColor, linear_luminance, pixel_color
from aespa_core.datasets.proxies.pixel_texture import PixelTexture, pixel_texture
from aespa_core.datasets.proxies.satellite_proxies import (
    CLASSES as SATELLITE_CLASSES,
)
from aespa_core.datasets.proxies.satellite_proxies import (
    plant_cover,
    satellite_segments,
)
from aespa_core.datasets.proxies.satellite_proxies import (
    proxies_of as satellite_proxies_of,
)
from aespa_core.datasets.proxies.street_proxies import grass, proxies_of
from aespa_core.datasets.proxies.street_proxies_published import published_proxies
from aespa_core.datasets.proxies.street_segments import (
    CLASSES as STREET_CLASSES,
)
from aespa_core.datasets.proxies.street_segments import (
    HORIZON,
    SKY,
    street_segments,
)

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

QUANTILES: Final = (5, 25, 50, 75, 95)


def street_features(rgb: npt.NDArray[np.uint8], horizon: float = HORIZON) -> dict[str, float]:
    """Describe a street photo of shape (H, W, 3).

    Shares of the frame by segment, the proxies mended and published, and quantiles of light, colour
    and texture of the ground and of what stands on it; NaN where a part is not in the frame.
    """
    segments = street_segments(rgb, horizon)
    standing = (segments.label != SKY) & ~segments.ground
    return {
        **{f"share_{name}": segments.share(code) for code, name in enumerate(STREET_CLASSES)},
        "share_grass": grass(segments),
        **named("mended", proxies_of(segments).as_dict()),
        **named("published", published_proxies(rgb).as_dict()),
        **named("ground", described(segments.rgb, segments.ground)),
        **named("standing", described(segments.rgb, standing)),
    }


def satellite_features(
    rgb: npt.NDArray[np.uint8],
    nir: npt.NDArray[np.uint8] | None = None,
    inside: Mask | None = None,
) -> dict[str, float]:
    """Describe a satellite tile of shape (H, W, 3), as :func:`street_features` does a photo.

    ``inside`` marks the pixels of the place itself, shape (H, W); the whole tile if None.
    """
    segments = satellite_segments(rgb, nir, inside)
    own = segments.inside
    return {
        **{f"share_{name}": segments.share(code) for code, name in enumerate(SATELLITE_CLASSES)},
        "plant_cover": float(plant_cover(rgb)[own].mean()),
        **named("mended", satellite_proxies_of(segments, rgb, nir).as_dict()),
        **named("published", published_proxies(rgb[own][:, None]).as_dict()),
        **named("tile", described(rgb, own)),
    }


def described(rgb: npt.NDArray[np.uint8], part: Mask) -> dict[str, float]:
    """Quantiles of light, colour and texture of a part of an image."""
    color = pixel_color(rgb)
    texture = pixel_texture(color.brightness, 7, 9)
    measures = {"light": linear_luminance(rgb), **measures_of(color), **measures_of(texture)}
    return {
        f"{name}_p{percent:02d}": value
        for name, values in measures.items()
        for percent, value in zip(QUANTILES, quantiles(values[part]), strict=True)
    }


def measures_of(pixels: PixelColor | PixelTexture) -> dict[str, Array]:
    """Rasters by their name."""
    return dict(vars(pixels))


def quantiles(values: Array) -> list[float]:
    """Quantiles at :data:`QUANTILES`, missing where there is no value."""
    if not values.size:
        return [np.nan] * len(QUANTILES)
    return np.percentile(values, QUANTILES).tolist()


def named(prefix: str, numbers: dict[str, float]) -> dict[str, float]:
    """Put a prefix before every name."""
    return {f"{prefix}_{name}": value for name, value in numbers.items()}
