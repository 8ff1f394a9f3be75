"""What differs between two photos of one street: sky, haze, season and the camera's moods.

A tract's photos are taken on different days. These draws are what spoils a colour index on real
photos; where the sun stands and what the ground is do not change.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Conditions:
    """Weather, season and camera of one photo.

    Attributes
    ----------
    cloud_cover
        Share of the sky, 0 to 1.
    beam
        Share of the clear sky's direct beam that arrives; 0 under an overcast sky.
    visibility_m
        Meteorological range, m.
    straw
        Shift of the share of straw in grass, −1 to 1: months of one year.
    leaf_yellow
        How far leaves have gone from dark green to yellow, 0 to 1.
    exposure_ev
        Exposure beside the metered one, powers of two.
    warmth
        Natural logarithm of the gain of red over blue left by the white balance.
    gamma
        Exponent of the tone curve.
    noise
        Standard deviation of the sensor's noise in a coded value, share of full scale.
    """

    cloud_cover: float
    beam: float
    visibility_m: float
    straw: float
    leaf_yellow: float
    exposure_ev: float
    warmth: float
    gamma: float
    noise: float


def draw_conditions(rng: np.random.Generator) -> Conditions:
    """Draw the conditions of one photo: clear 45, broken clouds 30, overcast 25 of 100."""
    sky = rng.random()
    cover = rng.random()
    if sky < 0.45:
        cloud_cover, beam = max(0.0, 0.3 * cover - 0.15), 0.85 + 0.15 * cover
    elif sky < 0.75:
        cloud_cover, beam = 0.25 + 0.45 * cover, 0.75 + 0.25 * cover
    else:
        cloud_cover, beam = 1.0, 0.0
    return Conditions(
        cloud_cover=cloud_cover,
        beam=beam,
        visibility_m=float(np.exp(rng.uniform(np.log(1_000.0), np.log(30_000.0)))),
        straw=float(np.clip(rng.normal(0.0, 0.2), -0.5, 0.5)),
        leaf_yellow=float(rng.beta(1.3, 3.0)),
        exposure_ev=float(np.clip(rng.normal(0.0, 0.4), -1.0, 1.0)),
        warmth=float(rng.normal(0.0, 0.07)),
        gamma=float(rng.uniform(1.9, 2.5)),
        noise=float(rng.uniform(0.003, 0.012)),
    )
