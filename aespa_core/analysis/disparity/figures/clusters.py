"""Cluster map (LISA): where hot tracts lie among hot ones, and cool ones among cool ones."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.neighbourhood import neighbourhood_of
from aespa_core.analysis.disparity.figures.words import (
    axis_of,
    cautions_of,
    check_one_metro,
    people_words,
    titled,
    tracts_words,
)
from aespa_core.analysis.disparity.neighbours import borders_notice
from aespa_core.analysis.spatial.local_moran import NO_NEIGHBOURS, NOT_SIGNIFICANT, local_moran

HOT_AMONG_HOT: Final = "hot among hot neighbours"
COOL_AMONG_COOL: Final = "cool among cool neighbours"
# names of the local Moran's I → names on the map, in the order of the legend
NAMES: Final = {
    "high–high": HOT_AMONG_HOT,
    "high–low": "hot among cool neighbours",
    "low–high": "cool among hot neighbours",
    "low–low": COOL_AMONG_COOL,
    NOT_SIGNIFICANT: "no clear pattern",
    NO_NEIGHBOURS: "no neighbours",
}
CLASSES: Final = tuple(NAMES.values())
UNKNOWN: Final = "no temperature"


def clusters(analysis: Analysis, part: Part, outcome: str) -> FigureData:
    """Name the tracts of one metro by their own heat and that of their neighbours.

    Neighbours, permutations and seed are the specification's; tracts without the outcome are
    nobody's neighbours.

    Returns
    -------
    FigureData
        One row a tract of the part in its order, indexed by geoid: ``class`` (place in
        :data:`CLASSES`; ``len(CLASSES)`` is unknown), ``name``, ``value`` (°C or K), ``q`` (false
        discovery rate) and ``people``.

    Raises
    ------
    StudyError
        If the part is several metros, the outcome is the same everywhere, or too few tracts have
        neighbours.
    """
    check_one_metro(part, outcome, "A map of clusters")
    tracts = part.sample.tracts
    near = neighbourhood_of(analysis, part, outcome)
    asked = analysis.asked
    found = local_moran(near.values, near.weights, asked.space.permutations, asked.seed)
    classes = np.full(len(tracts), len(CLASSES))
    classes[near.rows] = [CLASSES.index(NAMES[cluster]) for cluster in found.cluster]
    rate = np.full(len(tracts), np.nan)
    rate[near.rows] = found.q
    frame = pd.DataFrame(
        {
            "class": classes,
            "name": np.array([*CLASSES, UNKNOWN])[classes],
            "value": tracts[outcome].to_numpy(float),
            "q": rate,
            "people": tracts["population"].to_numpy(float),
        },
        index=tracts.index,
    )
    return FigureData(
        "clusters",
        titled("Clusters of hot and of cool tracts", part, outcome),
        axis_of(outcome),
        frame,
        said(part, frame),
        (
            *cautions_of(outcome, of_neighbours=True),
            f"Neighbours: {near.weights.words}; {found.permutations:,} permutations, false "
            f"discovery rate {found.level:.0%}.",
            *filter(None, [borders_notice(analysis, part)]),
        ),
    )


def said(part: Part, frame: pd.DataFrame) -> str:
    """Count hot clusters and who lives there."""
    hot = frame[frame["name"] == HOT_AMONG_HOT]
    cool = int((frame["name"] == COOL_AMONG_COOL).sum())
    if hot.empty:
        return (
            f"In {part.label} no tract is clearly hot among hot neighbours; "
            f"{tracts_words(cool)} {'is' if cool == 1 else 'are'} cool among cool ones."
        )
    return (
        f"In {part.label} {tracts_words(len(hot))} {'forms' if len(hot) == 1 else 'form'} hot "
        f"clusters (hot tracts among hot neighbours): {people_words(hot['people'].sum())} live "
        f"there; {tracts_words(cool)} {'forms' if cool == 1 else 'form'} cool ones."
    )
