"""Trees: where they stand, how high they are, and what a neighbourhood's history has to do with it.

A pixel's trees are drawn so that crowns, which overlap by chance, cover the wanted share: with λ
trees a pixel and crowns of area A, a share 1 − exp(−λ A) lies under crowns.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.materials import CODE
from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.zones import ZONES

Floats = npt.NDArray[np.float32]

CROWN_RADIUS_M: Final = (2.4, 3.2, 4.2, 5.4)
CROWN_WEIGHTS: Final = (0.35, 0.30, 0.22, 0.13)
HEIGHT_PER_RADIUS: Final = 2.4
DENSEST: Final = 0.95
# How much easier a tree finds a place in a garden than along a pavement or in a paved yard.
PLACES: Final = {"grass": 1.0, "bare_soil": 0.7, "concrete": 0.35, "asphalt": 0.06}


def wanted_canopy(
    ground: npt.NDArray[np.uint8], zone: npt.NDArray[np.uint8], multiplier: Floats
) -> Floats:
    """Share of each pixel's surroundings that trees rooted there should cover, shape (H, W)."""
    places = np.zeros(256, np.float32)
    for name, ease in PLACES.items():
        places[CODE[name]] = ease
    canopy = np.array([kind.canopy for kind in ZONES], np.float32)
    wanted: Floats = np.minimum(places[ground] * canopy[zone] * multiplier, DENSEST)
    return wanted


def plant(wanted: Floats, rng: np.random.Generator) -> Floats:
    """Plant trees.

    Parameters
    ----------
    wanted
        Share to be covered, shape (H, W).
    rng
        Source of randomness.

    Returns
    -------
    Floats
        Height of the crown above each pixel, m, 0 where there is none, same shape.
    """
    offsets = [crown_offsets(radius / PIXEL_M) for radius in CROWN_RADIUS_M]
    area = sum(w * len(o) for w, o in zip(CROWN_WEIGHTS, offsets, strict=True))
    rate = -np.log1p(-wanted) / area
    trunks = np.flatnonzero(rng.random(wanted.shape, dtype=np.float32) < rate)
    size = rng.choice(len(CROWN_RADIUS_M), len(trunks), p=CROWN_WEIGHTS)
    vigour = rng.uniform(0.8, 1.2, len(trunks)).astype(np.float32)
    rows, columns = np.divmod(trunks, wanted.shape[1])
    height = np.zeros_like(wanted)
    for number, radius in enumerate(CROWN_RADIUS_M):
        here = size == number
        tops = vigour[here] * np.float32(HEIGHT_PER_RADIUS * radius)
        for down, along in offsets[number]:
            row, column = rows[here] + down, columns[here] + along
            inside = (row >= 0) & (row < len(wanted)) & (column >= 0) & (column < wanted.shape[1])
            # a dome: the edge of a crown hangs lower than its middle
            dome = 0.75 + 0.25 * np.sqrt(
                max(0.0, 1 - (down**2 + along**2) * (PIXEL_M / radius) ** 2)
            )
            np.maximum.at(height, (row[inside], column[inside]), tops[inside] * np.float32(dome))
    return height


def crown_offsets(radius_px: float) -> list[tuple[int, int]]:
    """Pixels of a crown around its trunk."""
    reach = range(-int(radius_px), int(radius_px) + 1)
    return [
        (down, along) for down in reach for along in reach if np.hypot(down, along) <= radius_px
    ]
