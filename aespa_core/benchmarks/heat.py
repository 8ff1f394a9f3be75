"""The heat benchmark: from a study to its table, single estimates and places."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.benchmarks.heat_benches import HeatBench
from aespa_core.benchmarks.heat_plan import ALL, FROM_METRO
from aespa_core.benchmarks.heat_runner import Job, run_jobs
from aespa_core.benchmarks.heat_scores import (
    DAY,
    difference_rows,
    score_rows,
    transfer_rows,
    with_intervals,
)
from aespa_core.benchmarks.heat_world import HeatWorld, read_world
from aespa_core.benchmarks.table import Row
from aespa_core.studies.atomic import write_parquet

SHOWN: Final = (
    "geoid", "metro", "split", "seed", "method", "lst_day_c", "estimate_c", "low90_c", "high90_c",
)  # fmt: skip


def run_bench(
    bench: HeatBench,
    done: Callable[[Job, str], None] = lambda job, method: None,
    read: Callable[[float], None] = lambda share: None,
) -> tuple[HeatWorld, pd.DataFrame]:
    """Run what is missing; give the study and all answers, one row a tract, method and split."""
    jobs = bench.jobs()
    world = read_world(bench.path, jobs[0].settings, read)
    run_jobs(jobs, done, bench.cores, world)
    parts = []
    for job in jobs:
        for method in job.task.methods:
            path = job.part(method)
            facts = json.loads(path.with_suffix(".json").read_text("utf-8"))
            parts.append(
                pd.read_parquet(path).assign(
                    split=job.task.kind,
                    held=job.task.metro,
                    seed=job.task.seed,
                    method=method,
                    seconds=facts["seconds"],
                    moves=facts["moves_a_tract"],
                )
            )
    return world, with_intervals(pd.concat(parts, ignore_index=True))


def bench_rows(study: str, world: HeatWorld, answers: pd.DataFrame, seed: int = 0) -> list[Row]:
    """Score the answers."""
    return [
        *score_rows(study, answers),
        *transfer_rows(study, answers),
        *difference_rows(study, answers, world.samples, seed),
    ]


def write_estimates(study: str, world: HeatWorld, answers: pd.DataFrame, folder: Path) -> None:
    """Write single estimates of the first seed and the tracts' places, for the page's maps."""
    first = answers["seed"].min()
    shown = answers[(answers["seed"] == first) & (answers["split"] != FROM_METRO)]
    table = shown[list(SHOWN)].assign(study=study)
    numbers = ["lst_day_c", "estimate_c", "low90_c", "high90_c"]
    table[numbers] = table[numbers].round(4).astype("float32")
    samples = world.samples
    places = pd.DataFrame(
        {
            "geoid": samples.geoid,
            "metro": samples.metro,
            "x_km": samples.place_km[:, 0].round(3),
            "y_km": samples.place_km[:, 1].round(3),
            "study": study,
        }
    )
    for name, new in (("heat_predictions", table), ("heat_places", places)):
        path = folder / f"{name}.parquet"
        if path.is_file():
            old = pd.read_parquet(path)
            new = pd.concat([old[old["study"] != study], new], ignore_index=True)
        write_parquet(path, new)


def leaderboard(rows: list[Row]) -> pd.DataFrame:
    """One line a split and method: mean over seeds of what is asked first, best first."""
    wanted = ["mae", "mae_within", "pearson_within", "coverage_90", "violations", "seconds"]
    table = pd.DataFrame([asdict(row) for row in rows])
    table = table[(table["metro"] == ALL) & (table["target"] == DAY) & table["metric"].isin(wanted)]
    wide = table.pivot_table(index=["split", "method"], columns="metric", values="value")
    return wide[wanted].sort_values(["split", "mae"]).reset_index().rename_axis(columns=None)
