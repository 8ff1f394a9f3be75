"""Which tracts a comparison leaves out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LeftOut:
    """Tracts that stay.

    Attributes
    ----------
    kept
        Shape (N,).
    dropped
        Reason → number of tracts left out; a tract counts for the first reason that holds.
    """

    kept: Bools
    dropped: dict[str, int]


def left_out(reasons: Mapping[str, Bools]) -> LeftOut:
    """Leave out the tracts (N,) for which a reason holds."""
    kept = np.ones(len(next(iter(reasons.values()))), dtype=bool)
    dropped = {}
    for reason, holds in reasons.items():
        if count := int((kept & holds).sum()):
            dropped[reason] = count
        kept &= ~holds
    return LeftOut(kept, dropped)
