"""T7: how unevenly heat lies on people: even heat by group, and its concentration by income."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import (
    ESTIMATE,
    Analysis,
    Findings,
    Part,
    estimate_fields,
)
from aespa_core.analysis.disparity.outcomes import label_of, unit_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.row_errors import group_errors
from aespa_core.analysis.exposure.people import GROUPINGS, Groups
from aespa_core.analysis.inequality.intervals import (
    HeatInequality,
    concentration_estimate,
    heat_inequality,
)
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.errors import StudyError

INCOME = "median_household_income_usd"


def inequality(analysis: Analysis) -> ResultTable:
    """Measure every metro on every outcome."""
    found, kappa = Findings.empty(), analysis.asked.inequality.kappa_per_c
    for part in analysis.metros:
        for outcome in part.sample.outcomes:
            about = f"{part.label}, {label_of(outcome).lower()}"
            keys = {"metro": part.id, "outcome": label_of(outcome)}
            index = found.attempt(about, partial(concentrated, analysis, part, outcome))
            if index is not None:
                found.rows.append(
                    {
                        **keys,
                        "index": "Concentration by income",
                        "group": "Everybody",
                        **estimate_fields(index, unit_of(outcome)),
                    }
                )
            for grouping in GROUPINGS:
                even = found.attempt(about, partial(measured, analysis, part, outcome, grouping))
                found.rows += (
                    [] if even is None else [{**keys, **row} for row in rows_of(even, outcome)]
                )
                for notice in even.notices if even else ():
                    found.notice(f"{about}: {notice}")
    return ResultTable(
        "T7",
        "How unevenly heat lies on people",
        found.frame("metro", "outcome", "index", "group", *ESTIMATE),
        (
            f"Even heat: the temperature that, borne by all of a group alike, would be as bad as "
            f"what they bear (Kolm–Pollak, κ = {kappa:g} per °C, the same for every group and "
            "metro); unevenness: what it lies above their mean. Neither depends on where a scale "
            "has its zero. Concentration: absolute index over income ranks, °C; below 0 the poorer "
            "live hotter.",
            "Standard errors: delete-one-block jackknife over spatial blocks.",
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        panels=("metro", "outcome"),
    )


def concentrated(analysis: Analysis, part: Part, outcome: str) -> Estimate:
    """Concentration of heat by income in one metro."""
    tracts = part.sample.tracts
    if INCOME not in tracts:
        raise StudyError(f"The study has no {INCOME}: concentration by income needs it.")
    errors = group_errors(part.sample, outcome, analysis.asked.errors)
    return concentration_estimate(
        tracts[outcome].to_numpy(float),
        tracts[INCOME].to_numpy(float),
        tracts["population"].to_numpy(float),
        errors.blocks,
    )


def measured(
    analysis: Analysis,
    part: Part,
    outcome: str,
    grouping: Callable[[pd.DataFrame, str], Groups],
) -> HeatInequality:
    """Even heat of the groups of one division."""
    errors = group_errors(part.sample, outcome, analysis.asked.errors)
    return heat_inequality(
        part.sample.tracts[outcome].to_numpy(float),
        grouping(part.sample.tracts, outcome),
        errors.blocks,
        analysis.asked.inequality.kappa_per_c,
    )


def rows_of(even: HeatInequality, outcome: str) -> list[dict[str, object]]:
    """List even heat and unevenness of the groups, then gaps of even heat."""
    level = {"p": np.nan, "stars": ""}
    rows: list[dict[str, object]] = []
    for index, estimates, plain in (
        ("Even heat", even.ede, level),
        ("Unevenness", even.index, level),
        ("Gap of even heat", even.gaps, {}),
    ):
        rows += [
            {"index": index, "group": row.term, **estimate_fields(row, unit_of(outcome)), **plain}
            for row in estimates
        ]
    return rows
