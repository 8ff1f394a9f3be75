"""Run the splits of the heat benchmark; every method's answer is kept, so a stopped run goes on."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.benchmarks.heat_methods import Family, Method, fit_method
from aespa_core.benchmarks.heat_plan import FROM_METRO, SplitTask
from aespa_core.benchmarks.heat_world import HeatWorld, kept_world, split_data, without
from aespa_core.benchmarks.workers import each_in_workers
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import HeatSplit, drawn_blocks, heat_split
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.schema import PROXIES
from aespa_core.studies.atomic import write_parquet, write_text
from aespa_core.training.heat.settings import experiment

Array = npt.NDArray[np.float64]

# A move of a proxy, deviations over the tracts, and what is still rounding, °C.
MOVE: Final = 0.25
ROUNDING_C: Final = 1e-3
WITHOUT: Final = {"aespa_no_satellite": "satellite", "aespa_no_street": "street"}


@dataclass(frozen=True)
class Job:
    """What a worker needs to run one split.

    Attributes
    ----------
    study
        Folder of the study.
    experiment
        Name of our methods' settings.
    steps
        Of pretraining.
    folder
        Where answers are kept.
    task
        The split and its methods.
    """

    study: Path
    experiment: str
    steps: int
    folder: Path
    task: SplitTask

    @property
    def settings(self) -> ModelSettings:
        """Settings of the model: sizes of images and encoders."""
        return experiment(self.experiment).model

    def part(self, method: str) -> Path:
        """File of one method's answer."""
        return self.folder / self.task.name / f"{method}.parquet"

    def missing(self) -> list[str]:
        """Methods without an answer yet."""
        return [name for name in self.task.methods if not self.part(name).is_file()]


def task_split(samples: HeatSamples, task: SplitTask) -> HeatSplit:
    """Split the tracts as a task says."""
    if task.kind != FROM_METRO:
        return heat_split(samples, task.kind, task.seed, task.metro)
    own = samples.metro == task.metro
    labelled = np.isfinite(samples.lst_day_c)
    rng = np.random.default_rng([task.seed, len(FROM_METRO)])
    drawn = drawn_blocks(samples, own & labelled, rng, (0.8, 1.0))
    return HeatSplit(FROM_METRO, task.metro, task.seed, drawn == 0, drawn == 1, labelled & ~own)


def run_jobs(
    jobs: list[Job], done: Callable[[Job, str], None], cores: int, world: HeatWorld | None = None
) -> None:
    """Run what is missing, split by split.

    Parameters
    ----------
    jobs
        Splits to run.
    done
        Called with the job and the method after each answer; kept ones included.
    cores
        Worker processes; 1 runs here.
    world
        The study, where it was read already; workers read it again.
    """
    for job in jobs:
        for name in job.task.methods:
            if name not in job.missing():
                done(job, name)
    open_jobs = [job for job in jobs if job.missing()]
    if cores == 1:
        for job in open_jobs:
            own = world or kept_world(job.study, job.settings)
            run_split(own, job, lambda name, job=job: done(job, name))  # type: ignore[misc]
        return
    for job, names in each_in_workers(run_in_worker, open_jobs, cores):
        for name in names:
            done(job, name)


def run_in_worker(job: Job) -> list[str]:
    """Run one split in a worker process, which reads the study once."""
    ran: list[str] = []
    run_split(kept_world(job.study, job.settings), job, ran.append)
    return ran


def run_split(world: HeatWorld, job: Job, done: Callable[[str], None]) -> None:
    """Run the methods of a split that have no answer yet."""
    split = task_split(world.samples, job.task)
    data = split_data(world, split, job.settings, job.steps, job.folder / job.task.name)
    family = Family(data, job.task.seed, job.experiment)
    for name in job.missing():
        seen, own = data, family
        if name in WITHOUT:
            seen = without(world, data, WITHOUT[name])
            own = Family(seen, job.task.seed, job.experiment)
        start = time.perf_counter()
        method = fit_method(name, seen, own)
        seconds = time.perf_counter() - start
        keep(job.part(name), method, seen, world.samples, seconds)
        done(name)


def keep(path: Path, method: Method, data: HeatData, samples: HeatSamples, seconds: float) -> None:
    """Write a method's estimates of validation and tested tracts, and the facts beside them."""
    answer = method(data)
    tested, checked = data.split.test, data.split.validation
    table = pd.DataFrame(
        {
            "geoid": samples.geoid,
            "metro": samples.metro,
            "role": np.select([tested, checked], ["test", "validation"], "none"),
            "lst_day_c": samples.lst_day_c,
            "estimate_c": answer.day_c + samples.reference_c,
            "lst_night_c": samples.lst_night_c,
            "night_c": answer.night_c + samples.reference_c,
            "curves_c": answer.curves_c,
            "wrong": wrong_moves(method, data, answer.day_c),
        }
    )
    moved = int(np.isfinite(move_sizes(data.proxies)).sum())
    facts = {"seconds": seconds, "moves_a_tract": moved}
    write_text(path.with_suffix(".json"), json.dumps(facts))
    write_parquet(path, table[tested | checked].reset_index(drop=True))


def move_sizes(proxies: Array) -> Array:
    """Say how far each proxy is moved, (5,); NaN for one that nobody measured."""
    step = np.full(proxies.shape[1], np.nan)
    known = np.isfinite(proxies).any(axis=0)
    step[known] = MOVE * np.nanstd(proxies[:, known], axis=0)
    return step


def wrong_moves(method: Method, data: HeatData, before: Array) -> npt.NDArray[np.int64]:
    """Count, tract by tract, the proxies whose rise acts against the expected sign, (B,)."""
    wrong = np.zeros(len(before), np.int64)
    step = move_sizes(data.proxies)
    for k, proxy in enumerate(PROXIES):
        if not np.isfinite(step[k]):
            continue
        moved = data.proxies.copy()
        moved[:, k] += step[k]
        change = method(data.with_proxies(moved)).day_c - before
        wrong += proxy.sign * change < -ROUNDING_C
    return wrong
