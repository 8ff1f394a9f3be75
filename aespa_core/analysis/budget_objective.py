"""Whose cooling a budget is spent for: the weight of each tract in the mean that is made large.

- ``mean``: every person counts once.
- ``hottest``: a person in the hottest fifth counts ten times, so that the hottest come first.
- ``equity``: a person counts 5, 4, 3, 2 or 1 times from the poorest to the richest fifth.

Fifths are of the people, not of the tracts. Ratios of weights are all that matters.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.exposure.income_fifths import QUINTILES, weighted_quintiles
from aespa_core.errors import ConfigError

Array = npt.NDArray[np.float64]

MEAN: Final = "mean"
HOTTEST: Final = "hottest"
EQUITY: Final = "equity"
LABELS: Final = {
    MEAN: "Everyone's mean cooling",
    HOTTEST: "The hottest fifth first",
    EQUITY: "Poorer people count more",
}
HOTTEST_COUNTS: Final = 10.0
# of a person in each fifth by income, poorest first; whose income is unknown counts as the middle
EQUITY_COUNTS: Final = (5.0, 4.0, 3.0, 2.0, 1.0)


@dataclass(frozen=True)
class Objective:
    """Whose cooling counts how much.

    Attributes
    ----------
    name
        ``mean``, ``hottest`` or ``equity``.
    weights
        (B,), 0 or more.
    notes
        Sentences on what was missing and stood in for.
    """

    name: str
    weights: Array
    notes: tuple[str, ...]


def objective(
    name: str,
    people: Array,
    temperature_c: Array | None = None,
    income_usd: Array | None = None,
    area_m2: Array | None = None,
) -> Objective:
    """Weigh B tracts.

    Parameters
    ----------
    name
        ``mean``, ``hottest`` or ``equity``.
    people
        Living in each tract, (B,); NaN where unknown, which counts as none as long as any tract has
        people. If none has, land areas stand in, or else one each, and a note says so.
    temperature_c
        By day now, °C, (B,); needed by ``hottest``; a tract without one is not among the hottest.
    income_usd
        Median of the households, US$, (B,); needed by ``equity``; NaN counts as the middle fifth.
    area_m2
        Of the land, m², (B,).

    Raises
    ------
    ConfigError
        If the name is unknown or what it needs is missing everywhere.
    """
    if name not in LABELS:
        raise ConfigError(f"There is no objective '{name}': choose one of {', '.join(LABELS)}.")
    notes = []
    known = np.isfinite(people) & (people > 0)
    if known.any():
        counted = np.where(known, people, 0.0)
        if lost := int(np.isnan(people).sum()):
            notes.append(f"{lost} tracts with an unknown population count as empty.")
    elif area_m2 is not None and (np.nan_to_num(area_m2) > 0).any():
        counted = np.maximum(np.nan_to_num(area_m2), 0.0)
        notes.append("No tract has a population: land areas stand in for people.")
    else:
        counted = np.ones(len(people))
        notes.append("No tract has a population: every tract counts the same.")
    if name == HOTTEST:
        values = needed(temperature_c, counted, "temperature", name)
        fifth = fifths(values, counted)
        # of a handful of tracts none may lie in the highest fifth: then the hottest there are
        counted = counted * np.where(fifth == fifth.max(), HOTTEST_COUNTS, 1.0)
        if lost := int((np.isnan(values) & (counted > 0)).sum()):
            notes.append(f"{lost} tracts without a temperature are not among the hottest.")
    if name == EQUITY:
        values = needed(income_usd, counted, "household income", name)
        fifth = fifths(values, counted)
        fifth[fifth < 0] = QUINTILES // 2
        if lost := int((np.isnan(values) & (counted > 0)).sum()):
            notes.append(f"{lost} tracts with an unknown income count as the middle fifth.")
        counted = counted * np.array(EQUITY_COUNTS)[fifth]
    return Objective(name, counted, tuple(notes))


def needed(values: Array | None, counted: Array, what: str, name: str) -> Array:
    """Return values of which some are known where someone counts.

    Raises
    ------
    ConfigError
        If there are none.
    """
    if values is None or not np.isfinite(values[counted > 0]).any():
        raise ConfigError(
            f"The objective '{name}' needs a {what}, which no inhabited tract has: "
            f"choose '{MEAN}', or add it to the study."
        )
    return values


def fifths(values: Array, counted: Array) -> npt.NDArray[np.int64]:
    """Give the fifth of the people that each tract is in, 0 for the lowest; −1 where unknown."""
    own = np.isfinite(values) & (counted > 0)
    found = np.full(len(values), -1, np.int64)
    found[own] = weighted_quintiles(values[own], counted[own])
    return found
