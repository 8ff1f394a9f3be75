"""How bright each surface of the street is: its material, its own colour, the light it gets.

Ground is the scene's material times its brightness, so a photo and the tile seen from above tell
of the same surface. Walls are not in the scene: each building has one, by its height's bits.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.materials import CODE, MATERIALS, dry_share
from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.street_camera import FACE_AZIMUTH_DEG
from aespa_core.twin.street_conditions import Conditions
from aespa_core.twin.street_light import Light
from aespa_core.twin.street_view import View
from aespa_core.twin.surroundings import Surroundings

MATERIAL_RGB: Final = np.array([(m.red, m.green, m.blue) for m in MATERIALS], dtype=np.float32)
# Reflectances of façades (Oke et al. 2017, table 5.1: brick 0.20–0.40, stone 0.20–0.35, wood 0.40,
# white paint 0.50–0.90; ageing takes from each).
WALL_RGB: Final = np.array(
    [
        (0.30, 0.13, 0.09), (0.36, 0.20, 0.14), (0.24, 0.15, 0.11),  # brick
        (0.52, 0.47, 0.38), (0.58, 0.55, 0.49), (0.44, 0.42, 0.39),  # plaster, stone
        (0.66, 0.65, 0.62), (0.30, 0.31, 0.33), (0.21, 0.25, 0.29),  # paint, concrete, cladding
        (0.30, 0.34, 0.30), (0.45, 0.38, 0.24), (0.19, 0.16, 0.14),  # siding, sandstone, timber
    ],
    dtype=np.float32,
)  # fmt: skip
GLASS_RGB: Final = np.array([0.07, 0.08, 0.095], dtype=np.float32)
BARK_RGB: Final = np.array([0.13, 0.10, 0.08], dtype=np.float32)
DARK_LEAF_RGB: Final = np.array([0.028, 0.060, 0.022], dtype=np.float32)
YELLOW_LEAF_RGB: Final = np.array([0.150, 0.150, 0.032], dtype=np.float32)
STOREY_M: Final = 3.2
BAY_M: Final = 3.0
# A low building shows its sloping roof; a higher one only its walls.
SLOPING_BELOW_M: Final = 9.0
EAVES: Final = 0.68

Pixels = npt.NDArray[np.intp]
Colours = npt.NDArray[np.float32]


def ground_brightness(
    pixels: Pixels,
    view: View,
    around: Surroundings,
    light: Light,
    conditions: Conditions,
    openness: float,
    sky: Colours,
) -> Colours:
    """Brightness of ground.

    Parameters
    ----------
    pixels
        Flat indices of the panorama's pixels that show ground, shape (P,).
    view, around, light, conditions
        What is seen, where, in which light and season.
    openness
        Share of the diffuse light that the street's walls and crowns leave.
    sky
        Upper half of the panorama, which water mirrors, shape (R / 2, W, 3).
    """
    cell = view.cell.ravel()[pixels]
    code = around.ground[cell]
    colour = MATERIAL_RGB[code]  # (P, 3)
    grass = np.flatnonzero((code == CODE["grass"]) | (code == CODE["dry_grass"]))
    straw = straw_share(code[grass], around.moisture[cell[grass]], conditions.straw)[:, None]
    green, dry = MATERIAL_RGB[CODE["grass"]], MATERIAL_RGB[CODE["dry_grass"]]
    colour[grass] = green + straw * (dry - green)
    colour *= around.brightness[cell][:, None]
    lit = ~around.shaded[cell]
    irradiance = lit[:, None] * (light.level - light.diffuse) + np.float32(openness) * light.diffuse
    brightness = colour * irradiance

    water = np.flatnonzero(code == CODE["water"])
    row, col = np.divmod(pixels[water], around.camera.width)
    mirrored = sky[around.camera.height - 1 - row, col]
    # Schlick's form of Fresnel's reflectance of water, of the angle from the vertical.
    cosine = np.sin(-around.camera.elevation_rad[row])
    fresnel = (0.02 + 0.98 * (1 - cosine) ** 5).astype(np.float32)[:, None]
    brightness[water] += fresnel * np.minimum(mirrored, 3 * light.level)
    return brightness


def straw_share(
    code: npt.NDArray[np.uint8], moisture: npt.NDArray[np.float32], shift: float
) -> npt.NDArray[np.float32]:
    """Share of straw in grass: what its water leaves dry, as seen from above, and the season."""
    straw = np.clip(dry_share(moisture) + np.float32(shift), 0, 1)
    return np.where(code == CODE["dry_grass"], np.maximum(straw, np.float32(0.7)), straw)


def building_brightness(
    pixels: Pixels, view: View, around: Surroundings, light: Light, openness: float, sky: Colours
) -> Colours:
    """Brightness of walls with their windows, and of low buildings' roofs; parameters as above."""
    camera = around.camera
    col = pixels % camera.width
    cell, face = view.cell.ravel()[pixels], view.face.ravel()[pixels]
    distance = view.distance_m.ravel()[pixels]
    height = around.building_m[cell]
    # One building has one height, so its bits name the building.
    name = (height.view(np.uint32) * np.uint32(2654435761)) >> np.uint32(12)
    colour = WALL_RGB[name % len(WALL_RGB)] * (0.85 + 0.3 * ((name >> 6) % 64) / 64)[:, None]
    above_m = _height_m(pixels, view, around)
    east_m = distance * np.sin(camera.azimuth_rad).astype(np.float32)[col]
    north_m = distance * np.cos(camera.azimuth_rad).astype(np.float32)[col]
    along_m = np.where(face % 2 == 1, north_m, east_m) + np.float32(PIXEL_M / 2)

    azimuth = np.radians(np.array(FACE_AZIMUTH_DEG) - light.sun.azimuth_deg)
    facing = np.clip(np.cos(azimuth), 0, None) * np.cos(np.radians(light.sun.elevation_deg))
    # Ground before the wall tells whether something shades it; a shadow ends some way up.
    front = cell + np.array([-around.stride, 1, around.stride, -1])[face]
    lit = ~around.shaded[front] | (above_m > 6.0)
    # Half the sky, and the ground's light from below.
    ambient = 0.5 * np.float32(openness) * light.diffuse + np.float32(0.07) * light.level
    irradiance = (facing.astype(np.float32)[face] * lit)[:, None] * light.beam + ambient

    window = (np.abs(above_m % STOREY_M - 1.6) < 0.7) & (np.abs(along_m % BAY_M - 1.5) < 0.65)
    window &= (above_m // STOREY_M) * STOREY_M + 2.6 < height  # a storey cut by the roof has none
    brightness = colour.astype(np.float32) * irradiance
    pane = GLASS_RGB * irradiance + 0.12 * sky[-1, col]
    brightness = np.where(window[:, None], pane, brightness)

    roof = (height < SLOPING_BELOW_M) & (above_m > EAVES * height)
    tiles = MATERIAL_RGB[around.ground[cell]] * around.brightness[cell][:, None]
    pitched = (0.7 + 0.5 * facing.astype(np.float32)[face])[:, None]
    return np.where(roof[:, None], tiles * light.level * pitched, brightness)


def tree_brightness(
    pixels: Pixels,
    view: View,
    around: Surroundings,
    light: Light,
    conditions: Conditions,
    openness: float,
    rng: np.random.Generator,
) -> Colours:
    """Brightness of crowns and trunks; parameters as above, `rng` for the leaves' texture."""
    camera = around.camera
    col = pixels % camera.width
    cell = view.cell.ravel()[pixels]
    # Neighbouring cells of 8 m are about one tree: each has a hue of its own.
    tree_row, tree_col = np.divmod(cell, around.stride)
    own = ((tree_row // 4) * 73 + (tree_col // 4) * 179) % 64 / 64 - 0.5
    yellow = np.clip(conditions.leaf_yellow + 0.35 * own, 0, 1).astype(np.float32)[:, None]
    colour = DARK_LEAF_RGB + yellow * (YELLOW_LEAF_RGB - DARK_LEAF_RGB)
    colour = np.where(view.trunk.ravel()[pixels][:, None], BARK_RGB, colour)

    above_m = _height_m(pixels, view, around)
    within = np.clip(above_m / around.tree_m[cell], 0.2, 1.0)
    # With the sun behind the camera one sees the lit side of a crown.
    away = np.cos(camera.azimuth_rad[col] - np.radians(light.sun.azimuth_deg))
    sunny = (0.45 - 0.30 * away).astype(np.float32) * within
    leaves = rng.random(pixels.size, dtype=np.float32)
    sunny *= 0.3 + 1.4 * leaves
    shaded = np.float32(openness) * within * (0.5 + 0.6 * leaves)
    return colour * (sunny[:, None] * light.beam + shaded[:, None] * light.diffuse)


def _height_m(pixels: Pixels, view: View, around: Surroundings) -> npt.NDArray[np.float32]:
    """Height above ground of the points seen, m, shape (P,)."""
    slope = np.tan(around.camera.elevation_rad).astype(np.float32)
    row = pixels // around.camera.width
    return around.camera.above_ground_m + view.distance_m.ravel()[pixels] * slope[row]
