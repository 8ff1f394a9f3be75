"""Do intervals cover? Every standard error in simulated worlds whose truth is known.

The truth of a slope is the mean of the same regression over worlds of their own
(:mod:`aespa_core.benchmarks.disparity_target`). Finished batches are kept, so a stopped run goes
on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.specification import RECOMMENDED
from aespa_core.benchmarks.disparity_cases import REFUSED, answers_of, slopes_of
from aespa_core.benchmarks.disparity_target import COUNTED, TRUTH, truth_of, world_seeds
from aespa_core.benchmarks.disparity_world import twin_worlds
from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.workers import each_in_workers
from aespa_core.inference.code_version import code_version
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.catalogue import ROOT

RUNS: Final = ROOT / "runs" / "bench_disparity"
WORLDS: Final = 2000
QUICK: Final = 60
SEED: Final = 20_270
BATCH: Final = 50
# What an answer follows from; a change of another file leaves kept batches good.
CODE: Final = (
    "analysis/regression/*.py", "analysis/disparity/design.py", "analysis/disparity/errors.py",
    "analysis/disparity/covariates.py", "analysis/disparity/specification.py", "twin/*.py",
    "benchmarks/disparity_*.py", "benchmarks/disparity_response.toml",
)  # fmt: skip
NOMINAL: Final = 0.95


@dataclass(frozen=True)
class Batch:
    """Some worlds of one purpose, and where their answers are kept."""

    purpose: str
    seeds: tuple[int, ...]
    path: Path


def batches_of(worlds: int, seed: int, folder: Path) -> tuple[Batch, ...]:
    """Cut the worlds of both purposes into batches; as many for the truth as are counted."""
    found = []
    for purpose in (TRUTH, COUNTED):
        seeds = world_seeds(seed, purpose, worlds)
        for first in range(0, worlds, BATCH):
            last = min(first + BATCH, worlds)
            path = folder / code_version(CODE) / f"{purpose}_{seed}_{first}_{last}.parquet"
            found.append(Batch(purpose, seeds[first:last], path))
    return tuple(found)


def run_batch(batch: Batch) -> None:
    """Answer in every world of a batch and keep it."""
    answered = slopes_in if batch.purpose == TRUTH else intervals_in
    write_parquet(batch.path, pd.concat(map(answered, batch.seeds), ignore_index=True))


def slopes_in(seed: int) -> pd.DataFrame:
    """Estimate every slope in one world."""
    return slopes_of(twin_worlds().draw(seed))


def intervals_in(seed: int) -> pd.DataFrame:
    """Estimate every slope with every standard error in one world."""
    return pd.DataFrame(
        {
            "study": answer.study,
            "metro": answer.metro,
            "method": answer.method,
            "term": answer.estimate.term,
            "estimate": answer.estimate.estimate,
            "std_error": answer.estimate.std_error,
            "low95": answer.estimate.low95,
            "high95": answer.estimate.high95,
        }
        for answer in answers_of(twin_worlds().draw(seed))
    )


def bench_disparity(
    worlds: int,
    seed: int,
    cores: int,
    folder: Path = RUNS,
    done: Callable[[int], None] = lambda worlds: None,
) -> list[Row]:
    """Run what is not kept yet and score all of it.

    Parameters
    ----------
    worlds
        Whose intervals are counted; as many more give the truth.
    seed
        Of the benchmark.
    cores
        Worker processes.
    folder
        Of finished batches.
    done
        Called with the number of worlds of each finished batch.
    """
    twin_worlds()  # builds the metros once, before workers would each do so
    batches = batches_of(worlds, seed, folder)
    for batch in batches:
        if batch.path.is_file():
            done(len(batch.seeds))
    left = [batch for batch in batches if not batch.path.is_file()]
    for batch in answered_batches(left, cores):
        done(len(batch.seeds))
    kept = {
        purpose: pd.concat(
            [pd.read_parquet(b.path) for b in batches if b.purpose == purpose], ignore_index=True
        )
        for purpose in (TRUTH, COUNTED)
    }
    return scored(kept[TRUTH], kept[COUNTED], seed)


def answered_batches(batches: list[Batch], cores: int) -> Iterator[Batch]:
    """Run batches, over worker processes where there are cores for them."""
    if cores == 1:
        for batch in batches:
            run_batch(batch)
            yield batch
        return
    for batch, _ in each_in_workers(run_batch, batches, cores):
        yield batch


def scored(truths: pd.DataFrame, answers: pd.DataFrame, seed: int) -> list[Row]:
    """Score every standard error of every slope, in all metros together and in each."""
    rows: list[Row] = []
    keys = ["study", "metro", "term"]
    counted = dict(list(answers.groupby(keys, sort=False)))
    for key, own in truths.groupby(keys, sort=False):
        study, metro, term = map(str, key)
        target = truth_of(own[["estimate"]].to_numpy())
        for method, found in counted[study, metro, term].groupby("method", sort=False):
            rows += [
                Row(study, method, metro, split_of(method), term, seed, name, number, unit)
                for name, number, unit in scores_of(
                    found, float(target.value[0]), float(target.error[0])
                )
            ]
    return rows


def split_of(method: str) -> str:
    """Say whether the page recommends a standard error, offers it, or refuses it here."""
    if method == RECOMMENDED:
        return "recommended"
    return "refused" if method in REFUSED else "offered"


def scores_of(
    found: pd.DataFrame, truth: float, truth_error: float
) -> list[tuple[str, float, str]]:
    """Score the intervals of one slope by one standard error."""
    hit = (found["low95"] <= truth) & (truth <= found["high95"])
    coverage, worlds = float(hit.mean()), len(found)
    spread = float(found["estimate"].std())
    return [
        ("coverage_95", coverage, "share"),
        ("coverage_error", float(np.sqrt(coverage * (1 - coverage) / worlds)), "share"),
        ("shortfall", NOMINAL - coverage, "share"),
        ("width_95", float((found["high95"] - found["low95"]).mean()), "°C"),
        ("error_ratio", float(found["std_error"].mean()) / spread, "1"),
        ("missing", float(found["std_error"].isna().mean()), "share"),
        ("truth", truth, "°C"),
        ("truth_error", truth_error, "°C"),
        ("mean_estimate", float(found["estimate"].mean()), "°C"),
        ("worlds", float(worlds), "count"),
    ]
