"""Two made metros of 144 square tracts: in Seattle the poorer live hotter, in Miami cooler."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.covariates import add_covariates
from aespa_core.analysis.disparity.sample import METRES, Sample
from aespa_core.analysis.disparity.specification import Space, Specification

SIDE = 12
STEP = 0.01
# °C for one standard deviation of income
SLOPES = {"seattle": -1.0, "miami": 1.0}
PLACES = {"seattle": ("53033", -122.0, 47.0), "miami": ("12086", -80.0, 26.0)}
ASKED = Specification(space=Space(permutations=999))
OUTCOMES = ("observed_day", "predicted_day")


def made_metro(metro: str, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Make a metro: income rises to the east, heat follows it and is alike among neighbours."""
    county, west, south = PLACES[metro]
    column, row = (part.ravel() for part in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    count = SIDE**2
    income = 40_000 + 4_000 * column + rng.normal(0, 6_000, count)
    deviation = (income - income.mean()) / income.std()
    heat = SLOPES[metro] * deviation + 0.5 * np.sin(row / 2) + rng.normal(0, 0.3, count)
    return gpd.GeoDataFrame(
        {
            "metro": metro,
            "county": county,
            "population": rng.integers(600, 6_000, count).astype(float),
            "aland_m2": 8e5,
            "median_household_income_usd": income,
            "white_share": rng.uniform(0.1, 0.9, count),
            "poverty_share": rng.uniform(0.02, 0.4, count),
            "no_vehicle_share": rng.uniform(0.02, 0.4, count),
            "under_5_share": rng.uniform(0.02, 0.1, count),
            "over_64_share": rng.uniform(0.05, 0.3, count),
            "observed_day": 30 + heat + rng.normal(0, 0.1, count),
            "predicted_day": heat - np.median(heat),
        },
        index=[f"{county}{place:06d}" for place in range(count)],
        geometry=[
            box(west + STEP * x, south + STEP * y, west + STEP * (x + 1), south + STEP * (y + 1))
            for x, y in zip(column, row, strict=True)
        ],
        crs="EPSG:4326",
    )


def made_sample(seed: int = 0) -> Sample:
    """Make both metros."""
    rng = np.random.default_rng(seed)
    table = pd.concat([made_metro(metro, rng) for metro in SLOPES])
    middles = table.geometry.representative_point().to_crs(METRES)
    return Sample(
        add_covariates(pd.DataFrame(table.drop(columns="geometry"))),
        table.geometry,
        np.column_stack([middles.x, middles.y]),
        OUTCOMES,
        (),
        (),
    )


def made_analysis(seed: int = 0, **columns: object) -> Analysis:
    """Ask of both metros; ``columns`` take the place of the made ones."""
    sample = made_sample(seed)
    return Analysis(replace(sample, tracts=sample.tracts.assign(**columns)), ASKED)
