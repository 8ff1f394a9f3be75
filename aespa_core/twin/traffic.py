"""Traffic of a simulated metro: how much, when, and what one road emits."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.week_curve import HOURS_OF_DAY, Bump, WeekCurve

Floats = npt.NDArray[np.float64]

SECONDS_OF_HOUR: Final = 3600.0
UG_OF_G: Final = 1e6
M_OF_KM: Final = 1000.0
USUAL_WIDTH_M: Final = 10.0


@dataclass(frozen=True)
class TrafficLaw:
    """Stated law of traffic: round numbers of the size of US city traffic about 2020.

    Attributes
    ----------
    vehicles_day
        Vehicles on a street of :data:`USUAL_WIDTH_M` on a mean weekday; wider streets carry more in
        proportion.
    busy_vehicles_day
        Vehicles on the road of a roadside station on a mean weekday.
    speed_km_h
        Speed on that road.
    curve
        When, relative to a mean weekday.
    """

    vehicles_day: float = 6_000.0
    busy_vehicles_day: float = 25_000.0
    speed_km_h: float = 40.0
    curve: WeekCurve = field(
        default=WeekCurve(
            weekday=(Bump(8.0, 1.3, 0.25), Bump(13.0, 3.5, 0.45), Bump(17.0, 1.6, 0.30)),
            weekend=(Bump(14.0, 4.0, 0.9), Bump(21.0, 2.0, 0.1)),
            monday_to_friday=1.0,
            saturday=0.85,
            sunday=0.70,
        )
    )

    def __post_init__(self) -> None:
        """Refuse negative traffic."""
        if min(self.vehicles_day, self.busy_vehicles_day) < 0 or self.speed_km_h <= 0:
            raise ValueError("TrafficLaw: vehicles must be at least 0 and their speed above 0.")


def traffic_pulse(law: TrafficLaw, hours: int) -> Floats:
    """Traffic of each hour over that of a mean weekday's mean hour, shape (T,).

    Hour 0 is a Monday 00:00.
    """
    return HOURS_OF_DAY * np.resize(law.curve.hours(), hours)


def road_source_ug_m_s(vehicles_day: float, g_km: float) -> float:
    """Emission of one road in a mean weekday hour, µg a metre and second."""
    return vehicles_day / HOURS_OF_DAY / SECONDS_OF_HOUR * g_km * UG_OF_G / M_OF_KM
