r"""NO₂ and PM2.5 over a simulated metro, with the truth beside the readings.

.. math::

    C_i(t) = B(t) + S(t) + a \sum_j R_{ij}(t) Q_j, \qquad
    C_s(t) = C_{i(s)}(t) + f\, q\, D_s(t)

over tract i: background B from outside, what forms in warm air S, and what plumes bring from the
emission Q of all tracts (R, :mod:`aespa_core.twin.dispersion`), a share a of it the pollutant. A
roadside station s adds what its own street emits, q, by the canyon model D, with a share f.
Background and secondary part are the same everywhere, so places differ by roads, work, wind and
streets alone.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.twin.air_law import AirLaw, Pollutant
from aespa_core.twin.chance import stream
from aespa_core.twin.climate import Climate
from aespa_core.twin.dispersion import kerb_increment, urban_reach
from aespa_core.twin.land_use import Land
from aespa_core.twin.stations import place_stations
from aespa_core.twin.summer_weather import draw_weather, slow_series
from aespa_core.twin.week_curve import HOURS_OF_DAY

Floats = npt.NDArray[np.float64]

# Digits of µg/m³ that are kept: a last bit of linear algebra shall not change a file.
DIGITS: Final = 3


@dataclass(frozen=True)
class Air:
    """Air of one metro over T hours; hour 0 is a Monday 00:00.

    Attributes
    ----------
    stations
        One row a station (:func:`aespa_core.twin.stations.place_stations`).
    hours
        Readings: ``station``, ``hour``, ``no2_ug_m3``, ``pm25_ug_m3``; T rows a station.
    weather
        One row an hour (:func:`aespa_core.twin.summer_weather.draw_weather`).
    truth
        True mean over the T hours: ``geoid``, ``no2_ug_m3``, ``pm25_ug_m3``; one row a tract.
    truth_hours
        True field: ``geoid``, ``hour``, ``no2_ug_m3``, ``pm25_ug_m3``; T rows a tract.
    station_truth
        As ``hours``, without any error of the instruments.
    """

    stations: pd.DataFrame
    hours: pd.DataFrame
    weather: pd.DataFrame
    truth: pd.DataFrame
    truth_hours: pd.DataFrame
    station_truth: pd.DataFrame


def draw_air(land: Land, climate: Climate, seed: int, law: AirLaw | None = None) -> Air:
    """Draw weather, stations and air of one metro.

    Parameters
    ----------
    land
        B tracts.
    climate
        Latitude and July normals of the metro.
    seed
        Of the metro.
    law
        Stated law.
    """
    law = law or AirLaw()
    weather = draw_weather(climate, law.weeks, seed)
    stations = place_stations(land, law.stations, law.roadside_share, seed)
    tract = pd.Index(land.geoid).get_indexer(stations["geoid"])
    reach = urban_reach(land, weather, climate.latitude_deg, law)
    kerb = kerb_increment(stations, weather, law)  # (T, S)
    field, true, read = {}, {}, {}
    for name, pollutant in (("no2", law.no2), ("pm25", law.pm25)):
        # the background comes first, so that a reading's noise never changes it
        rng = stream(seed, f"air {name}")
        column = f"{name}_ug_m3"
        plumes = reach.road * pollutant.vehicle_g_km + reach.work * pollutant.work_g_m2_day
        level = background(pollutant, weather, rng)[:, None]
        field[column] = level + pollutant.aged_share * plumes  # (T, B)
        street = pollutant.fresh_share * pollutant.vehicle_g_km * kerb
        true[column] = field[column][:, tract] + street  # (T, S)
        read[column] = readings(true[column], pollutant, rng)
    return Air(
        stations=stations,
        hours=series_table("station", stations["station"].to_numpy(), read),
        weather=weather,
        truth=pd.DataFrame(
            {
                "geoid": pd.Series(land.geoid, dtype="str"),
                **{name: np.round(values.mean(axis=0), DIGITS) for name, values in field.items()},
            }
        ),
        truth_hours=series_table("geoid", land.geoid, field),
        station_truth=series_table("station", stations["station"].to_numpy(), true),
    )


def background(pollutant: Pollutant, weather: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Level from outside the metro and from warm air, µg/m³, shape (T,)."""
    spread = pollutant.background_spread
    swing = slow_series(len(weather), spread, pollutant.background_memory_h, rng)
    # a log-normal's mean is above its median: taken off, so that the stated mean is the mean
    outside = pollutant.background_ug_m3 * np.exp(swing - spread**2 / 2)
    by_day = weather["temperature_c"].groupby(weather["hour"] // HOURS_OF_DAY)
    warmth = by_day.transform("mean").to_numpy() - weather["temperature_c"].mean()
    formed: Floats = outside + pollutant.secondary_ug_m3 * np.exp(
        pollutant.secondary_per_c * warmth
    )
    return formed


def readings(true: Floats, pollutant: Pollutant, rng: np.random.Generator) -> Floats:
    """Add a lasting factor a station and a factor an hour to the truth, µg/m³, shape (T, S)."""
    drift = np.exp(pollutant.drift * rng.standard_normal(true.shape[1]))
    return true * drift * np.exp(pollutant.noise * rng.standard_normal(true.shape))


def series_table(key: str, names: npt.NDArray[np.str_], series: dict[str, Floats]) -> pd.DataFrame:
    """Lay series of shape (T, S) out as one row a place and hour, places first."""
    hours = len(next(iter(series.values())))
    return pd.DataFrame(
        {
            key: pd.Series(np.repeat(names, hours), dtype="str"),
            "hour": np.tile(np.arange(hours), len(names)),
            **{name: np.round(values.T.ravel(), DIGITS) for name, values in series.items()},
        }
    )
