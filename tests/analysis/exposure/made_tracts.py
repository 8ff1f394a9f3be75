"""A made metro: 120 tracts on a grid, poorer and hotter to the east, with people of all groups."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.regression.blocks import spatial_blocks

COLUMNS, ROWS = 12, 10


def made_tracts(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    count = COLUMNS * ROWS
    east = np.tile(np.arange(COLUMNS), ROWS) / COLUMNS
    return pd.DataFrame(
        {
            "population": rng.integers(400, 6000, count).astype(float),
            "median_household_income_usd": 90_000 - 50_000 * east + rng.normal(0, 5_000, count),
            "white_share": np.clip(0.9 - 0.6 * east + rng.normal(0, 0.1, count), 0, 1),
            "poverty_share": np.clip(0.05 + 0.3 * east + rng.normal(0, 0.03, count), 0, 1),
            "no_vehicle_share": np.clip(0.2 * east + rng.normal(0, 0.03, count), 0, 1),
            "under_5_share": rng.uniform(0.03, 0.1, count),
            "over_64_share": rng.uniform(0.08, 0.2, count),
            "lst_day_c": 34 + 3 * east + rng.normal(0, 0.7, count),
        }
    )


def made_blocks(count: int = 12) -> npt.NDArray[np.int64]:
    places = np.column_stack([np.tile(np.arange(COLUMNS), ROWS), np.repeat(np.arange(ROWS), 12)])
    return spatial_blocks(places.astype(float), np.full(len(places), "metro"), count)
