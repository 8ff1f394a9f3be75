"""The neighbours that a specification asks for, among the tracts of one regression."""

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.design import Design
from aespa_core.analysis.spatial.border_gaps import border_gaps
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights
from aespa_core.analysis.spatial.weights import CONTIGUITY, weights_of


def islands_left_out(count: int) -> str:
    """Say how many tracts have no neighbours."""
    return f"{count} {'tract' if count == 1 else 'tracts'} without neighbours left out."


def neighbours_of(
    analysis: Analysis, part: Part, design: Design, kind: str | None = None
) -> SpatialWeights:
    """Find the neighbours of a design's tracts; found once for all tables.

    They are of the kind that the specification asks for, or of another.

    Raises
    ------
    StudyError
        If no tract has one.
    """
    kind = kind or analysis.asked.space.neighbours
    key = (kind, part.id, design.outcome, len(design.y))
    if key not in analysis.weights:
        analysis.weights[key] = weights_of(
            kind,
            part.sample.geometry.iloc[design.rows],
            design.xy_m,
            design.metro.tolist(),
        )
    return analysis.weights[key]


def borders_notice(analysis: Analysis, part: Part, kind: str | None = None) -> str | None:
    """Say that borders leave gaps or overlap, where neighbours are found by them.

    All tracts of the part are looked at, with or without values: one that is left out of a
    regression leaves no gap on the map. The kind is the specification's, or another.
    """
    if (kind or analysis.asked.space.neighbours) not in CONTIGUITY:
        return None
    if part.id not in analysis.borders:
        sample = part.sample
        analysis.borders[part.id] = border_gaps(
            sample.geometry, sample.tracts["metro"].tolist()
        ).notice
    return analysis.borders[part.id]
