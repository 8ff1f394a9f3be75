"""Street panoramas of a tract with their true masks.

Each photo draws its weather, season and camera from its own stream, keyed by seed, tract and
number: photos do not depend on which others are made, nor in what order.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.camera_places import TractPlaces
from aespa_core.twin.street_conditions import Conditions, draw_conditions
from aespa_core.twin.street_light import light_of, sky_brightness, veiled
from aespa_core.twin.street_surfaces import (
    building_brightness,
    ground_brightness,
    tree_brightness,
)
from aespa_core.twin.street_view import BUILDING, SKY, TREE, View, look
from aespa_core.twin.sun import Sun
from aespa_core.twin.surroundings import Surroundings

# What a light meter makes of the mean of a scene.
MIDDLE_GREY: Final = 0.18
# Coded value of light far beyond the sensor's range bends towards 1 instead of breaking off.
SHOULDER: Final = 0.8
# ITU-R BT.601, as in a JPEG's luma.
LUMA: Final = (0.299, 0.587, 0.114)
STREAM: Final = 0x57EE7


@dataclass(frozen=True)
class Panorama:
    """A street photo and what it shows.

    Attributes
    ----------
    image
        Equirectangular, zenith in the first row, sRGB-like, uint8, shape (R, W, 3).
    mask
        Code of :data:`aespa_core.twin.street_view.STREET_CLASSES`, uint8, shape (R, W).
    row, col
        Cell of the camera in the scene.
    heading_deg
        Where the middle of the image looks, clockwise from north.
    """

    image: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.uint8]
    row: int
    col: int
    heading_deg: float


def render_panoramas(
    around: Surroundings, places: TractPlaces, sun: Sun, seed: int
) -> tuple[Panorama, ...]:
    """Take the photos of a tract; none if it has no place for a camera.

    Parameters
    ----------
    around
        The prepared scene, with its shadows for the same sun.
    places
        Where the tract's cameras stand.
    sun
        Sun at the time of the photos.
    seed
        Of the metro.
    """
    photos = []
    for number, (row, col) in enumerate(zip(places.row, places.col, strict=True)):
        entropy = np.random.SeedSequence([seed, STREAM, places.tract, number])
        rng = np.random.default_rng(entropy)
        conditions = draw_conditions(rng)
        photos.append(render_panorama(around, int(row), int(col), sun, conditions, rng))
    return tuple(photos)


def render_panorama(
    around: Surroundings,
    row: int,
    col: int,
    sun: Sun,
    conditions: Conditions,
    rng: np.random.Generator,
) -> Panorama:
    """Take one photo from a cell of the scene, the camera turned at random."""
    view = look(around, row, col)
    turn = int(rng.integers(around.camera.width))
    image = expose(brightness_of(view, around, sun, conditions, rng), conditions, rng)
    return Panorama(
        image=np.roll(image, -turn, axis=1),
        mask=np.roll(view.mask, -turn, axis=1),
        row=row,
        col=col,
        heading_deg=turn * 360.0 / around.camera.width,
    )


def brightness_of(
    view: View,
    around: Surroundings,
    sun: Sun,
    conditions: Conditions,
    rng: np.random.Generator,
) -> npt.NDArray[np.float32]:
    """Light a view: W/m² in red, green and blue at the lens times π, shape (R, W, 3)."""
    camera = around.camera
    light = light_of(sun, conditions)
    sky = sky_brightness(camera, sun, conditions, rng)  # (R / 2, W, 3)
    # Ground in a canyon gets the diffuse light of its sky view, and some back from the walls.
    openness = 0.3 + 0.7 * sky_view(view.mask, camera.elevation_rad)
    frame = np.zeros((camera.height, camera.width, 3), dtype=np.float32)
    frame[: camera.height // 2] = sky
    flat = frame.reshape(-1, 3)
    kind = view.mask.ravel()
    crowns, walls = np.flatnonzero(kind == TREE), np.flatnonzero(kind == BUILDING)
    ground = np.flatnonzero(kind > TREE)
    flat[crowns] = tree_brightness(crowns, view, around, light, conditions, openness, rng)
    flat[walls] = building_brightness(walls, view, around, light, openness, sky)
    flat[ground] = ground_brightness(ground, view, around, light, conditions, openness, sky)
    airlight = np.median(sky[-1], axis=0)  # (3,)
    distance = np.where(view.mask == SKY, np.float32(0), view.distance_m)
    return veiled(frame, distance, airlight, conditions.visibility_m)


def sky_view(mask: npt.NDArray[np.uint8], elevation_rad: npt.NDArray[np.float64]) -> float:
    r"""Sky view factor at the camera: share of sky weighted by :math:`\sin e \cos e`."""
    weight = np.clip(np.sin(elevation_rad), 0, None) * np.cos(elevation_rad)
    return float(np.sum(weight * (mask == SKY).mean(axis=1)) / weight.sum())


def expose(
    brightness: npt.NDArray[np.float32], conditions: Conditions, rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Meter, balance, bend and code light as a camera does, shape (R, W, 3)."""
    rows = brightness.shape[0]
    # Meters look at the middle of the frame, ground before sky.
    middle = brightness[3 * rows // 8 : 3 * rows // 4, ::2]
    luma = sum(weight * middle[..., band] for band, weight in enumerate(LUMA))
    metered = np.log(luma + np.float32(1e-3)).mean()
    gain = MIDDLE_GREY * np.exp(-metered) * 2.0**conditions.exposure_ev
    balance = gain * np.exp(conditions.warmth * np.array([0.5, 0.0, -0.5]))
    light = brightness * balance.astype(np.float32)
    coded = np.power(light, np.float32(1 / conditions.gamma))
    over = np.maximum(coded - SHOULDER, 0)
    coded -= over - over / (1 + over / (1 - SHOULDER))
    noise = rng.standard_normal(coded.shape[:2], dtype=np.float32) * np.float32(conditions.noise)
    coded += noise[..., None]
    return (np.clip(coded, 0, 1) * 255 + 0.5).astype(np.uint8)
