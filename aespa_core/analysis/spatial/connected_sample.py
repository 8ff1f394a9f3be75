"""The tracts that a spatial statistic can use: those that have neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from aespa_core.analysis.spatial.spatial_weights import SpatialWeights, restricted
from aespa_core.errors import StudyError

# Tracts needed beyond the columns of the design; Moran's variance divides by n − 3.
SPARE: Final = 3


@dataclass(frozen=True)
class ConnectedSample:
    """Outcome, design and weights of the n tracts with neighbours, of N given.

    Attributes
    ----------
    y
        (n,) outcome.
    x
        (n, K) design.
    weights
        Of the n tracts; nobody is an island.
    used
        (N,) which of the given tracts these are.
    left_out
        Geoids of the others.
    """

    y: np.ndarray
    x: np.ndarray
    weights: SpatialWeights
    used: np.ndarray
    left_out: tuple[str, ...]


def connected_sample(
    y: np.ndarray, x: np.ndarray | None, weights: SpatialWeights, terms: Sequence[str] = ()
) -> ConnectedSample:
    """Leave out the islands and refuse what no statistic can be made of.

    Parameters
    ----------
    y
        (N,) outcome, no NaN.
    x
        (N, K) design with its constant; None is a constant alone.
    weights
        Of the same N tracts in the same order.
    terms
        (K,) names of the columns for the sentence about collinear ones.

    Raises
    ------
    StudyError
        If values are missing or of another length, too few tracts have neighbours, the outcome
        never changes, or the design is singular or gives the outcome exactly.
    """
    y = np.asarray(y, float)
    x = np.ones((len(y), 1)) if x is None else np.asarray(x, float)
    tracts = len(weights.geoids)
    if y.shape != (tracts,) or x.ndim != 2 or len(x) != tracts:
        raise StudyError(
            f"The weights are of {tracts} tracts, the outcome of {len(y)} and the design of "
            f"{len(x)}: all three must list the same tracts in the same order."
        )
    missing = ~(np.isfinite(y) & np.isfinite(x).all(axis=1))
    if missing.any():
        raise StudyError(
            f"{int(missing.sum())} of {tracts} tracts lack the outcome or a covariate: leave them "
            "out before spatial weights are made, since a neighbour without a value has no lag."
        )
    used = weights.has_neighbours
    kept = restricted(weights, used) if weights.islands else weights
    sample = ConnectedSample(y[used], x[used], kept, used, weights.islands)
    if len(sample.y) and np.ptp(sample.y) <= 1e-12 * np.abs(sample.y).max():
        raise StudyError(
            f"The outcome is the same in all {len(sample.y)} tracts with neighbours: nothing can "
            "be clustered in space. Choose an outcome that differs between tracts."
        )
    check_design(sample, terms, weights.words)
    return sample


def check_design(sample: ConnectedSample, terms: Sequence[str], words: str) -> None:
    """Refuse a design that is too wide, singular or explains everything.

    Parameters
    ----------
    terms
        (K,) names of its columns, or none.
    words
        Of the weights that all given tracts had.
    """
    tracts, wide = sample.x.shape
    if tracts < wide + SPARE:
        raise StudyError(
            f"Only {tracts} of {len(sample.used)} tracts have neighbours ({words}): a spatial "
            f"statistic with {wide} coefficients needs at least {wide + SPARE}. Take other "
            "weights, such as knn_6, or more tracts."
        )
    norms = np.linalg.norm(sample.x, axis=0)
    scaled = sample.x / np.where(norms > 0, norms, 1.0)
    # A column adds nothing if those before it already give it.
    ranks = [0, *(np.linalg.matrix_rank(scaled[:, : k + 1], tol=1e-9) for k in range(wide))]
    names = list(terms) if len(terms) else [f"column {k + 1}" for k in range(wide)]
    if extra := [name for name, gain in zip(names, np.diff(ranks), strict=True) if gain == 0]:
        raise StudyError(
            f"The design is singular: {', '.join(extra)} {'is' if len(extra) == 1 else 'are'} zero "
            "or a combination of the columns before. Leave out what is collinear."
        )
    left = sample.y - scaled @ np.linalg.lstsq(scaled, sample.y, rcond=None)[0]
    if np.linalg.norm(left) <= 1e-10 * np.linalg.norm(sample.y):
        raise StudyError(
            f"The {wide} columns of the design give the outcome exactly in all {tracts} tracts: "
            "no residual is left to study. Leave out what the outcome is made of."
        )
