"""T8: the association in each metro, with the false discovery rate over all of them."""

from dataclasses import replace
from functools import partial

import pandas as pd
from statsmodels.stats.multitest import multipletests

from aespa_core.analysis.disparity.analysis import Analysis, Findings, estimate_fields
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.design import counted
from aespa_core.analysis.disparity.outcomes import label_of, unit_of
from aespa_core.analysis.disparity.result_table import BY_METRO, ResultTable


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
            found.rows += [
                {
                    "outcome": label_of(outcome),
                    "metro": part.id,
                    "term": row.term,
                    "label": COVARIATES[row.term].brief,
                    **estimate_fields(row, unit_of(outcome)),
                    "n": len(fitted.design.y),
                }
                for row in asked
            ]
            words.append(f"{about}: {fitted.robust.words}; {counted(fitted.design.dropped)}")
    frame = with_q(pd.DataFrame(found.rows))
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
            *(f"{line}." for line in words),
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        replace(BY_METRO, beneath=("std_error", "q")),
    )


def with_q(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the false discovery rate within each outcome; missing p values take no part."""
    if frame.empty:
        return frame
    frame = frame.assign(q=float("nan"))
    for _, rows in frame[frame["p"].notna()].groupby("outcome").groups.items():
        frame.loc[rows, "q"] = multipletests(frame.loc[rows, "p"], method="fdr_bh")[1]
    return frame
