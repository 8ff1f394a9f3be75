"""Grounds that nobody rendered: two metros of made land."""

from dataclasses import replace

import numpy as np

from aespa_core.benchmarks.disparity_ground import Ground
from tests.twin.made_land import made_land


def made_ground(metro: str, county: int, seed: int) -> Ground:
    """Invent a metro of 100 tracts: sealed in the middle, a shore in the east."""
    land = made_land(100, seed)
    geoid = np.array([f"99{county:03d}{n + 1:04d}00" for n in range(100)], dtype=np.str_)
    rng = np.random.default_rng(seed)
    shore = np.clip(land.x_m / 2000.0, 0.0, 1.0)
    return Ground(
        replace(land, metro=metro, geoid=geoid),
        bare_impervious=0.5 + 0.3 * np.exp(-land.centre_km) + rng.uniform(-0.1, 0.1, 100),
        bare_albedo=rng.uniform(0.18, 0.28, 100),
        water_share=rng.uniform(0.0, 0.3, 100) * shore,
        shore_cooling_k=2.0 * shore,
    )


def made_grounds() -> tuple[Ground, ...]:
    """Invent two metros, which have counties of their own."""
    return made_ground("boston", 1, 3), made_ground("dallas", 2, 4)
