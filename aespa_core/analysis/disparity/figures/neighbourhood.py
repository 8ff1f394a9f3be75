"""The tracts of a metro that have an outcome, and who is whose neighbour among them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights
from aespa_core.analysis.spatial.weights import weights_of


@dataclass(frozen=True)
class Neighbourhood:
    """Values of an outcome with their neighbours.

    Attributes
    ----------
    rows
        Where the n tracts stand in the part, shape (n,).
    values
        °C or K, shape (n,).
    weights
        Of these n tracts.
    """

    rows: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    weights: SpatialWeights


def neighbourhood_of(analysis: Analysis, part: Part, outcome: str) -> Neighbourhood:
    """Find the neighbours that the specification asks for; found once for all figures.

    Unlike those of a regression, these are of every tract with the outcome: a tract without income
    is hot or cool all the same.

    Raises
    ------
    StudyError
        If the weights cannot be made of these tracts.
    """
    sample = part.sample
    values = sample.tracts[outcome].to_numpy(float)
    rows = np.flatnonzero(np.isfinite(values))
    key = ("every tract", part.id, outcome)
    if key not in analysis.weights:
        analysis.weights[key] = weights_of(
            analysis.asked.space.neighbours, sample.geometry.iloc[rows], sample.xy_m[rows]
        )
    return Neighbourhood(rows, values[rows], analysis.weights[key])
