r"""Light in the street: how much falls on a surface, how bright the sky is, how haze veils.

Brightness is a surface's :math:`\rho E`, W/m² in a band: π times its radiance.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.street_camera import Camera
from aespa_core.twin.street_conditions import Conditions
from aespa_core.twin.sun import Sun

# Colours relative to white; each keeps about the luminance of white.
BEAM_COLOUR: Final = np.array([1.05, 1.0, 0.88], dtype=np.float32)
ZENITH_COLOUR: Final = np.array([0.55, 1.0, 1.9], dtype=np.float32)
HORIZON_COLOUR: Final = np.array([0.90, 1.02, 1.15], dtype=np.float32)
CLOUD_COLOUR: Final = np.array([0.99, 1.0, 1.02], dtype=np.float32)
# An overcast sky lets through about a third of a clear sky's light (Kasten & Czeplak 1980).
OVERCAST_TRANSMISSION: Final = 0.30
# Contrast of 2 % at the meteorological range (Koschmieder 1924).
KOSCHMIEDER: Final = 3.912
CLOUD_OCTAVES: Final = (4, 8, 16, 32)
CLOUD_TILE: Final = 128


@dataclass(frozen=True)
class Light:
    """Light of one photo.

    Attributes
    ----------
    sun
        Where the sun stands.
    beam
        Direct light on a surface that faces the sun, W/m² in each of red, green and blue, (3,).
    diffuse
        Diffuse light on level open ground, as above.
    """

    sun: Sun
    beam: npt.NDArray[np.float32]
    diffuse: npt.NDArray[np.float32]

    @property
    def level(self) -> npt.NDArray[np.float32]:
        """All light on level open ground, shape (3,)."""
        return self.beam * np.float32(np.sin(np.radians(self.sun.elevation_deg))) + self.diffuse


def light_of(sun: Sun, conditions: Conditions) -> Light:
    """Split the sun's light into beam and diffuse light below the photo's sky.

    Raises
    ------
    ValueError
        If the sun is below the horizon.
    """
    if sun.elevation_deg <= 0.0:
        raise ValueError(
            f"The sun stands at {sun.elevation_deg:.1f}°: street photos are taken by day, above 0°."
        )
    overcast = OVERCAST_TRANSMISSION * (sun.direct_w_m2 + sun.diffuse_w_m2)
    cover = conditions.cloud_cover
    facing = conditions.beam * sun.direct_w_m2 / np.sin(np.radians(sun.elevation_deg))
    blue = 0.5 * (ZENITH_COLOUR + HORIZON_COLOUR)
    diffuse = (1 - cover) * sun.diffuse_w_m2 * blue + cover * overcast * CLOUD_COLOUR
    return Light(sun, (facing * BEAM_COLOUR).astype(np.float32), diffuse.astype(np.float32))


def sky_brightness(
    camera: Camera, sun: Sun, conditions: Conditions, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Paint the upper half of the panorama: gradient, glow of the sun, clouds; (R / 2, W, 3).

    Clear sky is brighter and paler towards the horizon; the overcast one is three times as bright
    at the zenith as at the horizon (Moon & Spencer 1942).
    """
    up = camera.height // 2
    elevation = camera.elevation_rad[:up, None]
    sine = np.sin(elevation).astype(np.float32)
    low = np.exp(-sine / np.float32(0.25))
    gradient = (0.6 + 0.9 * low)[..., None] * (
        ZENITH_COLOUR + low[..., None] * (HORIZON_COLOUR - ZENITH_COLOUR)
    )  # (up, 1, 3)
    height = np.radians(sun.elevation_deg)
    aside = camera.azimuth_rad - np.radians(sun.azimuth_deg)
    cosine = np.sin(elevation) * np.sin(height) + np.cos(elevation) * np.cos(height) * np.cos(aside)
    angle = np.arccos(np.clip(cosine, -1, 1)).astype(np.float32)  # (up, W)
    glow = 3 * np.exp(-angle / np.float32(0.15)) + 200 * (angle < np.float32(0.02))
    clear = sun.diffuse_w_m2 * (gradient + (conditions.beam * glow)[..., None])

    noise = _cloud_noise(camera, rng)  # (up, W)
    total = sun.direct_w_m2 + sun.diffuse_w_m2
    veil = OVERCAST_TRANSMISSION * total * (3 / 7) * (1 + 2 * sine) * (0.85 + 0.3 * noise)
    heap = total * (0.35 + 0.35 * noise)
    overcast = conditions.cloud_cover >= 1.0
    edge = np.quantile(noise, 1.0 - conditions.cloud_cover)
    opacity = np.ones_like(noise) if overcast else np.clip((noise - edge) * 8, 0, 1)
    cloud = (veil if overcast else heap)[..., None] * CLOUD_COLOUR
    return (clear + opacity[..., None] * (cloud - clear)).astype(np.float32)


def veiled(
    brightness: npt.NDArray[np.float32],
    distance_m: npt.NDArray[np.float32],
    airlight: npt.NDArray[np.float32],
    visibility_m: float,
) -> npt.NDArray[np.float32]:
    r"""Look through haze: :math:`B = B_0 t + A (1 - t)`, :math:`t = e^{-3.912\,d/V}`.

    Koschmieder (1924), Beitr. Phys. freien Atmos. 12:33, with airlight A of the horizon's sky.
    """
    through = np.exp(distance_m * np.float32(-KOSCHMIEDER / visibility_m))[..., None]
    return airlight + through * (brightness - airlight)


def _cloud_noise(camera: Camera, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Draw a layer of clouds with clumps of several sizes, 0 to 1, shape (R / 2, W)."""
    tile = np.zeros((CLOUD_TILE, CLOUD_TILE), dtype=np.float32)
    for octave in CLOUD_OCTAVES:
        ease = _eased(octave)
        grid = rng.random((octave, octave), dtype=np.float32)
        # einsum, not BLAS: its sums do not depend on the number of threads.
        tile += np.einsum("ig,gj->ij", np.einsum("ih,hg->ig", ease, grid), ease.T) / octave
    low, high = tile.min(), tile.max()
    return ((tile - low) / (high - low)).ravel()[_cloud_cells(camera)]


@lru_cache(maxsize=8)
def _eased(octave: int) -> npt.NDArray[np.float32]:
    """Weights that blow up a periodic grid to the tile, eased so no facets show, (tile, octave)."""
    apart = np.abs(np.arange(CLOUD_TILE)[:, None] * octave / CLOUD_TILE - np.arange(octave))
    near = np.clip(1 - np.minimum(apart, octave - apart), 0, None)
    return (near * near * (3 - 2 * near)).astype(np.float32)


@lru_cache(maxsize=4)
def _cloud_cells(camera: Camera) -> npt.NDArray[np.intp]:
    """Cell of the tile at which each ray meets a level layer of clouds, shape (R / 2, W)."""
    elevation = camera.elevation_rad[: camera.height // 2, None]
    # The Earth's curve keeps even the lowest ray's cloud at a finite distance.
    away = np.cos(elevation) / (np.sin(elevation) + 0.15) * (CLOUD_TILE / 4)
    east = np.rint(away * np.sin(camera.azimuth_rad)).astype(np.intp) % CLOUD_TILE
    north = np.rint(away * np.cos(camera.azimuth_rad)).astype(np.intp) % CLOUD_TILE
    return north * CLOUD_TILE + east
