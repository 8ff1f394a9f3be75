r"""Covariance under errors that are correlated with distance (Conley 1999, J. Econometrics 92:1).

.. math:: \hat M = \sum_i \sum_j k(d_{ij} / c) \, s_i s_j', \qquad s_i = x_i w_i e_i

with distance d, cutoff c and kernel k. Kernels differ materially, so a table names its own.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from aespa_core.analysis.regression.covariance import Covariance, everywhere
from aespa_core.analysis.regression.least_squares import Fit, Floats
from aespa_core.errors import StudyError

# Of the variance that places alone would have, what is left of it by rounding only.
ROUNDING: Final = 1e-10
# 15 million pairs take 1 GB while they are found.
MOST_PAIRS: Final = 25_000_000
KERNELS: Final[dict[str, Callable[[Floats], Floats]]] = {
    "uniform": np.ones_like,
    "bartlett": lambda share: 1.0 - share,
}


def kernel_matrix(xy_m: Floats, cutoff_m: float, kernel: str) -> csr_array:
    """Weight every pair of places by the distance between them, sparse, shape (N, N).

    Parameters
    ----------
    xy_m
        Places, metres, shape (N, 2).
    cutoff_m
        Pairs as far as this or farther weigh 0.
    kernel
        One of :data:`KERNELS`.

    Raises
    ------
    StudyError
        If there is no such kernel, the cutoff is not above 0, or it joins more pairs than
        :data:`MOST_PAIRS`.
    """
    if kernel not in KERNELS:
        raise StudyError(f"'{kernel}' is no kernel: choose one of {', '.join(KERNELS)}.")
    if not cutoff_m > 0:
        raise StudyError(f"A cutoff of {cutoff_m:g} m reaches nobody: it must be above 0.")
    tree = KDTree(xy_m)
    if (count := int(tree.count_neighbors(tree, cutoff_m))) > MOST_PAIRS:
        raise StudyError(
            f"Conley's errors with a cutoff of {cutoff_m / 1000:g} km join {count:,} pairs of "
            f"{len(xy_m):,} tracts: {MOST_PAIRS:,} are the most that fit in memory. Take a shorter "
            "cutoff, or spatial blocks."
        )
    near = tree.sparse_distance_matrix(tree, cutoff_m, output_type="coo_matrix")
    inside = near.data < cutoff_m
    first, second = near.row[inside], near.col[inside]
    weight = KERNELS[kernel](near.data[inside] / cutoff_m)
    return csr_array((weight, (first, second)), shape=near.shape)


def conley(fit: Fit, pairs: csr_array, name: str = "Conley") -> Covariance:
    """Estimate the covariance with the weights of :func:`kernel_matrix`.

    A variance may come out below 0: neither kernel rules it out in two dimensions. One of 0 says
    nothing either: a uniform kernel that joins all places adds up the scores, which give 0. The
    standard error is then missing.

    Parameters
    ----------
    fit
        A regression.
    pairs
        Symmetric, 1 on the diagonal, shape (N, N).
    name
        For the table's note: kernel and cutoff belong in it.
    """
    scores = fit.scores
    matrix = fit.bread @ (scores.T @ (pairs @ scores)) @ fit.bread
    alone = np.diag(fit.bread @ (scores.T @ scores) @ fit.bread)  # as if no place had a neighbour
    nothing = np.diag(matrix) <= ROUNDING * alone
    matrix[nothing, nothing] = np.nan
    return Covariance(name, matrix, everywhere(fit, fit.freedom))
