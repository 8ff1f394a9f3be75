"""``aespa bench tracts``: whole urban areas left out, every method with the same inputs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.benchmarks.area_level import guessed_levels
from aespa_core.benchmarks.fold_runner import Task, World, fold_folder, run_all
from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.tract_fold import Fold
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
from aespa_core.sources.growing_shade import YEARS, read_growing_shade
from aespa_core.sources.mirror import Mirror
from aespa_core.sources.temperature_tables import read_brightness


@dataclass(frozen=True)
class Plan:
    """What to run: seed, worker processes, and whether to shrink it to what a test waits for."""

    seed: int = 0
    cores: int = 2
    small: bool = False

    def tasks(self, world: World) -> list[Task]:
        """Every method on every group; in a small plan on the first two."""
        groups = np.unique(world.tracts.group)[: 2 if self.small else None]
        return [
            Task(method, int(group), self.seed, self.small)
            for method in METHODS
            for group in groups
        ]


def run_tracts(
    world: World,
    plan: Plan,
    sensors: dict[str, pd.Series],
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
    sensors
        Independent thermal data, sensor → temperature by geoid.
    done
        Called after each fold.
    folder
        Where folds are kept; ``runs/bench_tracts/<version>`` if None.
    """
    folder = folder or fold_folder(world, plan.seed, small=plan.small)
    folds = run_all(world, plan.tasks(world), folder, done, plan.cores)
    return rows_of(world, folds, sensors, plan.seed)


def rows_of(
    world: World, folds: dict[Task, Fold], sensors: dict[str, pd.Series], seed: int
) -> list[Row]:
    """Score finished folds."""
    parts: dict[str, list[Fold]] = {name: [] for name in METHODS}
    for task in sorted(folds, key=lambda task: task.group):
        parts[task.method].append(folds[task])
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
    rows += independent_rows(tables, sensors, seed)
    return rows


def thermal_sensors(mirror: Mirror, geoids: pd.Series) -> dict[str, pd.Series]:
    """Read thermal data that no method has seen: one Landsat scene a city, two Twin Cities days.

    Temperatures are as the sources give them (K and °C): only differences within a place count.
    """
    brightness = read_brightness(mirror, geoids).table.set_index("geoid")["brightness_day_k"]
    shade = read_growing_shade(mirror, geoids).table.set_index("geoid")
    days = {f"growing_shade_{year}": shade[f"lst_{year}_c"].dropna() for year in YEARS}
    return {"brightness_npr": brightness, **days}


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
