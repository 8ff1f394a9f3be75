"""Predictions put right by labels, where a metro has both."""

from typing import Final

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.errors import blocks_of
from aespa_core.analysis.disparity.row_errors import group_errors
from aespa_core.analysis.exposure.people import Groups
from aespa_core.analysis.prediction_powered import (
    Corrected,
    corrected_exposure,
    corrected_slopes,
)

PREDICTED: Final = "predicted_day"
LABELS: Final = "observed_day"
CORRECTED: Final = "Predicted by day, corrected by labels"
MEANING: Final = (
    "Corrected by labels: on predictions everywhere, plus what labels say against predictions "
    "where there are labels, which are taken to be like the rest; delete-one-block jackknife over "
    "spatial blocks, so that the model's error is within the interval."
)


def correctable(part: Part) -> bool:
    """Whether a metro has predictions and labels."""
    return {PREDICTED, LABELS} <= set(part.sample.outcomes)


def correct_groups(analysis: Analysis, part: Part, groups: Groups) -> Corrected:
    """Correct means and gaps of one division of a metro's people."""
    tracts = part.sample.tracts
    blocks = group_errors(part.sample, PREDICTED, analysis.asked.errors).blocks
    return corrected_exposure(
        groups, tracts[PREDICTED].to_numpy(float), tracts[LABELS].to_numpy(float), blocks
    )


def correct_slopes(analysis: Analysis, part: Part) -> Corrected:
    """Correct the slopes of the specification in one metro."""
    design = analysis.design(part, PREDICTED)
    return corrected_slopes(
        design.x,
        design.weights,
        design.y,
        design.tracts[LABELS].to_numpy(float),
        blocks_of(design, analysis.asked.errors),
        design.terms,
    )
