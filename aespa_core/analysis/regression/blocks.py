"""Spatial blocks: neighbours together, so that errors of two blocks hardly know each other."""

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.regression.least_squares import Floats


def spatial_blocks(
    xy_m: Floats, region: npt.NDArray[np.str_], blocks: int
) -> npt.NDArray[np.int64]:
    """Cut each region into blocks of equally many places.

    A region is halved across its longer side, then each half, until it has its blocks.

    Parameters
    ----------
    xy_m
        Places, metres, shape (N, 2).
    region
        Blocks never reach from one into another, shape (N,).
    blocks
        Of each region; fewer where it has not as many places.

    Returns
    -------
    numpy.ndarray
        Number of each place's block, shape (N,).
    """
    found = np.zeros(len(xy_m), dtype=np.int64)
    first = 0
    for name in np.unique(region):
        rows = np.flatnonzero(region == name)
        first = cut(xy_m, rows, min(blocks, len(rows)), first, found)
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
