r"""Where each member's median tract lies, so that a base is against the member's own median.

.. math:: \ell_m = \tilde T_m + \Big(\widetilde{\bar T} - \frac{1}{M} \sum_n \tilde T_n\Big)

A tilde is the median over an area's tracts, a bar the mean over members. Members that agree on
every difference between tracts, and not on the level, then have one base. The median of means is
not the mean of medians: the bracket, one constant of the area, goes to all members alike, so that
it moves no interval, and the mean over members of :math:`T_m - \ell_m` is the estimate's anomaly.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def member_levels(day_c: Array, area: npt.NDArray[np.str_]) -> Array:
    """Find what to take off each member's estimates, (M, B) °C of tracts in areas (B,) → (M, B)."""
    levels = np.empty_like(day_c)
    for name in np.unique(area):
        here = day_c[:, area == name]
        own = np.median(here, axis=1, keepdims=True)  # (M, 1)
        levels[:, area == name] = own + (np.median(here.mean(0)) - own.mean())
    return levels
