r"""The air over a simulated metro at one moment of a clear July day.

Air temperature swings between the July minimum before sunrise and the maximum at three in the
afternoon; dew point is the daily minimum (Kimball et al. 1997, Agric. For. Meteor. 85:87), which
holds in humid climates such as these; long-wave radiation of a clear sky by Brutsaert (1975, Water
Resour. Res. 11:742).
"""

import math
from dataclasses import dataclass
from typing import Final, TypeVar, cast

import numpy as np
import numpy.typing as npt

from aespa_core.twin.climate import Climate
from aespa_core.twin.sun import JULY_15, OVERPASS_HOUR, Sun, declination_rad, sun_at

# an array keeps its precision
Floating = TypeVar("Floating", npt.NDArray[np.float32], npt.NDArray[np.float64], np.float64)

ZERO_C_K: Final = 273.15
WARMEST_HOUR: Final = 15.0
NIGHT_HOUR: Final = 22.5
# What a soil still holds from spring in a July without rain.
STORED_MOISTURE: Final = 0.2
STEFAN_BOLTZMANN: Final = 5.670374e-8


@dataclass(frozen=True)
class Weather:
    """Air and sky at one moment.

    Attributes
    ----------
    sun
        Where it stands and what arrives, W/m².
    direct_rise, diffuse_rise
        Change of direct and diffuse radiation, W/m² an hour.
    air_k, mean_air_k
        Air temperature now and over the day, K.
    vapour_hpa
        Vapour pressure, hPa.
    wind_m_s
        Wind at 10 m, m/s.
    longwave_w_m2
        From the whole sky, W/m².
    """

    sun: Sun
    direct_rise: float
    diffuse_rise: float
    air_k: float
    mean_air_k: float
    vapour_hpa: float
    wind_m_s: float
    longwave_w_m2: float


def vapour_pressure_hpa(kelvin: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Saturation over water at a temperature in K, hPa, in single precision."""
    return saturation_hpa(kelvin - np.float32(ZERO_C_K))


def saturation_hpa(celsius: Floating) -> Floating:
    """Saturation over water: 6.1078 exp(17.27 t / (t + 237.3)), t in °C (Tetens 1930)."""
    return cast(Floating, 6.1078 * np.exp(17.27 * celsius / (celsius + 237.3)))


def weather_at(climate: Climate, hour: float = OVERPASS_HOUR) -> Weather:
    """Take a clear July day at one hour of local solar time."""
    swing = math.cos(2 * math.pi * (hour - WARMEST_HOUR) / 24)
    middle = (climate.july_max_c + climate.july_min_c) / 2
    air_k = middle + swing * (climate.july_max_c - climate.july_min_c) / 2 + ZERO_C_K
    vapour = float(saturation_hpa(np.float64(climate.july_min_c)))
    before, sun, after = (sun_at(climate.latitude_deg, hour + d) for d in (-0.5, 0.0, 0.5))
    return Weather(
        sun=sun,
        direct_rise=after.direct_w_m2 - before.direct_w_m2,
        diffuse_rise=after.diffuse_w_m2 - before.diffuse_w_m2,
        air_k=air_k,
        mean_air_k=middle + ZERO_C_K,
        vapour_hpa=vapour,
        wind_m_s=climate.wind_m_s,
        longwave_w_m2=1.24 * (vapour / air_k) ** (1 / 7) * STEFAN_BOLTZMANN * air_k**4,
    )


def soil_moisture(climate: Climate) -> float:
    r"""Water that plants find in July: what spring left, and rain over what the air could take.

    .. math:: m = m_0 + (1 - m_0) \min(1, P / E_0), \quad
       E_0 = 0.0023\,R_a\,(\bar T + 17.8)\sqrt{T_{max} - T_{min}}

    (Hargreaves & Samani 1985, Appl. Eng. Agric. 1:96), R_a above the air, mm a day of evaporation.
    """
    phi, delta = math.radians(climate.latitude_deg), declination_rad(JULY_15)
    sunset = math.acos(-math.tan(phi) * math.tan(delta))
    distance = 1 + 0.033 * math.cos(2 * math.pi * JULY_15 / 365)
    daily_mj = (24 * 60 / math.pi) * 0.0820 * distance * (
        sunset * math.sin(phi) * math.sin(delta)
        + math.cos(phi) * math.cos(delta) * math.sin(sunset)
    )  # fmt: skip
    mean, swing = (
        (climate.july_max_c + climate.july_min_c) / 2,
        climate.july_max_c - climate.july_min_c,
    )
    evaporation_mm = 31 * 0.0023 * daily_mj * 0.408 * (mean + 17.8) * math.sqrt(swing)
    fresh = min(1.0, climate.july_rain_mm / evaporation_mm)
    return STORED_MOISTURE + (1.0 - STORED_MOISTURE) * fresh
