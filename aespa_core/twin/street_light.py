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
    edge = np.float32(1.0 - conditions.cloud_cover)
    opacity = np.ones_like(noise) if overcast else np.clip((noise - edge) * 6 + 0.5, 0, 1)
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
    """Draw a field with clumps of several sizes, uniform on 0 to 1, shape (R / 2, W)."""
    field = np.zeros((camera.height // 2, camera.width), dtype=np.float32)
    for octave, (rows, columns) in zip(CLOUD_OCTAVES, _cloud_weights(camera), strict=True):
        grid = rng.random((octave + 1, 2 * octave), dtype=np.float32)
        field += rows @ grid @ columns / octave
    low, high = field.min(), field.max()
    return (field - low) / (high - low)


@lru_cache(maxsize=4)
def _cloud_weights(
    camera: Camera,
) -> tuple[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]], ...]:
    """Weights that blow up a small grid to the sky; clouds crowd towards the horizon."""
    sine = np.sin(camera.elevation_rad[: camera.height // 2])
    height = 0.12 / (sine + 0.12)  # 1 at the horizon, near 0 at the zenith
    turn = np.arange(camera.width) / camera.width
    weights = []
    for octave in CLOUD_OCTAVES:
        rows = np.clip(1 - np.abs(height[:, None] * octave - np.arange(octave + 1)), 0, None)
        apart = np.abs(turn * 2 * octave - np.arange(2 * octave)[:, None])
        columns = np.clip(1 - np.minimum(apart, 2 * octave - apart), 0, None)
        weights.append((_smooth(rows), _smooth(columns)))
    return tuple(weights)


def _smooth(weight: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Ease between two neighbours of a grid, so that no facets show."""
    return (weight * weight * (3 - 2 * weight)).astype(np.float32)
