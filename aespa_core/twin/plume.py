r"""How far the air of a tract reaches: plumes from the ground over the tracts downwind.

.. math::

    \frac{C_i u}{Q_j} = \sqrt{\tfrac{2}{\pi}}\;
        \frac{\Phi\!\left(\frac{y + s/2}{\sigma_y}\right)
              - \Phi\!\left(\frac{y - s/2}{\sigma_y}\right)}{s}\;
        \frac{1}{s} \int_{x - s/2}^{x + s/2} \frac{d\xi}{\sigma_z(\xi)}, \qquad
    \sigma_y = a x^b, \quad \sigma_z = c\, \xi^d

for a receptor x downwind and y across the wind from the middle of tract j, a square of side s that
emits evenly: a Gaussian plume from the ground (Turner 1994, Workbook of Atmospheric Dispersion
Estimates) summed over the source as in the area formula of Gifford & Hanna (1973, Atmos. Environ.
7:131), which it becomes inside a tract and over a uniform city:
:math:`C u / q = \sqrt{2 / \pi}\, X^{1-d} / (c (1 - d))` with distance X to the upwind edge. Plumes
grow with the Brookhaven parameters of Smith (1968), as printed by the European Environment Agency
(TEC11a, annex, table A.1). Under the lid of the mixed layer h, σ_z stays below √(2/π) h, where the
plume fills it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from aespa_core.twin.land_use import Land

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mixing:
    """How fast plumes grow: σ_y = a x^b, σ_z = c x^d in metres, and the lid above them, m."""

    a: float
    b: float
    c: float
    d: float
    lid_m: float


# Table A.1: unstable; estimated Pasquill D. The lids are stated: a summer day's and a night's.
DAY: Final = Mixing(0.36, 0.86, 0.33, 0.86, 1200.0)
NIGHT: Final = Mixing(0.32, 0.75, 0.15, 0.75, 300.0)


def plume_reach(land: Land, wind_from_deg: float, mixing: Mixing) -> Floats:
    """Concentration times wind speed over source strength, 1/m², shape (B, B).

    Parameters
    ----------
    land
        B tracts; each is source (column) and receptor (row).
    wind_from_deg
        Where the wind comes from, degrees clockwise from north.
    mixing
        Growth of plumes.
    """
    bearing = np.radians(wind_from_deg)
    east, north = land.x_m[:, None] - land.x_m, land.y_m[:, None] - land.y_m  # (B, B)
    along = -(east * np.sin(bearing) + north * np.cos(bearing))
    across = east * np.cos(bearing) - north * np.sin(bearing)
    side = land.side_m
    # within a tract what lies upwind of its middle is a quarter of the side away
    sigma_y = mixing.a * np.maximum(along, side / 4) ** mixing.b
    density = ndtr((across + side / 2) / sigma_y) - ndtr((across - side / 2) / sigma_y)
    return np.sqrt(2 / np.pi) * density / side * inverse_depth(along, side, mixing)


def inverse_depth(along_m: Floats, side_m: Floats, mixing: Mixing) -> Floats:
    """Mean of 1/σ_z over the source, 1/m; what of it lies downwind counts 0."""
    near, far = np.maximum(along_m - side_m / 2, 0.0), np.maximum(along_m + side_m / 2, 0.0)
    rest = 1.0 - mixing.d
    free = (far**rest - near**rest) / (mixing.c * rest * side_m)
    filled = (far - near) / side_m / (np.sqrt(2 / np.pi) * mixing.lid_m)
    return np.maximum(free, filled)
