"""The form of spatial weights: a row-standardised matrix, its islands, and its words.

libpysal takes seconds to import (as esda and spreg do, which stand on it), so the files of this
room import it inside the functions that need it: a page that shows no spatial table does not wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from aespa_core.analysis.spatial.spectrum import Blocks, blocks_of, eigenvalues_of

if TYPE_CHECKING:
    from libpysal.weights import W


@dataclass(frozen=True, eq=False)
class SpatialWeights:
    """Neighbours of each of N tracts.

    Attributes
    ----------
    kind
        Id as in a specification file: ``queen``, ``rook``, ``knn_6``, ``within_5km``.
    matrix
        (N, N) sparse; each row sums to 1, or to 0 where a tract has no neighbour. Diagonal 0.
    islands
        Geoids of the tracts without neighbours. They stay so: nobody is attached to them.
    words
        The half-sentence of a table's note.
    geoids
        (N,) of the rows.
    """

    kind: str
    matrix: sparse.csr_array
    islands: tuple[str, ...]
    words: str
    geoids: tuple[str, ...]

    @property
    def has_neighbours(self) -> np.ndarray:
        """(N,) whether a tract has any."""
        return np.diff(self.matrix.indptr) > 0

    @cached_property
    def blocks(self) -> Blocks:
        """Rows of each connected piece of the map; an island is a piece of one."""
        return blocks_of(self.matrix)

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        """(N,) eigenvalues of the matrix, real where its links are mutual."""
        return eigenvalues_of(self.matrix, self.blocks)


def standardised(
    kind: str, links: sparse.csr_array, geoids: Sequence[str], said: str
) -> SpatialWeights:
    """Divide each row of links (N, N) by its sum and name the tracts that have none.

    Parameters
    ----------
    said
        What makes neighbours, the beginning of `SpatialWeights.words`.
    """
    links = sparse.csr_array(links, dtype=float)
    links.eliminate_zeros()
    links.sort_indices()
    total = np.asarray(links.sum(axis=1)).ravel()  # (N,)
    matrix = sparse.csr_array(
        sparse.diags_array(np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)) @ links
    )
    islands = tuple(str(geoid) for geoid, sum_ in zip(geoids, total, strict=True) if sum_ == 0)
    alone = {0: "every tract has a neighbour", 1: "1 tract without neighbours"}.get(
        len(islands), f"{len(islands)} tracts without neighbours"
    )
    words = f"{said}, row-standardised, {alone}"
    return SpatialWeights(kind, matrix, islands, words, tuple(map(str, geoids)))


def restricted(weights: SpatialWeights, kept: np.ndarray) -> SpatialWeights:
    """Keep some tracts, (N,) bool; rows are standardised anew over the neighbours that remain."""
    links = weights.matrix[kept][:, kept]
    geoids = [geoid for geoid, stays in zip(weights.geoids, kept, strict=True) if stays]
    return standardised(weights.kind, links, geoids, weights.words.split(", row-standardised")[0])


def pysal_weights(weights: SpatialWeights) -> "W":
    """Hand the matrix to spreg and esda in the form that they take."""
    from libpysal.weights import WSP

    matrix = sparse.csr_matrix(weights.matrix)
    return WSP(matrix).to_W(silence_warnings=True)  # islands are in SpatialWeights already
