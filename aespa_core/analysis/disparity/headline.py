"""The answer of a disparity analysis in one sentence: who lives where it is hot."""

import pandas as pd

from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.exposure.people import INCOME_GAP
from aespa_core.analysis.units import Shown
from aespa_core.schema import metro_label

POOREST, RICHEST = "the poorest fifth", "the richest fifth"


def income_gaps(exposure: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Pick the gap between the poorest and the richest fifth out of T2, one row a metro."""
    if exposure.empty:
        return exposure
    return exposure[(exposure["outcome"] == label_of(outcome)) & (exposure["group"] == INCOME_GAP)]


def headline(gaps: pd.DataFrame, place: str, shown: Shown) -> str:
    """Say it of one metro, or count the metros of several.

    Parameters
    ----------
    gaps
        Rows of :func:`income_gaps`, at least one.
    place
        What to call the place.
    shown
        Degrees of the reader, of differences.
    """
    if len(gaps) > 1:
        warmer = gaps["estimate"] > 0
        clear = warmer & (gaps["low95"] > 0)
        rest = ", ".join(metro_label(metro) for metro in gaps.loc[~clear, "metro"])
        return (
            f"In {int(warmer.sum())} of {len(gaps)} metros {POOREST} of residents live warmer than "
            f"{RICHEST}, clearly so in {int(clear.sum())}"
            + (f"; not clearly in {rest}." if rest else ".")
        )
    row = gaps.iloc[0]
    mean, low, high = shown([row["estimate"], row["low95"], row["high95"]])
    if not (low > 0 or high < 0):
        return (
            f"In {place} the poorest and the richest fifth of residents do not differ clearly: "
            f"{low:+.1f} to {high:+.1f} {shown.unit}."
        )
    side = "warmer" if mean > 0 else "cooler"
    return (
        f"In {place} {POOREST} of residents live {abs(mean):.1f} {shown.unit} {side} than "
        f"{RICHEST} ({low:+.1f} to {high:+.1f})."
    )
