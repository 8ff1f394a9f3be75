"""What a study holds of its air: stations, their readings, the weather."""

from typing import Final

import pandera.pandas as pa

from aespa_core.studies.columns import geoid_column, number, text

POLLUTANTS: Final = {
    "no2_ug_m3": number("µg/m³", 0, 2000, meaning="Nitrogen dioxide."),
    "pm25_ug_m3": number("µg/m³", 0, 2000, meaning="Particles below 2.5 µm."),
}
HOUR: Final = pa.Column(
    int,
    pa.Check.ge(0),
    description="Hours since the series began, a Monday 00:00 local time.",
    metadata={"unit": "hour", "low": 0, "high": None},
)

STATIONS: Final = pa.DataFrameSchema(
    {
        "station": text("Station id."),
        "metro": text("Metro id."),
        "geoid": geoid_column("Tract in which it stands."),
        "kind": text("roadside or background.", r"^(roadside|background)$"),
        "longitude": number("°", -180, 180, meaning="Where it stands."),
        "latitude": number("°", -90, 90, meaning="Where it stands."),
        "street_width_m": number("m", 0, 1_000, meaning="Width of the street, roadside only."),
        "street_height_m": number("m", 0, 1_000, meaning="Height of its buildings, roadside only."),
        "side_bearing_deg": number(
            "°", 0, 360, meaning="From the middle of the street to the station, roadside only."
        ),
    },
    unique=["station"],
    name="stations",
)

AIR: Final = pa.DataFrameSchema(
    {"station": text("Station id."), "hour": HOUR, **POLLUTANTS},
    unique=["station", "hour"],
    name="air",
)

WEATHER: Final = pa.DataFrameSchema(
    {
        "metro": text("Metro id."),
        "hour": HOUR,
        "wind_m_s": number("m/s", 0, 100, meaning="Wind speed at 10 m."),
        "wind_from_deg": number("°", 0, 360, meaning="Where the wind comes from."),
        "temperature_c": number("°C", -60, 60, meaning="Air temperature."),
        "humidity_percent": number("%", 0, 100, meaning="Relative humidity."),
        "pressure_hpa": number("hPa", 800, 1100, meaning="Air pressure at sea level."),
    },
    unique=["metro", "hour"],
    name="weather",
)

AIR_TABLES: Final = {"stations": STATIONS, "air": AIR, "weather": WEATHER}
