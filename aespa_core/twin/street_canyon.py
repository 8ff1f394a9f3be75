r"""What a street's own traffic adds at its kerb: the Operational Street Pollution Model.

.. math::

    C_{dir} = \sqrt{\tfrac{2}{\pi}} \frac{Q}{W \sigma_w}
              \ln \frac{h_0 + \sigma_w d / u_b}{h_0}, \qquad
    C_{rec} = \frac{Q}{W} \frac{d_1 \sin\varphi}{\sigma_{wt} d_2 + u_s d_3}

Hertel & Berkowicz (1989, NERI report A131); Berkowicz (2000, Environ. Monit. Assess. 65:323). A
vortex of length 2 H turns behind the houses on the upwind side. The lee side breathes the direct
plume of the traffic inside the vortex and the air that recirculates; the windward side breathes the
recirculating air and the plume of the traffic outside the vortex. Left out against the full model:
the plume's escape through the roof on long paths, crossings, and wandering of the wind direction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MIXED_HEIGHT_M: Final = 2.0
ROUGHNESS_M: Final = 0.6
TURBULENCE: Final = 0.1
ROOF_OVER_MAST: Final = 0.82
TRAFFIC_TURBULENCE: Final = 0.3
CAR_AREA_M2: Final = 2.0
# Stated: distance to the next crossing, and the narrowest street that cars use both ways.
STREET_LENGTH_M: Final = 100.0
NARROWEST_M: Final = 5.0
# A wind exactly along or across a street has no finite path over it.
LEAST_SINE: Final = 1e-6


@dataclass(frozen=True)
class Street:
    """Streets at S kerbs, each of shape (S,).

    Attributes
    ----------
    width_m
        From house to house; taken as at least :data:`NARROWEST_M`.
    height_m
        Of the houses, 0 where there are none.
    side_bearing_deg
        From the middle of the street to the kerb in question, degrees clockwise from north.
    """

    width_m: Floats
    height_m: Floats
    side_bearing_deg: Floats


def traffic_turbulence(vehicles_h: Floats, speed_km_h: float, width_m: Floats) -> Floats:
    """Turbulence that vehicles make, m/s: 0.3 √(N V S² / W) with car area S² = 2 m²."""
    a_second, m_s = vehicles_h / 3600.0, speed_km_h / 3.6
    turbulence: Floats = TRAFFIC_TURBULENCE * np.sqrt(a_second * m_s * CAR_AREA_M2 / width_m)
    return turbulence


def street_increment(
    street: Street, wind_m_s: Floats, wind_from_deg: Floats, vehicles_h: Floats, speed_km_h: float
) -> Floats:
    """Concentration at the kerb over emission of the street, s/m², shape (T, S).

    Times an emission in µg a metre and second it is what the street adds, µg/m³.

    Parameters
    ----------
    street
        S streets.
    wind_m_s, wind_from_deg
        At 10 m, and degrees clockwise from north, shape (T,).
    vehicles_h
        Vehicles on the street, 1/h, shape (T,).
    speed_km_h
        Their speed.
    """
    width, height = np.maximum(street.width_m, NARROWEST_M), street.height_m  # (S,)
    roof_wind = ROOF_OVER_MAST * wind_m_s[:, None]  # (T, 1)
    facing = np.cos(np.radians(wind_from_deg[:, None] - street.side_bearing_deg))  # (T, S)
    sine = np.maximum(np.abs(facing), LEAST_SINE)
    cosine = np.maximum(np.sqrt(np.maximum(1 - sine**2, 0.0)), LEAST_SINE)
    cars = traffic_turbulence(vehicles_h[:, None], speed_km_h, width)  # (T, S)

    top = np.maximum(height, MIXED_HEIGHT_M)
    slowed = np.log(MIXED_HEIGHT_M / ROUGHNESS_M) / np.log(top / ROUGHNESS_M)
    ground_wind = slowed * roof_wind * (1 - 0.2 * (height / top) * sine**2)
    lift = np.hypot(TURBULENCE * ground_wind, cars)
    escape = np.sqrt((TURBULENCE * roof_wind) ** 2 + 0.4 * cars**2)

    vigour = np.minimum(np.sqrt(roof_wind / 2), 1.0)
    vortex = 2 * height * vigour  # (T, S)
    crossing = width / sine
    path = np.minimum(crossing, STREET_LENGTH_M / cosine)

    def plume(metres: Floats) -> Floats:
        """Direct plume of so many metres of traffic upwind, s/m²."""
        risen = np.log1p(lift * metres / (ground_wind * MIXED_HEIGHT_M))
        direct: Floats = np.sqrt(2 / np.pi) / (width * lift) * risen
        return direct

    inside = plume(np.minimum(path, vortex))
    # traffic beyond the vortex reaches the lee side only when the wind blows along the street
    aligned = np.maximum(np.cos(2 * vigour * np.arcsin(np.minimum(sine, 1.0))), 0.0)
    beyond = aligned * np.maximum(plume(path) - inside, 0.0)
    outside = plume(np.clip(crossing - vortex, 0.0, path))
    direct = np.where(facing > 0, inside + beyond, outside)

    filled = np.minimum(crossing, vortex)
    lid = np.minimum(crossing, vortex / 2)
    edge = np.hypot(height, vortex / 2)
    shelter = 2 * (vortex - filled) / np.where(vortex > 0, vortex, 1.0)
    open_edge = edge * (1 - np.minimum(shelter, 1.0))
    ground_mix = np.hypot(ground_wind, cars)
    leaving = (open_edge * ground_mix + edge * roof_wind) / np.where(edge > 0, open_edge + edge, 1)
    exchange = escape * lid + leaving * open_edge
    turning = filled * sine / (width * np.where(exchange > 0, exchange, 1.0))
    return direct + turning
