r"""What is known of a place without looking at it: its metro's weather, and where it lies in it.

.. math:: e = \overline{\mathrm{RH}\, e_s(T) / 100}, \qquad e_s = 6.1078\, e^{17.27 T / (T + 237.3)}

(vapour pressure, hPa, by Tetens 1930), and how much water lies around, which cools the air:

.. math:: w_i(s) = \frac{\sum_j e^{-d_{ij}/s}\, A^{water}_j}
    {\sum_j e^{-d_{ij}/s}\, (A^{land}_j + A^{water}_j)}

over the tracts j of its metro. No column is a proxy, none is social.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial.distance import cdist

Array = npt.NDArray[np.float64]

METRO_CONTEXT: Final = ("latitude_deg", "air_max_c", "air_min_c", "wind_m_s", "vapour_hpa")
# Lengths s over which water is felt, km: beside it, and as a shore some way off.
WATER_KM: Final = (1, 4)
TRACT_CONTEXT: Final = (
    "water_share", *(f"water_{scale}km" for scale in WATER_KM),
    "log_land_km2", "log_people_km2", "log_centre_km",
)  # fmt: skip
CONTEXT: Final = (*METRO_CONTEXT, *TRACT_CONTEXT)
KM_PER_DEGREE: Final = 111.32


def place_km(tracts: gpd.GeoDataFrame) -> Array:
    """Place of each tract's middle, km east and north of the middle of its metro, shape (B, 2)."""
    middle = np.column_stack([b.ravel() for b in bounds_middle(tracts)])
    centre = pd.DataFrame(middle).groupby(tracts["metro"].to_numpy()).transform("mean").to_numpy()
    away: Array = (middle - centre) * KM_PER_DEGREE
    away[:, 0] *= np.cos(np.radians(centre[:, 1]))
    return away


def bounds_middle(tracts: gpd.GeoDataFrame) -> tuple[Array, Array]:
    """Longitude and latitude of a point within each tract, degrees, shape (B,) each."""
    points = tracts.geometry.representative_point()
    return points.x.to_numpy(float), points.y.to_numpy(float)


def heat_context(tracts: gpd.GeoDataFrame, weather: pd.DataFrame | None) -> pd.DataFrame:
    """Describe each tract by :data:`CONTEXT`, B rows; NaN where the study does not say.

    Parameters
    ----------
    tracts
        Table ``tracts`` of a study.
    weather
        Its table ``weather``, hour by hour and metro; None where it has none.
    """
    land, water = (told(tracts, name).to_numpy(float) / 1e6 for name in ("aland_m2", "awater_m2"))
    whole = np.where(land + water > 0, land + water, np.nan)
    ground = np.where(land > 0, land, np.nan)
    place, metro = place_km(tracts), tracts["metro"].to_numpy()
    around = {
        f"water_{scale}km": water_around(place, metro, land, water, scale) for scale in WATER_KM
    }
    own = pd.DataFrame(
        {
            "water_share": water / whole,
            **around,
            "log_land_km2": np.log(ground),
            "log_people_km2": np.log1p(told(tracts, "population").to_numpy(float) / ground),
            "log_centre_km": np.log1p(np.hypot(*place.T)),
        },
        tracts["geoid"].to_numpy(),
    )
    _, latitude = bounds_middle(tracts)
    own["latitude_deg"] = pd.Series(latitude).groupby(metro).transform("mean").to_numpy()
    if weather is None:
        climate = pd.DataFrame(np.nan, index=np.unique(metro), columns=list(METRO_CONTEXT[1:]))
    else:
        climate = metro_weather(weather)
    return own.join(climate.reindex(metro).set_index(own.index))[list(CONTEXT)]


def told(table: pd.DataFrame, name: str) -> pd.Series:
    """Take a column that a study may lack; NaN throughout where it does."""
    return table[name].astype(float) if name in table else pd.Series(np.nan, table.index)


def water_around(
    place_km: Array, metro: npt.NDArray[np.str_], land: Array, water: Array, scale_km: float
) -> Array:
    """Share of water around each tract, nearer tracts counting more, (B,).

    Parameters
    ----------
    place_km, metro
        Where tracts lie, (B, 2) and (B,); another metro's are never near.
    land, water
        Areas, (B,); tracts that do not say count for nothing.
    scale_km
        Length s.
    """
    known = np.isfinite(land + water)
    share = np.full(len(land), np.nan)
    for name in np.unique(metro):
        here = np.flatnonzero(metro == name)
        near = np.exp(-cdist(place_km[here], place_km[here]) / scale_km) * known[here]
        wet, dry = np.nan_to_num(water[here]), np.nan_to_num(land[here])
        whole = near @ (wet + dry)
        share[here] = np.divide(near @ wet, whole, out=np.full(len(here), np.nan), where=whole > 0)
    return share


def metro_weather(weather: pd.DataFrame) -> pd.DataFrame:
    """Average the weather: one row a metro, columns of :data:`METRO_CONTEXT` but the latitude."""
    celsius, humidity = told(weather, "temperature_c"), told(weather, "humidity_percent")
    vapour = humidity / 100 * 6.1078 * np.exp(17.27 * celsius / (celsius + 237.3))
    hours = weather.assign(
        day=weather["hour"] // 24,
        vapour_hpa=vapour,
        temperature_c=celsius,
        wind_m_s=told(weather, "wind_m_s"),
    )
    by_day = hours.groupby(["metro", "day"])["temperature_c"].agg(["max", "min"])
    daily = by_day.groupby("metro").mean()
    means = hours.groupby("metro")[["wind_m_s", "vapour_hpa"]].mean()
    return means.assign(air_max_c=daily["max"], air_min_c=daily["min"])


def reference_c(context: pd.DataFrame) -> Array:
    """Temperature that LST is told as a difference from, °C, shape (B,).

    The metro's mean daily maximum of the air where every tract has one, else 0 for all: two
    references in one study would look like a difference between its metros.
    """
    air = context["air_max_c"].to_numpy(float)
    return air if np.isfinite(air).all() else np.zeros(len(air))
