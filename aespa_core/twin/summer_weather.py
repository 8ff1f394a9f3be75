r"""Weather of some weeks of July over a simulated metro, hour by hour.

.. math:: x_{t+1} = \rho x_t + \sqrt{1 - \rho^2}\, \sigma \varepsilon_t, \qquad \rho = e^{-1/\tau}

Each slow part is such a first-order autoregression with standard deviation σ and memory τ. Air
temperature swings about the July normals with its warmest hour at 15 h; wind is a prevailing vector
plus two slow components, stronger in the afternoon, scaled to the July normal; humidity follows
from a dew point near the daily minimum (Kimball et al. 1997, Agric. For. Meteor. 85:87) by the
vapour pressure of Tetens (1930).
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.studies.tables import HOURS_OF_WEEK
from aespa_core.twin.chance import stream
from aespa_core.twin.climate import Climate
from aespa_core.twin.weather import WARMEST_HOUR, saturation_hpa
from aespa_core.twin.week_curve import HOURS_OF_DAY

Floats = npt.NDArray[np.float64]

# Plumes need some wind; below this instruments report calm.
LEAST_WIND_M_S: Final = 1.0
# Weather stations report direction in tens of degrees (Guide to Instruments, WMO-No. 8, chapter 5).
DIRECTION_STEP_DEG: Final = 10.0


@dataclass(frozen=True)
class WeatherLaw:
    """Stated law of the weather.

    Attributes
    ----------
    prevailing_from_deg
        Where the wind mostly comes from, degrees clockwise from north.
    steadiness
        Length of the mean wind vector over that of its scatter in one direction.
    wind_memory_h
        Memory of the wind, hours.
    afternoon_wind
        Amplitude of the wind's daily swing, share of its mean.
    warm_spell_c, warm_spell_memory_h
        Scatter of temperature from day to day, °C, and its memory, hours.
    dew_point_c, dew_point_memory_h
        Scatter of the dew point, °C, and its memory, hours.
    pressure_hpa, pressure_spread_hpa, pressure_memory_h
        Mean pressure at sea level, its scatter, hPa, and its memory, hours.
    """

    prevailing_from_deg: float = 230.0
    steadiness: float = 1.0
    wind_memory_h: float = 12.0
    afternoon_wind: float = 0.3
    warm_spell_c: float = 2.5
    warm_spell_memory_h: float = 60.0
    dew_point_c: float = 2.0
    dew_point_memory_h: float = 36.0
    pressure_hpa: float = 1015.0
    pressure_spread_hpa: float = 4.0
    pressure_memory_h: float = 48.0


def draw_weather(
    climate: Climate, weeks: int, seed: int, law: WeatherLaw | None = None
) -> pd.DataFrame:
    """Draw the weather of ``weeks`` weeks, hour 0 is a Monday 00:00.

    Returns
    -------
    pandas.DataFrame
        ``hour``, ``wind_m_s`` (at 10 m), ``wind_from_deg`` (0–350, clockwise from north),
        ``temperature_c``, ``humidity_percent``, ``pressure_hpa`` (at sea level).
    """
    law = law or WeatherLaw()
    rng = stream(seed, "weather")
    hour = np.arange(weeks * HOURS_OF_WEEK)
    swing = np.cos(2 * np.pi * (hour % HOURS_OF_DAY + 0.5 - WARMEST_HOUR) / HOURS_OF_DAY)
    prevailing = np.radians(law.prevailing_from_deg)
    # components of where the wind comes from
    east = slow_series(len(hour), 1.0, law.wind_memory_h, rng)
    east += law.steadiness * np.sin(prevailing)
    north = slow_series(len(hour), 1.0, law.wind_memory_h, rng)
    north += law.steadiness * np.cos(prevailing)
    speed = np.hypot(east, north) * (1 + law.afternoon_wind * swing)
    speed *= climate.wind_m_s / speed.mean()
    toward = np.degrees(np.arctan2(east, north)) / DIRECTION_STEP_DEG
    middle = (climate.july_max_c + climate.july_min_c) / 2
    air_c = middle + swing * (climate.july_max_c - climate.july_min_c) / 2
    air_c += slow_series(len(hour), law.warm_spell_c, law.warm_spell_memory_h, rng)
    dew_c = climate.july_min_c + slow_series(
        len(hour), law.dew_point_c, law.dew_point_memory_h, rng
    )
    dew_c = np.minimum(dew_c, air_c)
    pressure = slow_series(len(hour), law.pressure_spread_hpa, law.pressure_memory_h, rng)
    return pd.DataFrame(
        {
            "hour": hour,
            "wind_m_s": np.round(np.maximum(speed, LEAST_WIND_M_S), 2),
            "wind_from_deg": np.round(toward) * DIRECTION_STEP_DEG % 360.0,
            "temperature_c": np.round(air_c, 2),
            "humidity_percent": np.round(100 * saturation_hpa(dew_c) / saturation_hpa(air_c), 1),
            "pressure_hpa": np.round(law.pressure_hpa + pressure, 2),
        }
    )


def slow_series(hours: int, sd: float, memory_h: float, rng: np.random.Generator) -> Floats:
    """Draw a stationary first-order autoregression, mean 0, shape (T,)."""
    rho = np.exp(-1.0 / memory_h)
    shocks = rng.standard_normal(hours)
    # the first value already has the full variance
    shocks[1:] *= np.sqrt(1.0 - rho**2)
    # scipy.signal would filter in one call, and take two seconds to import in every process
    return sd * np.fromiter(accumulate(shocks, lambda last, shock: rho * last + shock), float)
