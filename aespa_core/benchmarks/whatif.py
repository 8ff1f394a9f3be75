"""Does a measure ever warm, pass a limit or leave something behind? Random scenarios, counted.

Each scenario is played on the curves of a study's table: some measures with chance amounts, on one
tract or on many at once. Then one of its measures is set to zero, which must be as if it had never
been asked for; and all of them, which must be the baseline. What an answer takes is measured on the
study's largest metro, repeated until it has as many tracts as a large one.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.places import metros_of
from aespa_core.analysis.response import Responses
from aespa_core.analysis.scenarios.answer import outcome_of
from aespa_core.analysis.scenarios.baseline import Baseline, answering_runs, baseline_of
from aespa_core.analysis.scenarios.scenario import Amount, Scenario, Where
from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.whatif_checks import (
    SPLITS,
    Count,
    Place,
    chance_scenario,
    checked,
    place_of,
    played,
)
from aespa_core.errors import StudyError
from aespa_core.studies.catalogue import list_studies
from aespa_core.studies.folder import Study, open_study

LARGE: Final = 1_300
REPEATS: Final = 30
QUICK_REPEATS: Final = 3


def bench_whatif(
    studies: Sequence[Path],
    scenarios: int,
    seed: int,
    repeats: int = REPEATS,
    progress: Callable[[], None] = lambda: None,
) -> list[Row]:
    """Play scenarios on each study.

    Parameters
    ----------
    studies
        Folders of studies whose last run left responses.
    scenarios
        To play on each, half on one tract and half on many.
    seed
        Of the scenarios.
    repeats
        Of each measurement of time.
    progress
        Called after each scenario.
    """
    rows = []
    for path in studies:
        name = path.absolute().name
        places = places_in(path)
        rng = np.random.default_rng(seed)
        for split in SPLITS:
            total = Count()
            for _ in range(scenarios // len(SPLITS)):
                place = places[rng.integers(len(places))]
                total = total.plus(checked(place, chance_scenario(place, split, rng), rng))
                progress()
            rows += count_rows(name, split, seed, total)
        largest = max(places, key=lambda place: len(place.baseline.frame))
        rows += time_rows(name, seed, place_of(enlarged(largest.baseline, LARGE)), repeats)
    return rows


def with_responses(paths: Sequence[Path] | None) -> list[Path]:
    """Give these studies or, where none is named, all of the catalogue that can answer.

    Raises
    ------
    StudyError
        If none can.
    """
    if paths is not None:
        return list(paths)
    found = [
        listed.path
        for listed in list_studies()
        if listed.info is not None and answering_runs(Study(listed.path, listed.info))
    ]
    if not found:
        raise StudyError(
            "No study of the list has responses: make some with `aespa attribute`, or give the "
            "folder of a study that has."
        )
    return found


def places_in(path: Path) -> list[Place]:
    """Open the metros of a study in which some measure can be answered.

    Raises
    ------
    StudyError
        If there is none.
    """
    study = open_study(path)
    places = [place_of(baseline_of(study, metro)) for metro in metros_of(study)]
    if not (answering := [place for place in places if place.measures]):
        raise StudyError(
            f"{path} can answer no measure: no metro has a curve of a measure's main proxy."
        )
    return answering


def enlarged(baseline: Baseline, least: int) -> Baseline:
    """Repeat a metro's tracts, with ids of their own, until there are enough."""
    count = len(baseline.frame)
    again = -(-least // count)
    geoid = np.array([f"{i:011d}" for i in range(again * count)])
    frame = pd.concat([baseline.frame] * again).set_axis(pd.Index(geoid, name="geoid"))
    arrays = {}
    for field in fields(Responses):
        if field.name != "geoid":
            value = getattr(baseline.responses, field.name)
            arrays[field.name] = np.concatenate([value] * again, axis=0 if value.ndim == 2 else 1)
    return replace(baseline, frame=frame, responses=Responses(geoid=geoid, **arrays))


def time_rows(study: str, seed: int, place: Place, repeats: int) -> list[Row]:
    """Measure the effect alone, and a whole answer with limits, people and gap; the median."""
    amounts = tuple(Amount(name, 0.5, of_limit=True) for name in place.measures)
    where = Where(hottest_share=1.0)
    scenario = Scenario(study, place.baseline.metro, where, amounts)
    change = played(place, scenario).change
    effect = seconds(lambda: place.baseline.responses.effect_c(change), repeats)
    answer = seconds(lambda: outcome_of(scenario, place.baseline), repeats)
    numbers = (
        ("tracts", len(place.baseline.frame), "count"),
        ("seconds_effect", effect, "s"),
        ("seconds_outcome", answer, "s"),
    )
    return [
        Row(study, "aespa", place.baseline.metro, "time", "lst_day", seed, metric, value, unit)
        for metric, value, unit in numbers
    ]


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Take the median of some runs, s."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def count_rows(study: str, split: str, seed: int, count: Count) -> list[Row]:
    """Lay counts out."""
    return [
        Row(
            study, "aespa", "all", split, "lst_day", seed, field.name,
            getattr(count, field.name), "°C" if field.name.endswith("_c") else "count",
        )
        for field in fields(Count)
    ]  # fmt: skip
