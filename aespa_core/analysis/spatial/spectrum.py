"""Eigenvalues and traces of a weights matrix, one connected piece of the map after another.

Metros are never neighbours of each other, so the matrix of all of them is block-diagonal, and what
costs N³ costs the sum of the metros' n³.
"""

from typing import Final

import numpy as np
from scipy import linalg, sparse

from aespa_core.errors import StudyError

Blocks = tuple[np.ndarray, ...]
# 5,000 take half a minute a model and 1.5 GB; no metro of the US has more.
LARGEST_PIECE: Final = 5_000


def blocks_of(matrix: sparse.csr_array) -> Blocks:
    """List the rows of each connected piece."""
    count, label = sparse.csgraph.connected_components(matrix, directed=False)
    order = np.argsort(label, kind="stable")
    return tuple(np.split(order, np.searchsorted(label[order], np.arange(1, count))))


def eigenvalues_of(matrix: sparse.csr_array, blocks: Blocks) -> np.ndarray:
    r"""Find the eigenvalues of W (N, N), each once per multiplicity.

    .. math:: W = D^{-1} C, \quad D^{1/2} W D^{-1/2} = D^{-1/2} C D^{-1/2}

    Where links C are mutual the right side is symmetric and has W's eigenvalues, all real (Ord
    1975, JASA 70:120); k nearest neighbours are not mutual and may give complex ones.

    Returns
    -------
    numpy.ndarray
        (N,) real, or complex where a link is not mutual.

    Raises
    ------
    StudyError
        If a piece of the map has more tracts than :data:`LARGEST_PIECE`.
    """
    found = []
    if (largest := max(map(len, blocks), default=0)) > LARGEST_PIECE:
        raise StudyError(
            f"A spatial model of {largest:,} connected tracts takes hours, since its time grows "
            f"with their cube: {LARGEST_PIECE:,} are the most. Take fewer tracts, or the "
            "regressions with errors by spatial block."
        )
    for rows in blocks:
        dense = matrix[rows][:, rows].toarray()  # (n, n)
        root = np.sqrt(np.maximum((dense != 0).sum(axis=1), 1))
        similar = dense * root[:, None] / root[None, :]
        if np.allclose(similar, similar.T, rtol=0, atol=1e-12):
            found.append(linalg.eigvalsh(similar))
        else:
            found.append(linalg.eigvals(dense))
    return np.concatenate(found)


def squared_norm(matrix: sparse.csr_array, blocks: Blocks, parameter: float) -> float:
    r"""Compute tr(G'G) of :math:`G = W (I - \rho W)^{-1}`.

    Eigenvalues do not give it: the symmetric matrix that shares W's eigenvalues does not share
    this trace, and standard errors from that one are some percent off.
    """
    total = 0.0
    for rows in blocks:
        dense = matrix[rows][:, rows].toarray()  # (n, n)
        # W and its resolvent commute, so G = (I - rho W)^-1 W.
        filtered = linalg.solve(np.eye(len(rows)) - parameter * dense, dense)
        total += float(np.sum(filtered**2))
    return total
