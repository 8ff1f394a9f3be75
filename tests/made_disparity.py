"""Make a study for disparities: grids of tracts whose heat follows people by a known law.

Two towns with labels and estimates, one of which has no night and the other no brightness, so that
tables meet outcomes that one metro lacks. Run ``python -m tests.made_disparity FOLDER`` to write
the study by hand.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.run import tables_of
from aespa_core.analysis.disparity.sample import sample_of
from aespa_core.analysis.disparity.specification import Specification
from aespa_core.studies.folder import Study, StudyInfo, write_study

DEGREES: Final = 0.01
# °C of surface temperature by day, per unit of the covariate; the night has half of it.
SLOPES: Final = {
    "income_sd": -0.8,
    "nonwhite_10pct": 0.3,
    "over_64_10pct": 0.2,
    "under_5_10pct": -0.4,
}
# What the estimates add to the slope of income: they make the poor seem less hot than they are.
BIAS: Final = 0.5


@dataclass(frozen=True)
class Town:
    """A grid of square tracts, ``columns`` × ``rows``, in ``counties`` stripes from west to east.

    ``noise_c`` is the spread of what people do not explain, half of it alike among neighbours.
    """

    metro: str
    state: str
    columns: int = 10
    rows: int = 9
    counties: int = 2
    noise_c: float = 0.5
    outcomes: tuple[str, ...] = ("lst_day_c", "lst_night_c", "anomaly_c")

    @property
    def west(self) -> float:
        """Degrees of longitude of the western border: towns lie apart."""
        return -100.0 + int(self.state)


TOWNS: Final = (
    Town("ashford", "01", counties=2),
    Town("birch", "05", columns=9, rows=8, outcomes=("lst_day_c", "brightness_day_k", "anomaly_c")),
)


@dataclass(frozen=True)
class Made:
    """Tables of a study and of its run, and the tracts' covariates as the law sees them."""

    tables: dict[str, pd.DataFrame]
    estimates: pd.DataFrame

    def changed(
        self, change: Callable[[pd.DataFrame], pd.DataFrame], table: str = "tracts"
    ) -> "Made":
        """Change one table, or the ``estimates``."""
        if table == "estimates":
            return Made(self.tables, change(self.estimates.copy()))
        return Made({**self.tables, table: change(self.tables[table].copy())}, self.estimates)


def made_study(towns: Sequence[Town] = TOWNS, seed: int = 0) -> Made:
    """Make all towns; each from its own random stream, so that none hangs on the others."""
    parts = [made_town(town, np.random.default_rng([seed, int(town.state)])) for town in towns]
    return Made(
        {
            name: pd.concat([part.tables[name] for part in parts], ignore_index=True)
            for name in ("tracts", "temperature", "proxies")
        },
        pd.concat([part.estimates for part in parts], ignore_index=True),
    )


def made_town(town: Town, rng: np.random.Generator) -> Made:
    """Make the tables of one town."""
    x, y = (part.ravel() for part in np.meshgrid(np.arange(town.columns), np.arange(town.rows)))
    n = len(x)
    county = x * town.counties // town.columns
    geoid = [f"{town.state}{2 * k + 1:03d}{i + 100:06d}" for i, k in enumerate(county)]
    income = np.round(60_000 + 20_000 * np.sin(x / 3) + rng.normal(0, 12_000, n))
    over, under = rng.uniform(0.05, 0.3, n), rng.uniform(0.02, 0.1, n)
    white = np.clip(0.5 + (income - 60_000) / 80_000 + rng.normal(0, 0.15, n), 0.02, 0.98)
    income_sd = (income - income.mean()) / income.std(ddof=1)
    explained = (
        SLOPES["income_sd"] * income_sd
        + SLOPES["nonwhite_10pct"] * (1 - white) * 10
        + SLOPES["over_64_10pct"] * over * 10
        + SLOPES["under_5_10pct"] * under * 10
        + 1.5 * (county % 4)
    )
    noise = town.noise_c * (np.sin(x / 2) * np.cos(y / 2) + rng.normal(0, 1, n))
    day = 33.0 + explained + noise
    labels = {
        "lst_day_c": day,
        "lst_night_c": 18.0 + explained / 2 + noise / 2,
        "brightness_day_k": 300.0 + explained + noise,
    }
    seen = {name: town.outcomes.count(name) > 0 for name in (*labels, "anomaly_c")}
    tracts = gpd.GeoDataFrame(
        {
            "geoid": geoid,
            "metro": town.metro,
            "aland_m2": 1.0e6,
            "awater_m2": 0.0,
            "population": rng.integers(600, 5_000, n).astype(float),
            "white_share": white,
            "median_household_income_usd": income,
            "poverty_share": np.clip(0.4 - (income - 40_000) / 150_000, 0.02, 0.9),
            "unemployment_share": rng.uniform(0.02, 0.12, n),
            "over_64_share": over,
            "under_5_share": under,
            "no_vehicle_share": rng.uniform(0.02, 0.4, n),
        },
        geometry=[
            box(
                town.west + DEGREES * i,
                32.5 + DEGREES * j,
                town.west + DEGREES * (i + 1),
                32.5 + DEGREES * (j + 1),
            )
            for i, j in zip(x, y, strict=True)
        ],
        crs="EPSG:4326",
    )
    temperature = pd.DataFrame(
        {
            "geoid": geoid,
            **{name: np.where(seen[name], values, np.nan) for name, values in labels.items()},
            "source": "made",
        }
    )
    proxies = pd.DataFrame(
        {"geoid": geoid, "canopy": np.clip(0.3 + 0.1 * income_sd, 0, 1), "source": "made"}
    )
    anomaly = day - np.median(day) + BIAS * income_sd
    estimates = pd.DataFrame(
        {
            "geoid": geoid,
            "metro": town.metro,
            "anomaly_c": np.where(seen["anomaly_c"], anomaly, np.nan),
            "low90_c": anomaly - 1,
            "high90_c": anomaly + 1,
            "base_c": anomaly,
            "lst_day_c": 33.0 + anomaly,
            "measured": "none",
            "extrapolated": False,
        }
    )
    return Made({"tracts": tracts, "temperature": temperature, "proxies": proxies}, estimates)


def write_made_study(folder: Path, made: Made) -> Study:
    """Write it as a study folder."""
    info = StudyInfo(
        name="Made towns",
        kind="observed",
        vintage="imaginary",
        licences=("made by this project's tests",),
        sources=("tests/made_disparity.py",),
    )
    return write_study(folder, info, made.tables, runs={"made": {"estimates": made.estimates}})


def analysis_of(folder: Path, made: Made, asked: Specification) -> Analysis:
    """Write a study and ask it."""
    return Analysis(sample_of([write_made_study(folder, made)], asked), asked)


def tables_by_id(
    folder: Path, made: Made, asked: Specification | None = None
) -> dict[str, ResultTable]:
    """Make every table of a made study."""
    analysis = analysis_of(folder, made, asked or Specification())
    return {table.id: table for table in tables_of(analysis)}


if __name__ == "__main__":
    print(write_made_study(Path(sys.argv[1]), made_study()).path)
