"""Exposure by group: which share of a group lives at a temperature or below."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.words import (
    axis_of,
    cautions_of,
    check_one_metro,
    level,
    titled,
    unit_of,
)
from aespa_core.analysis.exposure.distribution import Distribution, distributions
from aespa_core.analysis.exposure.income_fifths import FIFTHS
from aespa_core.analysis.exposure.people import (
    DIVISIONS,
    FIFTHS_ID,
    Groups,
    groups_by_income,
    groups_by_share,
)
from aespa_core.errors import ConfigError, StudyError

# Temperatures at which shares are given: fine enough for a line, few enough to be shipped.
GRID: Final = 101
DIVISION_LABELS: Final = {division.id: division.label for division in DIVISIONS} | {
    FIFTHS_ID: "Income fifths"
}


def exposure_by_group(
    analysis: Analysis, part: Part, outcome: str, division: str = FIFTHS_ID
) -> FigureData:
    """Distribute the people of each group of one metro over temperature.

    Parameters
    ----------
    analysis, part, outcome
        What is asked, and of which metro.
    division
        A key of :data:`DIVISION_LABELS`.

    Returns
    -------
    FigureData
        Columns ``group``, ``temperature`` (°C or K, :data:`GRID` even steps) and ``share`` (0–1) of
        the group at that temperature or below.

    Raises
    ------
    StudyError
        If the part is several metros, columns are missing, or fewer than two groups have people.
    """
    check_one_metro(part, outcome, "Exposure by group")
    tracts = part.sample.tracts
    groups = groups_of(tracts, outcome, division)
    found = distributions(tracts[outcome].to_numpy(float), groups)
    if len(found) < 2:
        raise StudyError(
            f"{part.label}: of {groups.label.lower()} only "
            f"'{found[0].label if found else 'nobody'}' has people; two groups are needed to "
            "compare, so choose another division."
        )
    steps = np.linspace(
        min(one.values_c[0] for one in found), max(one.values_c[-1] for one in found), GRID
    )
    frame = pd.concat(
        pd.DataFrame({"group": one.label, "temperature": steps, "share": one.share_at(steps)})
        for one in found
    )
    return FigureData(
        "exposure",
        titled(f"Who lives at which temperature, by {groups.label.lower()}", part, outcome),
        axis_of(outcome),
        frame.reset_index(drop=True),
        said(part, outcome, groups, found),
        cautions_of(outcome),
    )


def groups_of(tracts: pd.DataFrame, outcome: str, division: str) -> Groups:
    """Count the people of a division by its id."""
    if division == FIFTHS_ID:
        return groups_by_income(tracts, outcome)
    for known in DIVISIONS:
        if known.id == division:
            return groups_by_share(tracts, outcome, known)
    raise ConfigError(f"There is no division '{division}': choose {', '.join(DIVISION_LABELS)}.")


def said(part: Part, outcome: str, groups: Groups, found: tuple[Distribution, ...]) -> str:
    """Compare medians: of the division's first gap where both sides live, else of the ends."""
    by_label = {one.label: one for one in found}
    gap = groups.gaps[0]
    ends = [groups.labels[gap.groups[0]], groups.labels[gap.others[-1]]]
    one, other = (
        [by_label[end] for end in ends] if set(ends) <= set(by_label) else (found[0], found[-1])
    )
    first, second = (float(side.quantile(np.array([0.5]))[0]) for side in (one, other))
    apart = first - second
    compared = (
        "just as hot"
        if round(abs(apart), 1) == 0
        else f"{abs(apart):.1f} {unit_of(outcome)} {'hotter' if apart > 0 else 'cooler'}"
    )
    return (
        f"In {part.label} half of {who(one)} live at {level(outcome, first)} or more, "
        f"half of {who(other)} at {level(outcome, second)} or more: the middle of the "
        f"first is {compared}."
    )


def who(group: Distribution) -> str:
    """Name a group within a sentence."""
    return f"the {group.label.lower()}" if group.label in FIFTHS else f"the group '{group.label}'"
