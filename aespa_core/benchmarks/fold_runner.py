"""Run many folds on all cores, keep each on disk, and go on where a run stopped."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.benchmarks.tract_fold import Fold, run_fold
from aespa_core.benchmarks.tract_intervals import INTERVALS, interval_fold
from aespa_core.benchmarks.tract_methods import METHODS, OURS, fit_settings, quick
from aespa_core.datasets.national_tracts import read_national_tracts
from aespa_core.datasets.tract_training import training_tracts
from aespa_core.errors import ArtifactError
from aespa_core.inference.atlas import World
from aespa_core.inference.code_version import code_version
from aespa_core.inference.fit_cache import CODE
from aespa_core.sources.mirror import open_mirror
from aespa_core.studies.atomic import write_parquet, write_text
from aespa_core.studies.catalogue import ROOT
from aespa_core.worker_pool import each_in_workers

RUNS: Final = ROOT / "runs"
CORES: Final = 2


def read_world() -> World:
    """Read the data of the mirror."""
    national = read_national_tracts(open_mirror())
    return World(national, training_tracts(national))


@dataclass(frozen=True)
class Task:
    """One fold to run: a method, or our intervals; ``small`` is what a test can wait for."""

    method: str
    group: int
    seed: int
    small: bool


def fold_folder(world: World, seed: int, *, small: bool) -> Path:
    """Folder of finished folds, one for each version of code, settings and data."""
    grids = {name: (quick(m) if small else m).grid for name, m in METHODS.items()}
    version = code_version((*CODE, "baselines/*.py", "benchmarks/tract_*.py"))
    digest = hashlib.sha256(json.dumps([version, seed, small, grids]).encode())
    digest.update(world.tracts.labels.lst_day_c.tobytes())
    digest.update(np.nan_to_num(world.tracts.features.proxies).tobytes())
    return RUNS / "bench_tracts" / digest.hexdigest()[:12]


def save(fold: Fold, path: Path) -> None:
    """Keep a fold; the table is written last and marks it as finished."""
    write_text(path.with_suffix(".json"), json.dumps(fold.facts))
    write_parquet(path, fold.table)


def load(path: Path) -> Fold | None:
    """Read a finished fold, None if there is none."""
    if not path.is_file():
        return None
    return Fold(pd.read_parquet(path), json.loads(path.with_suffix(".json").read_text("utf-8")))


def run_all(
    world: World, tasks: list[Task], folder: Path, done: Callable[[Task], None], cores: int = CORES
) -> dict[Task, Fold]:
    """Run the tasks that are not on disk yet.

    Parameters
    ----------
    world
        Data; worker processes read it again by themselves.
    tasks
        What to run.
    folder
        Where folds are kept.
    done
        Called after each fold, kept ones included.
    cores
        Worker processes; 1 runs here, on the given world.
    """
    folds: dict[Task, Fold] = {}
    for task in tasks:
        if (fold := load(path_of(folder, task))) is not None:
            folds[task] = fold
            done(task)
    missing = [task for task in tasks if task not in folds]
    if cores == 1:
        for task in missing:
            folds[task] = compute(world, task, folder)
            done(task)
    elif missing:
        job = partial(compute_in_worker, folder=folder)
        for task, fold in each_in_workers(job, missing, cores, prepare):
            folds[task] = fold
            done(task)
    return folds


def path_of(folder: Path, task: Task) -> Path:
    """File of one fold."""
    return folder / f"{task.method}_{task.group}.parquet"


def compute(world: World, task: Task, folder: Path) -> Fold:
    """Run one fold and keep it."""
    fold = interval_work(world, task, folder) if task.method == INTERVALS else work(world, task)
    save(fold, path_of(folder, task))
    return fold


def work(world: World, task: Task) -> Fold:
    """Tune, fit and score a method without one group."""
    method = METHODS[task.method]
    return run_fold(
        quick(method) if task.small else method,
        world.tracts,
        world.national.table,
        task.group,
        task.seed,
    )


def interval_work(world: World, task: Task, folder: Path) -> Fold:
    """Calibrate our intervals without one group, with the setting that its fold has chosen."""
    chosen = load(path_of(folder, replace(task, method=OURS)))
    if chosen is None:
        raise ArtifactError(f"group {task.group} has no fold of {OURS} yet: it comes first.")
    method = quick(METHODS[OURS]) if task.small else METHODS[OURS]
    settings = fit_settings(method.grid[int(chosen.facts["setting"])])
    return interval_fold(world.tracts, task.group, settings, task.seed)


_WORKER: dict[str, World] = {}


def prepare() -> None:
    """Read the data once a worker process, and leave the other cores to the other workers."""
    import torch

    torch.set_num_threads(1)
    _WORKER["world"] = read_world()


def compute_in_worker(task: Task, folder: Path) -> Fold:
    """Run one fold in a worker process."""
    return compute(_WORKER["world"], task, folder)
