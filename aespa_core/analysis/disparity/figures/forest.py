"""Coefficient forest: what goes with heat, metro by metro, outcomes beside one another."""

from collections.abc import Sequence

import pandas as pd

from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.words import SIDES, Side, capital, cautions_of
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label

COLUMNS = ["metro", "estimate", "low95", "high95", "n"]


def forest(by_metro: pd.DataFrame, term: str, outcomes: Sequence[str]) -> FigureData:
    """Pick one covariate out of T8.

    Parameters
    ----------
    by_metro
        Frame of T8: one row an outcome, metro and covariate.
    term
        Covariate.
    outcomes
        Ids, in the order in which they stand beside one another.

    Returns
    -------
    FigureData
        Columns ``outcome`` (label), ``metro`` (label), ``estimate``, ``low95``, ``high95`` (°C a
        step of the covariate) and ``n`` (tracts).

    Raises
    ------
    StudyError
        If no metro has the covariate's coefficient for any of the outcomes.
    """
    known = by_metro if len(by_metro) else pd.DataFrame(columns=["term", "outcome", *COLUMNS])
    asked = known[(known["term"] == term) & known["estimate"].notna()]
    frames = [asked[asked["outcome"] == label_of(name)] for name in outcomes]
    if all(frame.empty for frame in frames):
        raise StudyError(
            f"No metro has a coefficient of {term} for "
            f"{' or '.join(label_of(name).lower() for name in outcomes)}: the table of metros (T8) "
            "says why; ask for another covariate or outcome."
        )
    side = SIDES[term]
    sentences = [
        f"{label_of(name).lower()}, {said(frame, side)}"
        for name, frame in zip(outcomes, frames, strict=True)
        if len(frame)
    ]
    frame = pd.concat(frames)[["outcome", *COLUMNS]].reset_index(drop=True)
    frame["metro"] = frame["metro"].map(metro_label)
    return FigureData(
        "forest",
        f"What goes with heat, metro by metro: {COVARIATES[term].label}, °C",
        f"°C for one {side.step}",
        frame,
        capital(f"{'; '.join(sentences)} (other covariates held; clearly: 95 % interval off 0)."),
        tuple(dict.fromkeys(c for name in outcomes for c in cautions_of(name))),
    )


def said(rows: pd.DataFrame, side: Side) -> str:
    """Count metros in which the tracts in question are hotter, and name those that contradict."""
    towards = side.sign * rows["estimate"]
    clear = (rows["low95"] > 0) | (rows["high95"] < 0)
    hotter, clearly = towards > 0, clear & (towards > 0)
    if len(rows) == 1:
        one = rows.iloc[0]
        return (
            f"{side.tracts} of {metro_label(one['metro'])} are {'clearly ' if clear.any() else ''}"
            f"{'hotter' if hotter.any() else 'cooler'} by {abs(one['estimate']):.2f} °C for one "
            f"{side.step}"
        )
    words = f"{side.tracts} are hotter in {hotter.sum()} of {len(rows)} metros"
    words += f", clearly so in {clearly.sum() or 'none'}" if hotter.any() else ""
    against = rows.loc[clear & (towards < 0), "metro"].map(metro_label)
    return words + (f", and clearly cooler in {', '.join(against)}" if len(against) else "")
