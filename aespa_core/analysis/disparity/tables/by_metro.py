"""T8: the association in each metro, with the false discovery rate over all of them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
from statsmodels.stats.multitest import multipletests

from aespa_core.analysis.disparity.analysis import (
    ESTIMATE,
    Analysis,
    Findings,
    Part,
    estimate_fields,
)
from aespa_core.analysis.disparity.correction import (
    CORRECTED,
    MEANING,
    PREDICTED,
    correct_slopes,
    correctable,
)
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.design import counted
from aespa_core.analysis.disparity.outcomes import label_of, unit_of
from aespa_core.analysis.disparity.result_table import BY_METRO, ResultTable
from aespa_core.analysis.regression.estimate import Estimate


def by_metro(analysis: Analysis) -> ResultTable:
    """Fit the specification in each metro on its own."""
    found = Findings.empty()
    words: list[str] = []
    for outcome in analysis.sample.outcomes:
        for part in analysis.metros:
            about = f"{part.label}, {label_of(outcome).lower()}"
            if outcome not in part.sample.outcomes:
                continue
            fitted = found.attempt(about, partial(analysis.fitted, part, outcome))
            if fitted is None:
                continue
            for notice in (*fitted.design.notices, *fitted.robust.notices):
                found.notice(f"{about}: {notice}")
            asked = [row for row in fitted.estimates if row.term in analysis.asked.terms]
            found.rows += rows_of(label_of(outcome), part, asked, len(fitted.design.y), outcome)
            words.append(f"{about}: {fitted.robust.words}; {counted(fitted.design.dropped)}")
    for part in filter(correctable, analysis.metros):
        about = f"{part.label}, {CORRECTED.lower()}"
        corrected = found.attempt(about, partial(correct_slopes, analysis, part))
        if corrected is None:
            continue
        for notice in corrected.notices:
            found.notice(f"{about}: {notice}")
        asked = [row for row in corrected.corrected if row.term in analysis.asked.terms]
        found.rows += rows_of(CORRECTED, part, asked, corrected.tracts, PREDICTED)
    frame = with_q(found.frame("outcome", "metro", "term", "label", *ESTIMATE, "n", "q"))
    spec = analysis.asked
    return ResultTable(
        "T8",
        "What goes with heat in each metro",
        frame,
        (
            "q: false discovery rate of Benjamini and Hochberg over metros and covariates of one "
            "outcome.",
            f"Covariates: {'; '.join(COVARIATES[name].label for name in spec.terms)}.",
            f"Held: {', '.join(COVARIATES[name].label for name in spec.controls) or 'nothing'}. "
            f"Fixed effects: {spec.fixed_effects}. Weights: {spec.weights}.",
            MEANING,
            *(f"{line}." for line in words),
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        replace(BY_METRO, beneath=("std_error", "q")),
    )


def rows_of(
    label: str, part: Part, estimates: Sequence[Estimate], tracts: int, outcome: str
) -> list[dict[str, object]]:
    """List the coefficients in question of one metro."""
    return [
        {
            "outcome": label,
            "metro": part.id,
            "term": row.term,
            "label": COVARIATES[row.term].brief,
            **estimate_fields(row, unit_of(outcome)),
            "n": tracts,
        }
        for row in estimates
    ]


def with_q(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the false discovery rate within each outcome; missing p values take no part."""
    if frame.empty:
        return frame
    frame = frame.assign(q=float("nan"))
    for _, rows in frame[frame["p"].notna()].groupby("outcome").groups.items():
        frame.loc[rows, "q"] = multipletests(frame.loc[rows, "p"], method="fdr_bh")[1]
    return frame
