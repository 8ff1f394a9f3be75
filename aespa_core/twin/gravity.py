r"""Where trips of one origin end: the production-constrained gravity law.

.. math::

    p_{ij} = \frac{A_j^{\alpha} e^{-\beta d_{ij}}}{\sum_k A_k^{\alpha} e^{-\beta d_{ik}}}

Wilson (1971), A family of spatial interaction models, Environment and Planning 3:1. An exponential
of distance fits commuting better than a power (Lenormand, Bassolas & Ramasco 2016, J. Transp.
Geogr. 51:158).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def gravity_shares(
    attraction: Floats, distance_km: Floats, exponent: float, decay_per_km: float
) -> Floats:
    """Share of each origin's trips that ends in each destination, rows sum to 1, shape (B, B).

    Parameters
    ----------
    attraction
        What draws trips, at least 0, shape (B,); a tract with 0 receives none.
    distance_km
        From origin (row) to destination (column), shape (B, B).
    exponent
        α, above 0.
    decay_per_km
        β, 1/km.

    Returns
    -------
    numpy.ndarray
        All zero where nothing in the metro attracts.
    """
    reachable = attraction > 0
    if not reachable.any():
        return np.zeros_like(distance_km)
    score = np.full(distance_km.shape, -np.inf)
    score[:, reachable] = exponent * np.log(attraction[reachable])
    score[:, reachable] -= decay_per_km * distance_km[:, reachable]
    # the largest score of a row is taken off before exponents are, so that none overflows
    weight = np.exp(score - score.max(axis=1, keepdims=True))  # (B, B)
    shares: Floats = weight / weight.sum(axis=1, keepdims=True)
    return shares
