"""Moran scatter: is a tract as hot as its neighbours."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.neighbourhood import neighbourhood_of
from aespa_core.analysis.disparity.figures.words import cautions_of, check_one_metro, signed, titled
from aespa_core.analysis.disparity.neighbours import borders_notice
from aespa_core.analysis.spatial.moran import moran_scatter

QUADRANTS: Final = (
    "hot among hot neighbours",
    "hot among cool neighbours",
    "cool among hot neighbours",
    "cool among cool neighbours",
)


def likeness(analysis: Analysis, part: Part, outcome: str) -> FigureData:
    """Set each tract's heat against its neighbours' mean.

    Returns
    -------
    FigureData
        One row a tract with neighbours, indexed by geoid: ``own`` and ``neighbours`` (standard
        deviations from the metro's mean), ``line`` (the fitted line at ``own``, whose slope is
        Moran's I) and ``quadrant``.

    Raises
    ------
    StudyError
        If the part is several metros, the outcome is the same everywhere, or too few tracts have
        neighbours.
    """
    check_one_metro(part, outcome, "A Moran scatter")
    near = neighbourhood_of(analysis, part, outcome)
    scatter = moran_scatter(near.values, near.weights)
    known = np.isfinite(scatter.lag)
    own, lag = scatter.standardised[known], scatter.lag[known]
    frame = pd.DataFrame(
        {
            "own": own,
            "neighbours": lag,
            "line": scatter.slope * own,
            "quadrant": np.array(QUADRANTS)[2 * (own < 0) + (lag < 0)],
        },
        index=part.sample.tracts.index[near.rows[known]],
    )
    return FigureData(
        "likeness",
        titled("Is a tract as hot as its neighbours", part, outcome).rpartition(",")[0]
        + ", standard deviations",
        "standard deviations from the metro's mean",
        frame,
        said(part, scatter.slope),
        (
            *cautions_of(outcome, of_neighbours=True),
            f"Neighbours: {near.weights.words}.",
            *filter(None, [borders_notice(analysis, part)]),
        ),
    )


def said(part: Part, slope: float) -> str:
    """Read the slope."""
    side = "hotter" if slope > 0 else "cooler"
    return (
        f"In {part.label} the neighbours of a tract that is one standard deviation hotter than the "
        f"mean are on average {abs(slope):.2f} standard deviations {side} than the mean "
        f"(Moran's I {signed(slope)}; near 0 if heat were strewn at random)."
    )
