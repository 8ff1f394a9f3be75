"""Why a tract gets nothing of what was asked for."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.scenarios.asked import Asked
from aespa_core.analysis.scenarios.limits import FULL, NO_CURVE, OUTSIDE, Given, Limits
from aespa_core.analysis.scenarios.measures import MEASURES, Measure, proxy_named
from aespa_core.analysis.scenarios.outcome import Refusal

WHY: Final = {
    NO_CURVE: "no curve of {proxy} in this tract",
    OUTSIDE: "the tract lies outside of what was learned on",
    FULL: "no room left, {proxy} is at its limit already",
}


def refused(q: int, limits: Limits, given: Given, asked: Asked) -> npt.NDArray[np.str_]:
    """Say in which tracts a measure was asked for and why nothing is given, (B,)."""
    return np.where(asked.wanted[q] & (given.share[q] == 0), limits.refused[q], "")


def words_for(measure: Measure, reason: str) -> str:
    """Say why a tract gets nothing of a measure."""
    return WHY[reason].format(proxy=proxy_named(measure.main).label.lower())


def refusals(
    used: Sequence[int], limits: Limits, given: Given, asked: Asked
) -> tuple[Refusal, ...]:
    """Count the tracts that get nothing, by measure and reason."""
    found = []
    for q in used:
        codes = refused(q, limits, given, asked)
        found += [
            Refusal(MEASURES[q].id, words_for(MEASURES[q], code), int((codes == code).sum()))
            for code in WHY
            if (codes == code).any()
        ]
    return tuple(found)


def reasons(
    used: Sequence[int], limits: Limits, given: Given, asked: Asked
) -> npt.NDArray[np.object_]:
    """Say for each tract what it does not get and why, (B,)."""
    found = np.full(limits.share.shape[1], "", dtype=object)
    for q in used:
        codes = refused(q, limits, given, asked)
        for code in np.unique(codes[codes != ""]):
            words = f"{MEASURES[q].id}: {words_for(MEASURES[q], str(code))}. "
            found[codes == code] += words
    return np.array([words.strip() for words in found], dtype=object)
