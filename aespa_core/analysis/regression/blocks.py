"""Spatial blocks: neighbours together, so that errors of two blocks hardly know each other.

Few and wide ones: what is correlated across a border of two blocks is taken for independent, and
with Satterthwaite's freedom few blocks cost width, not coverage (Bester, Conley & Hansen 2011,
J. Econometrics 165:137).
"""

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.regression.least_squares import Floats

LEAST_BLOCKS = 6


def blocks_for(places: int) -> int:
    """Choose how many blocks: ``1.5 N^(1/3)``, and not fewer than six.

    The cube root balances what crosses borders against the noise of few blocks (Künsch 1989,
    Annals of Statistics 17:1217). The factor was chosen on 900 simulated worlds that
    ``aespa bench disparity`` does not count.
    """
    return max(LEAST_BLOCKS, round(1.5 * places ** (1 / 3)))


def spatial_blocks(
    xy_m: Floats, region: npt.NDArray[np.str_], blocks: int
) -> npt.NDArray[np.int64]:
    """Cut places into blocks, each region into its share of them by its number of places.

    A region is halved across its longer side, then each half, until it has its blocks.

    Parameters
    ----------
    xy_m
        Places, metres, shape (N, 2).
    region
        Blocks never reach from one into another, shape (N,).
    blocks
        Of all regions together, about: a region has one at least, and no more than places.

    Returns
    -------
    numpy.ndarray
        Number of each place's block, shape (N,).
    """
    found = np.zeros(len(xy_m), dtype=np.int64)
    first = 0
    for name in np.unique(region):
        rows = np.flatnonzero(region == name)
        own = min(max(1, round(blocks * len(rows) / len(xy_m))), len(rows))
        first = cut(xy_m, rows, own, first, found)
    return found


def cut(
    xy_m: Floats, rows: npt.NDArray[np.int64], blocks: int, first: int, found: npt.NDArray[np.int64]
) -> int:
    """Write numbers from ``first`` on into ``found``; return the next free one."""
    if blocks == 1:
        found[rows] = first
        return first + 1
    side = int(np.ptp(xy_m[rows], axis=0).argmax())
    ordered = rows[np.lexsort((xy_m[rows, 1 - side], xy_m[rows, side]))]
    half = blocks // 2
    at = round(len(rows) * half / blocks)
    first = cut(xy_m, ordered[:at], half, first, found)
    return cut(xy_m, ordered[at:], blocks - half, first, found)
