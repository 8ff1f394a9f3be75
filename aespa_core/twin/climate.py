"""Where the simulated metros lie, and their July.

Temperatures and winds are July normals 1991–2020 of the named station: NOAA National Centers for
Environmental Information, U.S. Climate Normals (Palecki et al. 2021, doi:10.25921/9a2w-dz90), to a
few tenths of a degree and of a mile an hour; they have not been compared with the service's files.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Climate:
    """Climate of one metro.

    Attributes
    ----------
    metro
        Metro id.
    latitude_deg
        Latitude of the station, degrees north.
    july_max_c, july_min_c
        Mean daily maximum and minimum of air temperature, °C.
    wind_m_s
        Mean wind speed at 10 m, m/s.
    july_rain_mm
        Mean precipitation of July, mm.
    shore
        What the metro lies at: ``sea``, ``lake``, ``river`` or ``none``.
    """

    metro: str
    latitude_deg: float
    july_max_c: float
    july_min_c: float
    wind_m_s: float
    july_rain_mm: float
    shore: str


def celsius(fahrenheit: float) -> float:
    """Turn °F into °C."""
    return (fahrenheit - 32.0) / 1.8


def metres_a_second(miles_an_hour: float) -> float:
    """Turn mph into m/s."""
    return miles_an_hour * 0.44704


def millimetres(inches: float) -> float:
    """Turn inches into mm."""
    return inches * 25.4


CLIMATES: Final = {
    climate.metro: climate
    for climate in (
        Climate(
            "boston",
            42.36,
            celsius(82.0),
            celsius(66.4),
            metres_a_second(10.8),
            millimetres(3.27),
            "sea",
        ),
        Climate(
            "dallas",
            32.90,
            celsius(95.6),
            celsius(75.7),
            metres_a_second(9.8),
            millimetres(2.20),
            "lake",
        ),
        Climate(
            "miami",
            25.79,
            celsius(90.6),
            celsius(77.8),
            metres_a_second(7.6),
            millimetres(7.36),
            "sea",
        ),
        Climate(
            "minneapolis",
            44.88,
            celsius(83.4),
            celsius(64.5),
            metres_a_second(9.0),
            millimetres(4.06),
            "river",
        ),
        Climate(
            "pittsburgh",
            40.48,
            celsius(83.0),
            celsius(63.4),
            metres_a_second(7.0),
            millimetres(4.36),
            "river",
        ),
        Climate(
            "seattle",
            47.44,
            celsius(77.4),
            celsius(57.7),
            metres_a_second(7.7),
            millimetres(0.60),
            "sea",
        ),
        Climate(
            "st_louis",
            38.75,
            celsius(89.6),
            celsius(71.4),
            metres_a_second(7.9),
            millimetres(3.93),
            "river",
        ),
        Climate(
            "washington",
            38.87,
            celsius(89.6),
            celsius(72.8),
            metres_a_second(8.1),
            millimetres(4.33),
            "river",
        ),
    )
}
