"""Make a small study: 144 square tracts of an imaginary town, warm in the middle.

Run ``python -m tests.tiny_study FOLDER`` to write one by hand.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from aespa_core.studies.folder import Study, StudyInfo, write_study

SIDE = 12
DEGREES = 0.01
CANOPY_EFFECT_C = -6.0
METRO = "gridville"


def tiny_tables(seed: int = 0) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Make the tables of the town and one run of estimates whose bars add up exactly."""
    rng = np.random.default_rng(seed)
    columns, rows = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    x, y = columns.ravel(), rows.ravel()
    geoid = [f"01001{20100 + i:06d}" for i in range(SIDE * SIDE)]
    distance = np.hypot(x - SIDE / 2 + 0.5, y - SIDE / 2 + 0.5) / SIDE
    canopy = np.clip(0.1 + 0.5 * distance + rng.normal(0, 0.05, SIDE**2), 0, 1)
    ndvi = np.clip(canopy + rng.normal(0, 0.05, SIDE**2), -1, 1)
    background = 0.3 * np.sin(x / 3)
    lst = 32.0 + background + CANOPY_EFFECT_C * (canopy - np.median(canopy))
    income = np.round(30_000 + 90_000 * canopy + rng.normal(0, 3_000, SIDE**2), -2)

    tracts = gpd.GeoDataFrame(
        {
            "geoid": geoid,
            "metro": METRO,
            "aland_m2": 1.0e6,
            "awater_m2": 0.0,
            "population": rng.integers(800, 5_000, SIDE**2).astype(float),
            "white_population": rng.integers(100, 800, SIDE**2).astype(float),
            "white_share": rng.uniform(0.1, 0.9, SIDE**2),
            "median_household_income_usd": income,
            "per_capita_income_usd": income / 2,
            "poverty_share": np.clip(0.5 - canopy, 0, 1),
            "unemployment_share": 0.05,
            "housing_units": 800.0,
            "housing_density_km2": 800.0,
        },
        geometry=[
            box(-86.5 + DEGREES * i, 32.5 + DEGREES * j, -86.49 + DEGREES * i, 32.51 + DEGREES * j)
            for i, j in zip(x, y, strict=True)
        ],
        crs="EPSG:4326",
    )
    # one tract was never measured: missing stays missing through every page
    observed = lst + rng.normal(0, 0.2, SIDE**2)
    observed[7] = np.nan
    canopy_measured = canopy.copy()
    canopy_measured[11] = np.nan
    temperature = pd.DataFrame(
        {"geoid": geoid, "lst_day_c": observed, "source": "made", "n_pixels": 100.0}
    )
    proxies = pd.DataFrame(
        {"geoid": geoid, "ndvi": ndvi, "canopy": canopy_measured, "source": "made"}
    )

    contribution = np.where(
        np.isnan(canopy_measured), np.nan, CANOPY_EFFECT_C * (canopy - np.median(canopy))
    )
    base = background - np.median(background)
    anomaly = base + np.nan_to_num(contribution)
    half_width = np.where(np.isnan(canopy_measured), 1.5, 1.0)
    estimates = pd.DataFrame(
        {
            "geoid": geoid,
            "metro": METRO,
            "anomaly_c": anomaly,
            "low90_c": anomaly - half_width,
            "high90_c": anomaly + half_width,
            "base_c": base,
            "contribution_canopy_c": contribution,
            "lst_day_c": 32.0 + anomaly,
            "measured": np.where(np.isnan(canopy_measured), "ndvi", "ndvi+canopy"),
            "extrapolated": False,
        }
    )
    return {"tracts": tracts, "temperature": temperature, "proxies": proxies}, estimates


def write_tiny_study(folder: Path, seed: int = 0) -> Study:
    """Write the town as a study folder."""
    tables, estimates = tiny_tables(seed)
    info = StudyInfo(
        name="Gridville",
        kind="simulated",
        vintage="imaginary",
        licences=("made by this project's tests",),
        sources=("tests/tiny_study.py",),
    )
    return write_study(folder, info, tables, runs={"tract_model": {"estimates": estimates}})


if __name__ == "__main__":
    print(write_tiny_study(Path(sys.argv[1])).path)
