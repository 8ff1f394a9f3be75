"""What benchmarks were run on: real or simulated, with what inputs, ranked by which error."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from aespa_core.analysis.benchmark_tables import RESULTS, TRACT_RESULTS
from aespa_core.analysis.methods import (
    HEAT_METHODS,
    IMAGELESS_METHODS,
    TRACT_METHODS,
    MethodWords,
)


@dataclass(frozen=True)
class Yardstick:
    """The error by which methods are ranked: its metric, that of the difference, and its name."""

    metric: str
    difference: str
    label: str
    short: str


MEAN_ERROR: Final = Yardstick("mae", "mae_difference", "mean absolute error", "MAE")
WITHIN_AREA: Final = Yardstick(
    "rmse_within", "rmse_within_difference", "root-mean-square error within areas", "RMSE"
)


@dataclass(frozen=True)
class BenchmarkStudy:
    """What was tested on.

    Attributes
    ----------
    id
        Value of ``study`` in the tables.
    file
        Table that holds it.
    label, place
        Name on screen, and in the middle of a sentence.
    simulated
        Whether these are no real places.
    note
        What the methods were given, in a sentence.
    yardstick
        What methods are ranked by.
    methods
        Words for its methods.
    """

    id: str
    file: str
    label: str
    place: str
    simulated: bool
    note: str = ""
    yardstick: Yardstick = MEAN_ERROR
    methods: tuple[MethodWords, ...] = HEAT_METHODS


STUDIES: Final = (
    BenchmarkStudy(
        "twin",
        RESULTS,
        "Simulated metros",
        "simulated metros",
        True,
        "All inputs: satellite tiles, street photos, hourly movement, climate.",
    ),
    BenchmarkStudy(
        "seattle_minneapolis",
        RESULTS,
        "Seattle, Minneapolis (real)",
        "Seattle and Minneapolis",
        False,
        "Real data without images: vegetation and tree canopy as measured, hourly movement, place.",
        methods=IMAGELESS_METHODS,
    ),
    BenchmarkStudy(
        "tnc_urban_areas",
        TRACT_RESULTS,
        "US urban areas (real)",
        "US urban areas never seen before",
        False,
        "Real data without images: the tract model behind the atlas. Temperatures are differences "
        "from each area’s mean.",
        yardstick=WITHIN_AREA,
        methods=TRACT_METHODS,
    ),
)


def study_named(study: str) -> BenchmarkStudy:
    """Look a study up; one that nobody described is shown by its id and held for simulated."""
    for known in STUDIES:
        if known.id == study:
            return known
    return BenchmarkStudy(study, RESULTS, study, study.replace("_", " "), simulated=True)


def studies_in(results: pd.DataFrame) -> tuple[BenchmarkStudy, ...]:
    """Studies of a table of results, those that were described first and in their order."""
    found = results["study"].unique()
    known = [study for study in STUDIES if study.id in found]
    rest = sorted(set(found) - {study.id for study in known})
    return (*known, *(study_named(study) for study in rest))
