"""Specification curve: does the answer hang on how the question is asked."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.words import SIDES, Side, cautions_of
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.disparity.specification import Specification
from aespa_core.analysis.disparity.tables.robustness import (
    AS_ASKED,
    BY_NEIGHBOURS,
    variants_of,
)
from aespa_core.errors import StudyError

# columns that say how was asked, in the order in which they are drawn
CHOICES: Final = ("weights", "compared within", "controls", "exclusions", "standard errors")
ERROR_LABELS: Final = {"cr2_blocks": "CR2, blocks", "cr2_county": "CR2, counties"}
NUMBERS: Final = ["changed", "to", "estimate", "low95", "high95", "n", "standard_errors"]


def choices(
    analysis: Analysis, part: Part, outcome: str, term: str, robustness: pd.DataFrame
) -> FigureData:
    """Sort the estimates of T10 and say beside each how was asked.

    Parameters
    ----------
    analysis, part, outcome
        What is asked, and of which tracts; the part may be all metros.
    term
        Covariate.
    robustness
        Frame of T10 of the same analysis.

    Returns
    -------
    FigureData
        Lowest estimate first: ``estimate``, ``low95``, ``high95`` (°C a step of the covariate),
        ``n``, ``as_asked`` (bool), the columns of :data:`CHOICES`, and T10's ``changed``, ``to``
        and ``standard_errors``.

    Raises
    ------
    StudyError
        If the table has no estimate of this.
    """
    rows = robustness
    if len(rows):
        rows = rows[
            (rows["metro"] == part.id)
            & (rows["outcome"] == label_of(outcome))
            & (rows["term"] == term)
            & (rows["changed"] != BY_NEIGHBOURS)
            & rows["estimate"].notna()
        ]
    if rows.empty:
        raise StudyError(
            f"{part.label}, {label_of(outcome).lower()}: no way to ask gives a coefficient of "
            f"{term}; the table of ways to ask (T10) says why."
        )
    asked = {(one.about, one.difference): one.asked for one in variants_of(analysis.asked)}
    made = [
        chosen(asked[row.changed, row.to], analysis.asked, row.standard_errors)
        for row in rows.itertuples()
    ]
    frame = rows[NUMBERS].reset_index(drop=True).join(pd.DataFrame(made, columns=list(CHOICES)))
    frame["as_asked"] = frame["changed"] == AS_ASKED
    frame = frame.sort_values(["estimate", "low95"], ignore_index=True)
    side = SIDES[term]
    return FigureData(
        "choices",
        f"The same question asked in other ways: {part.label}, {label_of(outcome).lower()}, "
        f"{COVARIATES[term].label}, °C",
        f"°C for one {side.step}",
        frame,
        said(part, outcome, frame, side),
        cautions_of(outcome),
    )


def chosen(asked: Specification, first: Specification, errors: str) -> tuple[str, ...]:
    """Say how was asked, one word a choice.

    ``errors`` are the words of the standard errors that were used: under ten counties blocks take
    the place of the counties that were asked for.
    """
    kind = asked.errors.kind
    if kind == "cr2_county" and "counties" not in errors:
        kind = "cr2_blocks"
    controls = "as asked" if asked.controls == first.controls else "none"
    if set(asked.controls) > set(first.controls):
        controls = "with density"
    return (
        {"none": "tracts alike"}.get(asked.weights, asked.weights),
        asked.fixed_effects,
        controls,
        "none" if asked.least_residents <= 1 else f"under {asked.least_residents:g} residents",
        f"Conley, {asked.errors.kernel}" if kind == "conley" else ERROR_LABELS.get(kind, kind),
    )


def said(part: Part, outcome: str, frame: pd.DataFrame, side: Side) -> str:
    """Count the ways that agree, and those that are clear."""
    towards = side.sign * frame["estimate"]
    clear = (frame["low95"] > 0) | (frame["high95"] < 0)
    sign = 1 if (towards > 0).sum() >= (towards < 0).sum() else -1
    agreeing = sign * towards > 0
    low, high = np.sort(np.abs(frame.loc[agreeing, "estimate"]))[[0, -1]]
    return (
        f"In {agreeing.sum()} of {len(frame)} ways to ask, {side.tracts} "
        f"{'of' if len(part.sample.metros) == 1 else 'in'} {part.label.replace('All', 'all')} are "
        f"{'hotter' if sign > 0 else 'cooler'} ({label_of(outcome).lower()}, {low:.2f} to "
        f"{high:.2f} °C for one {side.step}), clearly so in {(agreeing & clear).sum() or 'none'}."
    )
