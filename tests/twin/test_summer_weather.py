"""The weather has the July normals, the swing of a day, and humidity that fits."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.twin.climate import CLIMATES
from aespa_core.twin.summer_weather import draw_weather, slow_series
from aespa_core.twin.weather import saturation_hpa

CLIMATE = CLIMATES["st_louis"]


@pytest.fixture(scope="module")
def year():
    return draw_weather(CLIMATE, 52, 0)


def test_normals_come_out(year):
    day = year.groupby(year["hour"] // 24)
    assert day["temperature_c"].max().mean() == pytest.approx(CLIMATE.july_max_c, abs=0.7)
    assert day["temperature_c"].min().mean() == pytest.approx(CLIMATE.july_min_c, abs=0.7)
    assert year["wind_m_s"].mean() == pytest.approx(CLIMATE.wind_m_s, rel=0.05)
    east, north = (f(np.radians(year["wind_from_deg"])) for f in (np.sin, np.cos))
    assert np.degrees(np.arctan2(east.mean(), north.mean())) % 360 == pytest.approx(230, abs=15)


def test_afternoons_are_warm_dry_and_windy(year):
    clock = year["hour"] % 24
    at_15, at_4 = year[clock == 15].mean(), year[clock == 4].mean()
    assert at_15["temperature_c"] > at_4["temperature_c"] + 5
    assert at_15["humidity_percent"] < at_4["humidity_percent"] - 15
    assert at_15["wind_m_s"] > at_4["wind_m_s"]


def test_everything_stays_in_range(year):
    assert len(year) == 52 * 168
    assert year["wind_m_s"].min() >= 1.0
    assert year["wind_from_deg"].isin(np.arange(0, 360, 10)).all()
    assert year["humidity_percent"].between(5, 100).all()
    assert year["pressure_hpa"].between(980, 1050).all()


def test_slow_series_has_its_spread_and_memory():
    series = slow_series(200_000, 3.0, 20.0, np.random.default_rng(0))
    assert series.std() == pytest.approx(3.0, rel=0.05)
    assert np.corrcoef(series[:-20], series[20:])[0, 1] == pytest.approx(np.exp(-1), abs=0.04)


def test_vapour_pressure_at_known_points():
    np.testing.assert_allclose(
        saturation_hpa(np.array([0.0, 20.0, 30.0])), [6.11, 23.4, 42.4], rtol=5e-3
    )


def test_same_seed_same_weather():
    one, again, other = (draw_weather(CLIMATE, 1, seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    assert (one["wind_m_s"] != other["wind_m_s"]).any()
