r"""Where the sun stands and how much of it arrives under a clear sky.

.. math:: \sin h = \sin\varphi \sin\delta + \cos\varphi \cos\delta \cos\omega

with latitude φ, declination δ (Spencer 1971, Search 2:172) and hour angle ω; global radiation by
Haurwitz (1945, J. Meteor. 2:154), its diffuse part by Erbs et al. (1982, Solar Energy 28:293).
"""

import math
from dataclasses import dataclass
from typing import Final

JULY_15: Final = 196
# Landsat crosses mid-latitudes near half past ten, local solar time.
OVERPASS_HOUR: Final = 10.5
SOLAR_CONSTANT_W_M2: Final = 1361.0


@dataclass(frozen=True)
class Sun:
    """Sun at one moment.

    Attributes
    ----------
    elevation_deg, azimuth_deg
        Above the horizon; clockwise from north.
    direct_w_m2, diffuse_w_m2
        On level ground under a clear sky.
    """

    elevation_deg: float
    azimuth_deg: float
    direct_w_m2: float
    diffuse_w_m2: float


def declination_rad(day: int) -> float:
    """Declination of the sun on a day of the year, radians (Spencer 1971)."""
    g = 2 * math.pi * (day - 1) / 365
    return (
        0.006918 - 0.399912 * math.cos(g) + 0.070257 * math.sin(g) - 0.006758 * math.cos(2 * g)
        + 0.000907 * math.sin(2 * g) - 0.002697 * math.cos(3 * g) + 0.001480 * math.sin(3 * g)
    )  # fmt: skip


def sun_at(latitude_deg: float, hour: float = OVERPASS_HOUR, day: int = JULY_15) -> Sun:
    """Place the sun.

    Parameters
    ----------
    latitude_deg
        Degrees north.
    hour
        Local solar time, hours.
    day
        Day of the year.
    """
    phi, delta = math.radians(latitude_deg), declination_rad(day)
    omega = math.radians(15.0 * (hour - 12.0))
    sine = math.sin(phi) * math.sin(delta) + math.cos(phi) * math.cos(delta) * math.cos(omega)
    elevation = math.asin(sine)
    south = math.atan2(
        math.sin(omega), math.cos(omega) * math.sin(phi) - math.tan(delta) * math.cos(phi)
    )
    azimuth = (math.degrees(south) + 180.0) % 360.0
    if sine <= 0.0:
        return Sun(math.degrees(elevation), azimuth, 0.0, 0.0)
    above = SOLAR_CONSTANT_W_M2 * (1 + 0.033 * math.cos(2 * math.pi * day / 365)) * sine
    total = 1098.0 * sine * math.exp(-0.059 / sine)
    diffuse = total * diffuse_share(total / above)
    return Sun(math.degrees(elevation), azimuth, total - diffuse, diffuse)


def diffuse_share(clearness: float) -> float:
    """Diffuse over global radiation from the clearness index (Erbs et al. 1982)."""
    if clearness <= 0.22:
        return 1.0 - 0.09 * clearness
    if clearness <= 0.80:
        k = clearness
        return 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return 0.165
