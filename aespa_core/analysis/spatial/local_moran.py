"""Local Moran's I (LISA): where on the map alike values lie together."""

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np

from aespa_core.analysis.spatial.connected_sample import connected_sample
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights, pysal_weights
from aespa_core.errors import ConfigError, StudyError

# A pseudo-p cannot fall below 2 / (permutations + 1), while the rate over N tracts asks k hot ones
# to have p ≤ level · k / N: with 999 permutations, fewer than 52 of 1,300 could never be named.
PERMUTATIONS: Final = 9999
SEED: Final = 2024
# Permutations × links; some minutes.
MOST_DRAWS: Final = 5_000_000_000
LEVEL: Final = 0.05
NOT_SIGNIFICANT: Final = "not significant"
NO_NEIGHBOURS: Final = "no neighbours"
# esda's numbers of the quadrants: the tract's own value, then its neighbours'.
QUADRANTS: Final = {1: "high–high", 2: "low–high", 3: "low–low", 4: "high–low"}


@dataclass(frozen=True)
class LocalMoran:
    """One answer a tract.

    Attributes
    ----------
    statistic
        (N,) local I; NaN without neighbours.
    p
        (N,) two-sided pseudo-p by conditional permutation, at least 2 / (permutations + 1).
    q
        (N,) p after Benjamini–Hochberg over the tracts with neighbours.
    cluster
        (N,) ``high–high``, ``low–low``, ``high–low``, ``low–high`` (own value first), ``not
        significant`` or ``no neighbours``.
    permutations, seed, level
        How it was made; a tract is named where q ≤ level.
    """

    statistic: np.ndarray
    p: np.ndarray
    q: np.ndarray
    cluster: tuple[str, ...]
    permutations: int
    seed: int
    level: float


def local_moran(
    values: np.ndarray,
    weights: SpatialWeights,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    level: float = LEVEL,
) -> LocalMoran:
    r"""Compute the local Moran's I of values (N,) of one metro.

    .. math:: I_i = \frac{(n - 1) z_i \sum_j w_{ij} z_j}{\sum_j z_j^2}

    Anselin (1995), Geogr. Anal. 27:93; the numbers are esda's. Over thousands of tracts one in
    twenty is significant by chance, hence the false discovery rate (Benjamini & Hochberg 1995;
    Caldas de Castro & Singer 2006, Geogr. Anal. 38:180).

    Raises
    ------
    StudyError
        As `aespa_core.analysis.spatial.moran.moran`, or if there are more draws than
        :data:`MOST_DRAWS`.
    """
    from esda.moran import Moran_Local
    from scipy.stats import false_discovery_control

    if permutations < 99:
        raise ConfigError(f"{permutations} permutations resolve no p value: take 99 or more.")
    sample = connected_sample(values, None, weights)
    if (draws := sample.weights.matrix.nnz * permutations) > MOST_DRAWS:
        raise StudyError(
            f"{permutations:,} permutations of {sample.weights.matrix.nnz:,} links are {draws:,} "
            f"draws and take too long: {MOST_DRAWS:,} are the most. Ask for fewer permutations, "
            "or for neighbours that are nearer."
        )
    # esda seeds numpy's global generator and adds a warnings filter: both are put back.
    state = np.random.get_state()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "The alternative hypothesis for conditional", DeprecationWarning
            )
            found = Moran_Local(
                sample.y,
                pysal_weights(sample.weights),
                permutations=permutations,
                seed=seed,
                keep_simulations=False,
            )
    finally:
        np.random.set_state(state)
    # esda's p is that of the nearer tail, chosen after seeing the data; twice it is two-sided.
    # It comes in single precision, of which the count of permutations beyond is recovered.
    beyond = np.rint(found.p_sim.astype(float) * (permutations + 1))  # (n,)
    p = np.minimum(1.0, 2.0 * beyond / (permutations + 1))  # (n,)
    q = false_discovery_control(p, method="bh")
    words = [
        QUADRANTS[int(quadrant)] if rate <= level else NOT_SIGNIFICANT
        for quadrant, rate in zip(found.q, q, strict=True)
    ]
    statistic, p_all, q_all = np.full((3, len(sample.used)), np.nan)
    for column, known in ((statistic, found.Is), (p_all, p), (q_all, q)):
        column[sample.used] = known
    cluster = np.full(len(sample.used), NO_NEIGHBOURS, dtype=object)
    cluster[sample.used] = words
    return LocalMoran(statistic, p_all, q_all, tuple(cluster), permutations, seed, level)
