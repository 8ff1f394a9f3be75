"""Air-quality stations of a simulated metro: where they stand and what street they face."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.twin.chance import stream
from aespa_core.twin.land_use import Land

ROADSIDE: Final = "roadside"
BACKGROUND: Final = "background"
# How far from a tract's middle a station may stand, share of the tract's side.
SCATTER: Final = 0.25


def place_stations(land: Land, stations: int, roadside_share: float, seed: int) -> pd.DataFrame:
    """Place stations in different tracts.

    Parameters
    ----------
    land
        B tracts.
    stations
        How many; a metro of fewer tracts gets one each.
    roadside_share
        Share of them at the kerb of a busy street, 0–1: drawn among tracts by the surface of their
        roads, while background stations stand anywhere else with equal chance.
    seed
        Of the metro.

    Returns
    -------
    pandas.DataFrame
        One row a station: ``station``, ``kind`` (roadside or background), ``geoid``, ``x_m``,
        ``y_m``, and for roadside ones ``street_width_m``, ``street_height_m`` and
        ``side_bearing_deg`` (from the middle of the street to the station).
    """
    rng = stream(seed, "stations")
    total = min(stations, land.tracts)
    road = np.where(land.road_km > 0, land.road_m2, 0.0)
    kerbs = min(round(roadside_share * total), int((road > 0).sum()))
    at_road = np.array([], dtype=np.int64)
    if kerbs:
        at_road = rng.choice(land.tracts, kerbs, replace=False, p=road / road.sum())
    others = np.setdiff1d(np.arange(land.tracts), at_road)
    tract = np.concatenate([at_road, rng.choice(others, total - kerbs, replace=False)])
    roadside = np.arange(total) < kerbs
    scatter = rng.uniform(-SCATTER, SCATTER, (2, total)) * land.side_m[tract]
    bearing = rng.uniform(0.0, 360.0, total)
    return pd.DataFrame(
        {
            "station": pd.Series([f"{land.metro}_{i + 1:02d}" for i in range(total)], dtype="str"),
            "kind": pd.Series(np.where(roadside, ROADSIDE, BACKGROUND), dtype="str"),
            "geoid": pd.Series(land.geoid[tract], dtype="str"),
            "x_m": land.x_m[tract] + scatter[0],
            "y_m": land.y_m[tract] + scatter[1],
            "street_width_m": np.where(roadside, land.street_width_m[tract], np.nan),
            "street_height_m": np.where(roadside, land.street_height_m[tract], np.nan),
            "side_bearing_deg": np.where(roadside, np.round(bearing, 1), np.nan),
        }
    )
