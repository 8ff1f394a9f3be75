"""A street photo cut into sky, vegetation, buildings and ground, by rules and without training.

Colour alone does not find trees: in winter they are brown, and at dusk everything is blue. So two
kinds of evidence count: green, anywhere, and above the horizon the shape of the texture, since
leaves and twigs run in all directions while walls, windows and kerbs follow the image's axes.
Thresholds were set by eye, on the development frames of
:mod:`aespa_core.benchmarks.image_proxies` and on simulated panoramas of seed 99, which no benchmark
uses.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.proxies.pixel_color import LUMA, PixelColor, pixel_color, reduced
from aespa_core.datasets.proxies.pixel_texture import (
    PixelTexture,
    box_mean,
    odd,
    pixel_texture,
    reached,
)
from aespa_core.datasets.proxies.two_modes import two_modes

Mask = npt.NDArray[np.bool_]

CLASSES: Final = ("sky", "vegetation", "built", "sealed", "soil", "water")
SKY, VEGETATION, BUILT, SEALED, SOIL, WATER = range(len(CLASSES))

LONGEST: Final = 480  # pixels of the longest edge that is looked at
HORIZON: Final = 0.5  # of the height, from the top: level cameras and whole panoramas

# Sky: bright for its frame, smooth, and open to the top of the frame
SKY_BRIGHT: Final = (0.65, 0.9)
SKY_GREEN, SKY_WARM, SKY_BLUE = 0.03, -0.1, 0.08
SKY_SMOOTH: Final = 0.1
SKY_OVER_GROUND, SKY_LUMA, SKY_NEUTRAL = 1.2, 150.0, -0.005
# Vegetation
GREEN, GREENISH, GREENER = 0.08, 0.04, 0.05
LEAFY, ROUGH = 0.6, 0.06
# Ground
SOIL_WARM: Final = -0.06
WATER_BLUE, WATER_SMOOTH = 0.05, 0.02


@dataclass(frozen=True)
class StreetSegments:
    """What each pixel of a photo shows.

    Attributes
    ----------
    rgb
        The photo as it was looked at, shape (h, w, 3): :data:`LONGEST` at most.
    label
        Code of each pixel's class (:data:`CLASSES`), shape (h, w), uint8. ``built`` is whatever
        rises above the horizon and is neither sky nor plant; the last three lie below it.
    horizon_row
        First row below the horizon.
    """

    rgb: npt.NDArray[np.uint8]
    label: npt.NDArray[np.uint8]
    horizon_row: int

    def share(self, code: int) -> float:
        """Share of the frame that is of a class."""
        return float((self.label == code).mean())

    @property
    def ground(self) -> Mask:
        """Pixels below the horizon that are not sky, shape (h, w)."""
        below = np.arange(len(self.label)) >= self.horizon_row
        return below[:, None] & (self.label != SKY)


def street_segments(rgb: npt.NDArray[np.uint8], horizon: float = HORIZON) -> StreetSegments:
    """Cut a photo of shape (H, W, 3) into segments.

    Parameters
    ----------
    rgb
        A perspective photo or an equirectangular panorama from −90° to +90°.
    horizon
        Height of the horizon as a share of the frame, from the top.
    """
    small = reduced(rgb, LONGEST)
    height, width = small.shape[:2]
    row = round(horizon * height)
    above = np.broadcast_to((np.arange(height) < row)[:, None], (height, width))
    color = pixel_color(small)
    scale = max(height, width) / LONGEST
    texture = pixel_texture(color.brightness, odd(15 * scale), odd(21 * scale))
    sky = sky_mask(small, color, texture, above)
    green = green_mask(color, odd(5 * scale), above)
    plant = (green | leafy_mask(texture) & above) & ~sky
    label = np.where(above, BUILT, ground_codes(color, texture, above)).astype(np.uint8)
    label[plant] = VEGETATION
    label[sky] = SKY
    return StreetSegments(small, label, row)


def sky_mask(
    rgb: npt.NDArray[np.uint8], color: PixelColor, texture: PixelTexture, above: Mask
) -> Mask:
    """Find the sky, shape (h, w).

    Bright grey or blue, grown from the top edge through smooth parts, then into the bright gaps
    around them. It must be bright or blue by itself, or brighter than the ground: a grey frame is
    not sky. A frame that goes on below the horizon as above it shows nothing but sky.
    """
    if not above.any():
        return np.zeros(above.shape, dtype=np.bool_)
    split = np.clip(two_modes(color.brightness[above]).threshold, *SKY_BRIGHT)
    grey = (color.brightness > split) & (color.blueness > SKY_WARM)
    blue = (color.blueness > SKY_BLUE) & (color.brightness > 0.45)
    # (g − b)/(r + g + b): pale skies are cyan, with green over red, but never green over blue
    over_blue = color.excess_green - color.yellow_green
    candidate = (grey | blue) & (over_blue < SKY_GREEN)
    open_sky = candidate & (texture.roughness < SKY_SMOOTH) & above
    top = np.zeros_like(above)
    top[0] = True
    seed = reached(open_sky, top)
    if not seed.any():
        return seed
    vivid = (
        float(np.median((rgb @ LUMA)[seed])) >= SKY_LUMA
        or float(np.median(color.blueness[seed])) > SKY_BLUE
    )
    if vivid and is_only_sky(color, texture, seed):
        return np.ones_like(above)
    ground = color.brightness[~above]
    over = SKY_OVER_GROUND * float(np.median(ground)) if ground.size else np.inf
    if not vivid and float(np.median(color.brightness[seed])) < over:
        return np.zeros_like(above)
    return (box_mean(seed.astype(np.float64), 13) > 0.02) & candidate & above


def is_only_sky(color: PixelColor, texture: PixelTexture, seed: Mask) -> bool:
    """Whether the whole frame is as smooth and as coloured as the sky at its top.

    Warm grey is left out: a wall of concrete looks like that, no sky does.
    """
    same = (
        (np.abs(color.brightness / np.median(color.brightness[seed]) - 1) < 0.1)
        & (np.abs(color.blueness - np.median(color.blueness[seed])) < 0.03)
        & (texture.roughness < SKY_SMOOTH)
    )
    return bool(same.mean() > 0.95 and np.median(color.blueness[seed]) > SKY_NEUTRAL)


def green_mask(color: PixelColor, window: int, above: Mask) -> Mask:
    """Green or olive pixels by their excess green, a little smoothed, shape (h, w).

    On the ground grass is also what is greener than the ground is as a rule, mostly road: haze,
    distance and a camera's tint take more from its green than from a crown's.
    """
    excess = box_mean(color.excess_green, window)
    warm = box_mean(color.yellow_green, window)
    needed = np.full(above.shape, GREEN)
    if not above.all():
        usual = float(np.median(excess[~above]))
        needed[~above] = np.clip(usual + GREENER, GREENISH, GREEN)
    return (excess > needed) & (color.excess_green > 0) & (warm > -0.02)


def leafy_mask(texture: PixelTexture) -> Mask:
    """Rough pixels whose texture runs in all directions, shape (h, w).

    cornerness + ½(0.3 − coherence) above :data:`LEAFY`; both alone are worse on twigs.
    """
    shape = texture.cornerness + 0.5 * (0.3 - texture.coherence)
    return (shape > LEAFY) & (texture.roughness > ROUGH)


def ground_codes(color: PixelColor, texture: PixelTexture, above: Mask) -> npt.NDArray[np.uint8]:
    """Tell sealed ground, soil and still water apart by colour, as codes (h, w).

    Blue is judged against the ground's own median, because open shade is blue as a whole.
    """
    codes = np.full(above.shape, SEALED, dtype=np.uint8)
    if above.all():
        return codes
    warmth = box_mean(color.blueness, 5)
    usual = float(np.median(color.blueness[~above]))
    codes[(warmth < SOIL_WARM) & (color.excess_green > -0.03)] = SOIL
    blue = (warmth > 0) & (warmth > usual + WATER_BLUE)
    codes[blue & (texture.roughness < WATER_SMOOTH)] = WATER
    return codes
