"""Proxies read off simulated images against the simulator's truth.

Two metros may be looked at: the combined estimator learns on them, over several seeds. The other
six, on a seed that nothing was built with, are scored once the simulator is frozen.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.benchmarks.agreement import pearson, pearson_within
from aespa_core.benchmarks.image_scores import DEVELOPMENT, HELD_OUT, MENDED, PUBLISHED
from aespa_core.benchmarks.table import Row
from aespa_core.datasets.proxies.image_estimator import fit_image_estimator
from aespa_core.datasets.proxies.study_images import SATELLITE, STREET, image_table, images_of
from aespa_core.inference.code_version import code_version
from aespa_core.schema import METRO_IDS, PROXIES, PROXY_IDS
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.catalogue import ROOT
from aespa_core.twin.settings import DEMO_METROS, TwinSettings, world_settings
from aespa_core.twin.study import build_world
from aespa_core.worker_pool import each_in_workers

STUDY: Final = "twin"
DEVELOPMENT_SEEDS: Final = (1, 2, 3)
HELD_OUT_SEED: Final = 90210
BOTH: Final = "both"
LEARNED: Final = "learned"
WORKERS: Final = 2
RUNS: Final = ROOT / "runs" / "bench_proxies"


@dataclass(frozen=True)
class Task:
    """One simulated metro: build it, read its images, keep the numbers and the truth."""

    metro: str
    seed: int
    split: str


def tasks(*, held_out: bool = True) -> list[Task]:
    """List the metros: those to learn on, then those kept apart."""
    learned = [Task(m, seed, DEVELOPMENT) for seed in DEVELOPMENT_SEEDS for m in DEMO_METROS]
    apart = [Task(m, HELD_OUT_SEED, HELD_OUT) for m in METRO_IDS if m not in DEMO_METROS]
    return [*learned, *apart] if held_out else learned


def kept_in() -> Path:
    """Folder of finished metros, one for each version of the code that makes and reads images."""
    return RUNS / code_version(("twin/*.py", "twin/worlds/*.toml", "datasets/proxies/*.py"))


def numbers_of(task: Task, settings: TwinSettings, folder: Path) -> pd.DataFrame:
    """Give a metro's images as numbers beside its true proxies, one row a tract; kept on disk."""
    world = replace(settings, metros=(task.metro,), seed=task.seed)
    path = folder / f"{task.metro}_{task.seed}.parquet"
    if path.is_file():
        return pd.read_parquet(path)
    with tempfile.TemporaryDirectory() as place:
        study = build_world(world, Path(place) / "world")
        numbers = image_table(images_of(study, task.metro))
        truth = study.read("proxies").set_index("geoid")[list(PROXY_IDS)].add_prefix("true_")
    table = numbers.join(truth).assign(metro=task.metro, seed=task.seed, split=task.split)
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(path, table.reset_index())
    return table.reset_index()


def all_numbers(
    wanted: list[Task],
    done: Callable[[Task], None] = lambda task: None,
    settings: TwinSettings | None = None,
    folder: Path | None = None,
) -> pd.DataFrame:
    """Read all metros, several at a time; finished ones are kept and not built again.

    Parameters
    ----------
    wanted
        Metros to build and read.
    done
        Called after each.
    settings
        Of the world; the twin's own if None.
    folder
        Where finished metros are kept; under ``runs/`` if None.
    """
    settings, folder = settings or world_settings("twin"), folder or kept_in()
    parts = []
    work = partial(numbers_of, settings=settings, folder=folder)
    for task, numbers in each_in_workers(work, wanted, WORKERS):
        parts.append(numbers)
        done(task)
    return pd.concat(parts, ignore_index=True).sort_values(
        ["split", "seed", "geoid"], ignore_index=True
    )


def readings(numbers: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Give each method's estimates from each source: method, source, a column a proxy."""
    for method in (PUBLISHED, MENDED):
        parts = {
            source: numbers[[f"{source}_{method}_{proxy}" for proxy in PROXY_IDS]].set_axis(
                list(PROXY_IDS), axis=1
            )
            for source in (STREET, SATELLITE)
        }
        for source, part in parts.items():
            yield method, source, part
        yield method, BOTH, (parts[STREET] + parts[SATELLITE]) / 2
    learned = numbers["split"] == DEVELOPMENT
    truth = numbers[[f"true_{proxy}" for proxy in PROXY_IDS]].set_axis(list(PROXY_IDS), axis=1)
    for source in (STREET, SATELLITE, BOTH):
        prefixes = (f"{STREET}_", f"{SATELLITE}_") if source == BOTH else f"{source}_"
        columns = [column for column in numbers if column.startswith(prefixes)]
        estimator = fit_image_estimator(
            numbers.loc[learned, columns], truth[learned], numbers.loc[learned, "metro"]
        )
        yield LEARNED, source, estimator(numbers[columns])


def rows_of(numbers: pd.DataFrame, seed: int = 0) -> list[Row]:
    """Score every method, pooled over a split's tracts and within its metros."""
    rows = []
    for method, source, found in readings(numbers):
        for split, part in numbers.groupby("split"):
            group = (part["metro"] + part["seed"].astype(str)).to_numpy(str)
            for proxy in PROXIES:
                truth = part[f"true_{proxy.id}"].to_numpy(float)
                estimate = found.loc[part.index, proxy.id].to_numpy(float)
                told = np.isfinite(estimate)
                values = {
                    "pearson": pearson(estimate[told], truth[told]),
                    "pearson_within": pearson_within(estimate[told], truth[told], group[told]),
                    "mae": float(np.abs(estimate - truth)[told].mean()),
                    "tracts": float(told.sum()),
                }
                rows += [
                    Row(STUDY, method, "all", str(split), source, seed,
                        f"{metric}_{proxy.id}", value, "count" if metric == "tracts" else "1")
                    for metric, value in values.items()
                ]  # fmt: skip
    return rows


def twin_leaderboard(rows: list[Row]) -> pd.DataFrame:
    """Pooled correlation of each method and source, a column a proxy; held-out metros if any."""
    table = pd.DataFrame([asdict(row) for row in rows])
    split = HELD_OUT if HELD_OUT in set(table["split"]) else DEVELOPMENT
    metrics = {f"pearson_{proxy}": proxy for proxy in PROXY_IDS}
    kept = table[(table["split"] == split) & table["metric"].isin(metrics)]
    wide = kept.pivot(index=["split", "method", "target"], columns="metric", values="value")
    return wide[list(metrics)].rename(columns=metrics).reset_index().rename_axis(columns=None)
