"""Concentration curve: does heat lie on the poorer or on the richer."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.words import (
    cautions_of,
    check_one_metro,
    signed,
    titled,
    unit_of,
)
from aespa_core.analysis.disparity.tables.inequality import INCOME, concentrated
from aespa_core.analysis.inequality.concentration import concentration_curve, curve_at
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.errors import StudyError

# every 5 % of the people
POINTS: Final = 21


def concentration(analysis: Analysis, part: Part, outcome: str) -> FigureData:
    """Sum heat above the mean from the poorest to the richest of one metro.

    Returns
    -------
    FigureData
        Columns ``share_of_people`` (poorest first, 0–1, :data:`POINTS` even steps) and ``heat``:
        heat above the mean of all, summed over shares of people, °C or K; 0 at both ends.

    Raises
    ------
    StudyError
        If the part is several metros, no tract has people, temperature and income, or all have the
        same income.
    """
    check_one_metro(part, outcome, "A concentration curve")
    tracts = part.sample.tracts
    if INCOME not in tracts:
        raise StudyError(f"The study has no {INCOME}: a concentration curve needs incomes.")
    curve = concentration_curve(
        *(tracts[name].to_numpy(float) for name in (outcome, INCOME, "population"))
    )
    if len(curve.share_of_people) < 3:
        raise StudyError(
            f"{part.label}: all tracts have the same income, so that nobody is poorer; "
            "a concentration curve needs incomes that differ."
        )
    at = curve_at(curve, np.linspace(0, 1, POINTS))
    # heat of the poorer half, summed over a half of the people: twice it is their mean
    poorer = 2 * float(curve_at(curve, np.array([0.5])).heat_c[0])
    return FigureData(
        "concentration",
        titled("Heat of the poorer above that of all", part, outcome),
        f"Heat above the mean of all, summed over people, {unit_of(outcome)}",
        pd.DataFrame({"share_of_people": at.share_of_people, "heat": at.heat_c}),
        said(part, unit_of(outcome), poorer, concentrated(analysis, part, outcome)),
        cautions_of(outcome),
    )


def said(part: Part, unit: str, poorer: float, index: Estimate) -> str:
    """Say where the poorer half stands, and whether heat leans over all incomes."""
    where = "hotter" if poorer > 0 else "cooler"
    clear = index.low95 > 0 or index.high95 < 0
    leans = (
        f"clearly leans to the {'poorer' if index.estimate < 0 else 'richer'}"
        if clear
        else "leans clearly to nobody"
    )
    return (
        f"The poorer half of the people of {part.label} live {abs(poorer):.2f} {unit} {where} than "
        f"the mean of all; over all incomes heat {leans} (concentration index "
        f"{signed(index.estimate)} {unit}, 95 % interval {signed(index.low95)} to "
        f"{signed(index.high95)}; below 0 is heat on the poorer)."
    )
