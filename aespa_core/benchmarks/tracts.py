"""``aespa bench tracts``: whole urban areas left out, every method with the same inputs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.benchmarks.area_level import guessed_levels
from aespa_core.benchmarks.fold_runner import Task, World, fold_folder, run_all
from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.tract_fold import Fold
from aespa_core.benchmarks.tract_intervals import INTERVALS, interval_rows
from aespa_core.benchmarks.tract_methods import METHODS
from aespa_core.benchmarks.tract_scores import (
    SPLIT,
    TARGET,
    absolute_rows,
    difference_rows,
    error_rows,
    fact_rows,
    independent_rows,
)
from aespa_core.sources.census import read_acs2017
from aespa_core.sources.growing_shade import YEARS, read_growing_shade
from aespa_core.sources.mirror import Mirror
from aespa_core.sources.temperature_tables import read_brightness


@dataclass(frozen=True)
class Evidence:
    """Data that no method has seen.

    Attributes
    ----------
    sensors
        Independent thermal data, sensor → temperature by geoid, K or °C: only differences within
        an area count.
    income
        Median household income by geoid, US$: sorts tracts for reporting coverage.
    """

    sensors: Mapping[str, pd.Series]
    income: pd.Series


@dataclass(frozen=True)
class Plan:
    """What to run: seed, worker processes, and whether to shrink it to what a test waits for."""

    seed: int = 0
    cores: int = 2
    small: bool = False

    def tasks(self, world: World, methods: Iterable[str] = (*METHODS, INTERVALS)) -> list[Task]:
        """Each method on every group; in a small plan on the first two."""
        groups = np.unique(world.tracts.group)[: 2 if self.small else None]
        return [
            Task(method, int(group), self.seed, self.small)
            for method in methods
            for group in groups
        ]


def run_tracts(
    world: World,
    plan: Plan,
    evidence: Evidence,
    done: Callable[[Task], None] = lambda task: None,
    folder: Path | None = None,
) -> list[Row]:
    """Run what is missing and make the rows of the table.

    Parameters
    ----------
    world
        Data.
    plan
        What to run.
    evidence
        What only scores, never trains.
    done
        Called after each fold.
    folder
        Where folds are kept; ``runs/bench_tracts/<version>`` if None.
    """
    folder = folder or fold_folder(world, plan.seed, small=plan.small)
    folds = run_all(world, plan.tasks(world, METHODS), folder, done, plan.cores)
    # intervals use the setting that our fold of the same group has chosen
    folds |= run_all(world, plan.tasks(world, [INTERVALS]), folder, done, plan.cores)
    return rows_of(world, folds, evidence, plan.seed)


def rows_of(world: World, folds: dict[Task, Fold], evidence: Evidence, seed: int) -> list[Row]:
    """Score finished folds."""
    parts: dict[str, list[Fold]] = {name: [] for name in (*METHODS, INTERVALS)}
    for task in sorted(folds, key=lambda task: task.group):
        parts[task.method].append(folds[task])
    intervals = pd.concat([fold.table for fold in parts.pop(INTERVALS)], ignore_index=True)
    tables = {
        name: pd.concat([fold.table for fold in found], ignore_index=True)
        for name, found in parts.items()
    }
    rows = []
    for name, found in parts.items():
        rows += error_rows(name, tables[name], seed)
        rows += fact_rows(name, [fold.facts for fold in found], seed)
    rows += difference_rows(tables, seed)
    rows += absolute_rows(tables, guessed_levels(world.tracts), seed)
    rows += independent_rows(tables, evidence.sensors, seed)
    return rows + interval_rows(intervals, evidence.income, seed)


def read_evidence(mirror: Mirror, geoids: pd.Series) -> Evidence:
    """Read one Landsat scene a city, two Twin Cities days, and median household income."""
    brightness = read_brightness(mirror, geoids).table.set_index("geoid")["brightness_day_k"]
    shade = read_growing_shade(mirror, geoids).table.set_index("geoid")
    days = {f"growing_shade_{year}": shade[f"lst_{year}_c"].dropna() for year in YEARS}
    people = read_acs2017(mirror, geoids).table.set_index("geoid")
    return Evidence(
        {"brightness_npr": brightness, **days}, people["median_household_income_usd"].dropna()
    )


def leaderboard(rows: list[Row]) -> pd.DataFrame:
    """Lay the pooled numbers out, one row a method, smallest error first."""
    wanted = ["rmse", "mae", "r2", "violations", "rmse_minus_aespa", "seconds"]
    table = pd.DataFrame([vars(row) for row in rows])
    pooled = table[
        (table["metro"] == "all")
        & (table["target"] == TARGET)
        & (table["split"] == SPLIT)
        & table["metric"].isin(wanted)
    ]
    wide = pooled.pivot_table(index="method", columns="metric", values="value")
    return wide.reindex(columns=wanted).sort_values("rmse").reset_index()
