"""What the sources of a simulated metro add over its tracts and at its kerbs, hour by hour.

Concentration is source strength over wind times a geometry that is known: plumes over tracts
(:mod:`aespa_core.twin.plume`), canyons at kerbs (:mod:`aespa_core.twin.street_canyon`). All sources
follow the pulse of traffic.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.twin.air_law import AirLaw
from aespa_core.twin.land_use import Land
from aespa_core.twin.plume import DAY, NIGHT, plume_reach
from aespa_core.twin.stations import ROADSIDE
from aespa_core.twin.street_canyon import Street, street_increment
from aespa_core.twin.sun import sun_at
from aespa_core.twin.traffic import (
    SECONDS_OF_HOUR,
    UG_OF_G,
    USUAL_WIDTH_M,
    road_source_ug_m_s,
    traffic_pulse,
)
from aespa_core.twin.week_curve import HOURS_OF_DAY

Floats = npt.NDArray[np.float64]

SECONDS_OF_DAY: Final = HOURS_OF_DAY * SECONDS_OF_HOUR


@dataclass(frozen=True)
class Reach:
    """What the metro adds over each tract, each of shape (T, B).

    Attributes
    ----------
    road
        From all roads, µg/m³ for vehicles that emit 1 g/km.
    work
        From commerce and industry, µg/m³ for 1 g a square metre and day.
    """

    road: Floats
    work: Floats


def urban_reach(land: Land, weather: pd.DataFrame, latitude_deg: float, law: AirLaw) -> Reach:
    """Carry the emission of every tract with the wind to all others.

    Parameters
    ----------
    land
        B tracts.
    weather
        T hours (:func:`aespa_core.twin.summer_weather.draw_weather`).
    latitude_deg
        Tells day, when plumes grow fast, from night.
    law
        Stated law.
    """
    one_road = road_source_ug_m_s(law.traffic.vehicles_day, 1.0)
    sources = np.column_stack(
        [land.road_m2 / USUAL_WIDTH_M * one_road, land.work_m2 * UG_OF_G / SECONDS_OF_DAY]
    )  # (B, 2), µg/s
    hour = weather["hour"].to_numpy() % HOURS_OF_DAY
    sunny = np.array([sun_at(latitude_deg, h + 0.5).elevation_deg > 0 for h in range(HOURS_OF_DAY)])
    light, wind_from = sunny[hour], weather["wind_from_deg"].to_numpy()
    reach = np.zeros((len(weather), land.tracts, 2))  # (T, B, 2)
    for mixing, now in ((DAY, light), (NIGHT, ~light)):
        for direction in np.unique(wind_from[now]):
            here = now & (wind_from == direction)
            reach[here] = plume_reach(land, float(direction), mixing) @ sources
    wind = law.city_wind * weather["wind_m_s"].to_numpy()
    reach *= (traffic_pulse(law.traffic, len(weather)) / wind)[:, None, None]
    return Reach(reach[:, :, 0], reach[:, :, 1])


def kerb_increment(stations: pd.DataFrame, weather: pd.DataFrame, law: AirLaw) -> Floats:
    """Find what its own street adds at each station, µg/m³ for 1 g/km, 0 away from roads, (T, S).

    Parameters
    ----------
    stations
        S stations (:func:`aespa_core.twin.stations.place_stations`).
    weather
        T hours.
    law
        Stated law.
    """
    at_road = (stations["kind"] == ROADSIDE).to_numpy()
    streets = stations[at_road]
    pulse = traffic_pulse(law.traffic, len(weather))
    source = pulse * road_source_ug_m_s(law.traffic.busy_vehicles_day, 1.0)  # (T,), µg/m/s
    increment = np.zeros((len(weather), len(stations)))  # (T, S)
    increment[:, at_road] = source[:, None] * street_increment(
        Street(
            streets["street_width_m"].to_numpy(),
            streets["street_height_m"].to_numpy(),
            streets["side_bearing_deg"].to_numpy(),
        ),
        weather["wind_m_s"].to_numpy(),
        weather["wind_from_deg"].to_numpy(),
        law.traffic.busy_vehicles_day / HOURS_OF_DAY * pulse,
        law.traffic.speed_km_h,
    )
    return increment
