"""Land that nobody rendered: plausible tracts on a jittered grid around a centre."""

import numpy as np

from aespa_core.twin.land_use import Land

SIDE_M = 450.0


def made_land(n: int = 100, seed: int = 0) -> Land:
    """Invent ``n`` tracts: dense, sealed and busy in the middle, green outside."""
    rng = np.random.default_rng(seed)
    across = int(np.ceil(np.sqrt(n)))
    place = np.arange(n)
    x_m = (place % across - across / 2 + 0.5 + rng.uniform(-0.2, 0.2, n)) * SIDE_M
    y_m = (place // across - across / 2 + 0.5 + rng.uniform(-0.2, 0.2, n)) * SIDE_M
    centre_km = np.hypot(x_m, y_m) / 1000
    dense = np.exp(-centre_km / 1.5)
    land_km2 = (SIDE_M / 1000) ** 2 * rng.uniform(0.8, 1.2, n)
    land_m2 = 1e6 * land_km2
    work_m2 = land_m2 * (0.05 + 0.5 * dense) * rng.lognormal(0, 0.4, n)
    road_km = 14.0 * land_km2 * rng.uniform(0.7, 1.3, n)
    return Land(
        metro="boston",
        geoid=np.array([f"99001{i + 100:06d}" for i in place], dtype=np.str_),
        x_m=x_m,
        y_m=y_m,
        land_km2=land_km2,
        canopy=np.clip(0.30 - 0.2 * dense + rng.normal(0, 0.09, n), 0.01, 0.9),
        homes_m2=land_m2 * (0.25 + 0.3 * dense) * rng.lognormal(0, 0.3, n),
        work_m2=work_m2,
        shop_m2=work_m2 * rng.uniform(0.1, 0.5, n),
        park_km2=land_km2 * rng.uniform(0, 0.2, n),
        road_km=road_km,
        road_m2=1000 * road_km * rng.uniform(8, 16, n),
        canyon_aspect=0.2 + 1.3 * dense * rng.uniform(0.7, 1.3, n),
        centre_km=centre_km,
    )
