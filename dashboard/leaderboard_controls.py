"""Choose what a leaderboard is of: a benchmark's study, a split, a target, a metro."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from aespa_core.analysis.benchmark_studies import BenchmarkStudy, studies_in
from aespa_core.analysis.benchmark_tables import RESULTS, TRACT_RESULTS
from aespa_core.analysis.leaderboard import (
    POOLED,
    SPLITS,
    Board,
    leaderboard,
    metro_name,
    metros_in,
    splits_in,
    targets_in,
)
from aespa_core.errors import ArtifactError
from aespa_core.views.exports import ResultProvenance, result_provenance
from aespa_core.views.plain_text import advice
from dashboard import cached
from dashboard.controls import pick

TARGETS = {
    "lst_day_c": "Day surface temperature",
    "lst_night_c": "Night surface temperature",
    "lst_day": "Day surface temperature",
    "lst_day_without_canopy": "Day surface temperature, tree canopy and sealed ground unknown",
}


@dataclass(frozen=True)
class Benchmark:
    """A study of a benchmark with the table that holds it."""

    study: BenchmarkStudy
    path: Path
    results: pd.DataFrame

    def provenance(self, content: str) -> ResultProvenance:
        """Say where an export of this study comes from."""
        return result_provenance(self.path, self.study, self.results, content)


@dataclass(frozen=True)
class Benchmarks:
    """What can be shown, by study, and a sentence on each table that cannot."""

    studies: dict[str, Benchmark]
    problems: tuple[str, ...]


def benchmarks() -> Benchmarks:
    """Read the tables that there are; end the page with the commands that help without any."""
    found: dict[str, Benchmark] = {}
    problems = []
    for name in (RESULTS, TRACT_RESULTS):
        key = cached.benchmark_key(name)
        try:
            results = cached.results(*key)
        except ArtifactError as error:
            problems.append(str(error))
            continue
        path = Path(key[0])
        found |= {
            study.id: Benchmark(study, path, results)
            for study in studies_in(results)
            if splits_in(results, study)
        }
    if not found:
        st.title("No method has been compared yet")
        for problem in problems:
            st.info(advice(problem))
        st.stop()
    return Benchmarks(found, tuple(problems))


def pick_board(found: Mapping[str, Benchmark]) -> tuple[Benchmark, Board]:
    """Draw the choices in the order in which they depend on each other."""
    chosen = pick("Tested on", "benchmark", list(found), name=lambda key: found[key].study.label)
    benchmark = found[chosen]
    study, results = benchmark.study, benchmark.results
    splits = splits_in(results, study)
    split = pick("Hidden from the methods", "split", splits, name=split_label)
    target = pick("Temperature", "target", targets_in(results, study, split), name=target_label)
    metro = pick("Metro", "metro", metros_in(results, study, split, target), name=tested_in)
    return benchmark, leaderboard(results, study, split, metro, target)


def split_label(split: str) -> str:
    """Name of a split on screen."""
    return SPLITS[split][0] if split in SPLITS else split.replace("_", " ").capitalize()


def target_label(target: str) -> str:
    """Name of a target on screen."""
    return TARGETS.get(target, target)


def tested_in(metro: str) -> str:
    """Name of a metro, or of all together."""
    return "All together" if metro == POOLED else metro_name(metro)
