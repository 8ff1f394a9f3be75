"""What each table of a study holds: columns, types, units and valid ranges.

A study of kind *simulated* or *observed* carries :data:`PLACE_TABLES`; one of kind *estimated*
(the atlas: model output only, no source row) carries estimates and the cells to draw them on.

Missing values are allowed exactly where ``nullable`` says so. They mean *not measured*.
Unit and range stand in each column's ``metadata``, so that a fault can be named in its own words.
"""

from typing import Final

import pandera.pandas as pa

from aespa_core.schema import PROXIES
from aespa_core.studies.bounds import (
    MOST_COUNTED,
    MOST_M2,
    MOST_PEOPLE,
    MOST_PIXELS,
    MOST_UNITS_KM2,
    MOST_VISITS_PER_HOUR,
)
from aespa_core.studies.columns import geoid_column, number, text

# Summer surface temperature of a tract: colder or hotter than any on Earth is a unit mistake.
LST_RANGE_C: Final = (-10.0, 60.0)
BRIGHTNESS_RANGE_K: Final = (250.0, 345.0)
HOURS_OF_WEEK: Final = 168


TRACTS: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "metro": text("Metro id, as in links and commands."),
        "urban_area": text(
            "Urbanized area that the temperature source assigns.", nullable=True, required=False
        ),
        "aland_m2": number("m²", 0, MOST_M2, meaning="Land area."),
        "awater_m2": number("m²", 0, MOST_M2, meaning="Water area."),
        "people_lon": number("°", -180, 180, meaning="Where residents live on average, east."),
        "people_lat": number("°", -90, 90, meaning="Where residents live on average, north."),
        "population": number("people", 0, MOST_PEOPLE, meaning="Residents."),
        "white_population": number(
            "people", 0, MOST_PEOPLE, meaning="Residents who are White alone."
        ),
        "white_share": number(
            "share 0–1", 0, 1, meaning="White alone over residents of the same census table."
        ),
        "median_household_income_usd": number(
            "US$ a year", 1, 500_000, meaning="Median household income."
        ),
        "per_capita_income_usd": number("US$ a year", 1, 500_000, meaning="Per-capita income."),
        "poverty_share": number("share 0–1", 0, 1, meaning="Residents below the poverty line."),
        "unemployment_share": number("share 0–1", 0, 1, meaning="Labour force without work."),
        "median_age_years": number("years", 1, 110, meaning="Median age."),
        "under_5_share": number("share 0–1", 0, 1, meaning="Residents younger than 5."),
        "over_64_share": number("share 0–1", 0, 1, meaning="Residents of 65 and more."),
        "no_vehicle_share": number("share 0–1", 0, 1, meaning="Households without a vehicle."),
        "plantable_share": number(
            "share 0–1", 0, 1, meaning="Land that could carry more tree crowns and does not."
        ),
        "poi_count": number("count", 0, MOST_COUNTED, meaning="OpenStreetMap points of interest."),
        "housing_units": number("units", 0, MOST_COUNTED, meaning="Housing units."),
        "housing_density_km2": number(
            "units/km²", 0, MOST_UNITS_KM2, meaning="Housing units per land area."
        ),
    },
    unique=["geoid"],
    name="tracts",
)

TEMPERATURE: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "lst_day_c": number("°C", *LST_RANGE_C, meaning="Summer daytime surface temperature."),
        "lst_night_c": number("°C", *LST_RANGE_C, meaning="Summer night surface temperature."),
        "brightness_day_k": number(
            "K", *BRIGHTNESS_RANGE_K, meaning="Top-of-atmosphere brightness temperature, one scene."
        ),
        "brightness_scene": text(
            "Satellite scene of the brightness temperature; differences hold within one scene.",
            nullable=True,
            required=False,
        ),
        "lst_2016_c": number(
            "°C", *LST_RANGE_C, meaning="Independent surface temperature of one summer day, 2016."
        ),
        "lst_2022_c": number(
            "°C", *LST_RANGE_C, meaning="Independent surface temperature of one summer day, 2022."
        ),
        "source": text("Where the row comes from."),
        "n_pixels": number("count", 0, MOST_PIXELS, meaning="Pixels or blocks averaged."),
    },
    unique=["geoid"],
    name="temperature",
)

PROXY_TABLE: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        **{
            proxy.id: number(
                "index" if proxy.low < 0 else "share 0–1",
                proxy.low,
                proxy.high,
                meaning=proxy.meaning,
            )
            for proxy in PROXIES
        },
        "source": text("Where the row comes from."),
        "n_images": number("count", 0, MOST_COUNTED, meaning="Street photos behind the row."),
    },
    unique=["geoid"],
    name="proxies",
)

MOBILITY: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "hour_of_week": pa.Column(
            int,
            pa.Check.in_range(0, HOURS_OF_WEEK - 1),
            description="0 is Monday 00:00 local time.",
            metadata={"unit": "hour", "low": 0, "high": HOURS_OF_WEEK - 1},
        ),
        "visits": number(
            "visits/h", 0, MOST_VISITS_PER_HOUR, meaning="Visits to places in the tract."
        ),
        "outbound": number(
            "visits/h",
            0,
            MOST_VISITS_PER_HOUR,
            meaning="Visits elsewhere by the tract's residents.",
        ),
        "stay": number(
            "visits/h", 0, MOST_VISITS_PER_HOUR, meaning="Visits in the tract by its own residents."
        ),
    },
    unique=["geoid", "hour_of_week"],
    name="mobility",
)

FLOWS: Final = pa.DataFrameSchema(
    {
        "origin": geoid_column("Home tract."),
        "destination": geoid_column("Work tract."),
        "commuters": number(
            "people", 0, MOST_PEOPLE, meaning="Jobs held by residents.", nullable=False
        ),
    },
    unique=["origin", "destination"],
    name="flows",
)

ESTIMATES: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "metro": text("Metro id."),
        "anomaly_c": number(
            "°C", -30, 30, nullable=False, required=True,
            meaning="Estimated daytime LST minus the metro's median estimate.",
        ),
        "low90_c": number(
            "°C", -60, 60, nullable=False, required=True,
            meaning="Lower end of the 90 % interval of the difference.",
        ),
        "high90_c": number(
            "°C", -60, 60, nullable=False, required=True,
            meaning="Upper end of the 90 % interval of the difference.",
        ),
        "base_c": number(
            "°C", -60, 60, nullable=False, required=True,
            meaning="Part of the difference that no proxy explains.",
        ),
        **{
            f"contribution_{proxy.id}_c": number(
                "°C", -60, 60, meaning=f"Part of the difference credited to {proxy.label.lower()}."
            )
            for proxy in PROXIES
        },
        "lst_day_c": number(
            "°C", *LST_RANGE_C,
            meaning="Estimated absolute LST, only where its level is known: by labels or weather.",
        ),
        "measured": text("Proxies measured for this tract, joined by '+', or 'none'."),
        "extrapolated": pa.Column(
            bool,
            description="The tract lies outside the range that the model was trained on.",
            metadata={"unit": "yes/no"},
        ),
    },
    unique=["geoid"],
    name="estimates",
)  # fmt: skip

CELLS: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "cell": text("H3 cell index.", r"^[0-9a-f]{15}$"),
    },
    unique=["cell"],
    name="cells",
)

PLACE_TABLES: Final = {
    "tracts": TRACTS,
    "temperature": TEMPERATURE,
    "proxies": PROXY_TABLE,
    "mobility": MOBILITY,
    "flows": FLOWS,
}
