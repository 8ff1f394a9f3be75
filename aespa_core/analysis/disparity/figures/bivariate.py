"""Bivariate map: which tracts are poor and hot at once."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.words import (
    axis_of,
    cautions_of,
    check_one_metro,
    people_words,
    titled,
)
from aespa_core.analysis.disparity.sample import LEAST_TRACTS
from aespa_core.analysis.disparity.tables.inequality import INCOME
from aespa_core.analysis.exposure.income_fifths import weighted_parts
from aespa_core.errors import StudyError

THIRDS: Final = 3
INCOMES: Final = ("richest third", "middle third by income", "poorest third")
HEATS: Final = ("coolest third", "middle third by heat", "hottest third")
CLASSES: Final = tuple(f"{income}, {heat}" for income in INCOMES for heat in HEATS)
UNKNOWN: Final = "no income or no temperature"
POOR_AND_HOT: Final = len(CLASSES) - 1


def bivariate(analysis: Analysis, part: Part, outcome: str) -> FigureData:
    """Class the tracts of one metro by thirds of income and thirds of heat.

    Every tract counts the same; tracts of one income or one temperature share a third.

    Returns
    -------
    FigureData
        One row a tract of the part in its order, indexed by geoid: ``class`` (place in
        :data:`CLASSES`, 3 · third of income, richest first, + third of heat, coolest first;
        ``len(CLASSES)`` is unknown), ``name``, ``value`` (°C or K), ``income_usd`` and ``people``.

    Raises
    ------
    StudyError
        If the part is several metros, too few tracts have both, or they are too alike for thirds.
    """
    check_one_metro(part, outcome, "A map of income and heat")
    tracts = part.sample.tracts
    if INCOME not in tracts:
        raise StudyError(f"The study has no {INCOME}: a map of income and heat needs incomes.")
    income, heat = tracts[INCOME].to_numpy(float), tracts[outcome].to_numpy(float)
    known = np.isfinite(income) & np.isfinite(heat)
    if known.sum() < LEAST_TRACTS:
        raise StudyError(
            f"{part.label}: only {known.sum()} tracts have income and {axis_of(outcome).lower()}: "
            f"thirds of both need at least {LEAST_TRACTS}."
        )
    even = np.ones(known.sum())
    poorer = THIRDS - 1 - weighted_parts(income[known], even, THIRDS)
    hotter = weighted_parts(heat[known], even, THIRDS)
    for label, third in (("incomes", poorer), ("temperatures", hotter)):
        if len(np.unique(third)) < THIRDS:
            raise StudyError(f"{part.label}: {label} are too alike to be sorted into thirds.")
    classes = np.full(len(tracts), len(CLASSES))
    classes[known] = THIRDS * poorer + hotter
    frame = pd.DataFrame(
        {
            "class": classes,
            "name": np.array([*CLASSES, UNKNOWN])[classes],
            "value": heat,
            "income_usd": income,
            "people": tracts["population"].to_numpy(float),
        },
        index=tracts.index,
    )
    by_chance = (poorer == THIRDS - 1).sum() * (hotter == THIRDS - 1).sum() / known.sum()
    return FigureData(
        "bivariate",
        titled("Where the poorer live and where it is hot", part, outcome),
        axis_of(outcome),
        frame,
        said(part, frame, int(known.sum()), by_chance),
        cautions_of(outcome, of_neighbours=True),
    )


def said(part: Part, frame: pd.DataFrame, known: int, by_chance: float) -> str:
    """Compare poor and hot tracts with what would be if one knew nothing of the other."""
    both = frame[frame["class"] == POOR_AND_HOT]
    return (
        f"In {part.label} {len(both):,} of {known:,} tracts are both in the poorest and in the "
        f"hottest third ({by_chance:.0f} would be if heat knew nothing of income): "
        f"{people_words(both['people'].sum())} live there."
    )
