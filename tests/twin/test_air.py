"""Air: wind carries, wind thins, kerbs stand out, and the truth stands beside the readings."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.twin.air import draw_air
from aespa_core.twin.air_law import AirLaw
from aespa_core.twin.climate import CLIMATES
from aespa_core.twin.dispersion import kerb_increment, urban_reach
from aespa_core.twin.stations import BACKGROUND, ROADSIDE, place_stations
from aespa_core.twin.traffic import TrafficLaw, road_source_ug_m_s, traffic_pulse
from tests.twin.made_land import made_land

LAND = made_land(64)
CLIMATE = CLIMATES["boston"]
LAW = AirLaw()


@pytest.fixture(scope="module")
def air():
    return draw_air(LAND, CLIMATE, 0)


def steady(wind_m_s: float, wind_from_deg: float, hours: int = 24) -> pd.DataFrame:
    """Weather that never changes."""
    return pd.DataFrame(
        {"hour": np.arange(hours), "wind_m_s": wind_m_s, "wind_from_deg": wind_from_deg}
    )


def test_downwind_of_a_source_there_is_more_than_upwind():
    middle = int(np.argmin(LAND.centre_km))
    only = np.zeros(LAND.tracts)
    only[middle] = 1e4
    land = replace(LAND, road_m2=only, work_m2=0 * only)
    west_wind = urban_reach(land, steady(3.0, 270.0), 42.0, LAW).road.mean(axis=0)
    along, across = land.x_m - land.x_m[middle], np.abs(land.y_m - land.y_m[middle])
    near = across < 300
    assert west_wind[near & (along > 300)].min() > 0
    # half a tract upwind of the middle the source begins
    assert (west_wind[along < -LAND.side_m.max() / 2] == 0).all()
    assert west_wind.argmax() == middle


def test_concentration_is_inverse_to_wind_and_follows_the_traffic():
    slow = urban_reach(LAND, steady(2.0, 230.0), 42.0, LAW).road
    fast = urban_reach(LAND, steady(6.0, 230.0), 42.0, LAW).road
    np.testing.assert_allclose(slow, 3 * fast)
    pulse = traffic_pulse(LAW.traffic, 24)
    np.testing.assert_allclose(slow[17] / slow[13], pulse[17] / pulse[13])


def test_roadside_lies_above_background_and_canyons_raise_it(air):
    means = air.hours.merge(air.stations).groupby("kind")[["no2_ug_m3", "pm25_ug_m3"]].mean()
    assert means.loc[ROADSIDE, "no2_ug_m3"] > means.loc[BACKGROUND, "no2_ug_m3"] + 2
    assert means.loc[ROADSIDE, "pm25_ug_m3"] > means.loc[BACKGROUND, "pm25_ug_m3"] + 0.3
    deep = air.stations.assign(street_height_m=2 * air.stations["street_height_m"])
    at_road = (air.stations["kind"] == ROADSIDE).to_numpy()
    usual, more = (
        kerb_increment(s, air.weather, LAW).mean(axis=0) for s in (air.stations, deep)
    )  # fmt: skip
    assert more[at_road].mean() > usual[at_road].mean()
    assert (usual[~at_road] == 0).all()


def test_levels_are_those_of_a_us_metro(air):
    """Near 8 ppb of NO₂ and 8 µg/m³ of PM2.5; NO₂ differs more over the metro than PM2.5."""
    mean, spread = air.truth.mean(numeric_only=True), air.truth.std(numeric_only=True)
    assert 9 < mean["no2_ug_m3"] < 25
    assert 6 < mean["pm25_ug_m3"] < 11
    assert spread["no2_ug_m3"] > spread["pm25_ug_m3"] > 0.1


def test_readings_scatter_around_the_truth_by_the_stated_noise(air):
    ratio = np.log(air.hours["no2_ug_m3"] / air.station_truth["no2_ug_m3"])
    by_station = ratio.groupby(air.hours["station"])
    assert by_station.std().mean() == pytest.approx(LAW.no2.noise, rel=0.05)
    assert by_station.mean().std() == pytest.approx(LAW.no2.drift, rel=0.6)


def test_a_background_station_has_the_truth_of_its_tract(air):
    station = air.stations[air.stations["kind"] == BACKGROUND].iloc[0]
    here = air.station_truth[air.station_truth["station"] == station["station"]]
    field = air.truth_hours[air.truth_hours["geoid"] == station["geoid"]]
    np.testing.assert_array_equal(here["pm25_ug_m3"], field["pm25_ug_m3"])
    mean = air.truth.set_index("geoid").loc[station["geoid"], "pm25_ug_m3"]
    assert field["pm25_ug_m3"].mean() == pytest.approx(mean, abs=1e-3)


def test_frames_are_complete(air):
    hours = LAW.weeks * 168
    assert len(air.weather) == hours
    assert len(air.hours) == len(air.station_truth) == hours * LAW.stations
    assert len(air.truth_hours) == hours * LAND.tracts
    for frame in (air.hours, air.weather, air.truth, air.truth_hours, air.station_truth):
        assert frame.notna().all(axis=None)
    assert (air.hours[["no2_ug_m3", "pm25_ug_m3"]] > 0).all(axis=None)
    assert air.stations["station"].is_unique
    assert air.stations["geoid"].is_unique
    assert set(air.stations["geoid"]) <= set(LAND.geoid)


def test_same_seed_same_air_other_seed_another(air):
    again, other = draw_air(LAND, CLIMATE, 0), draw_air(LAND, CLIMATE, 1)
    for name in ("stations", "hours", "weather", "truth", "truth_hours", "station_truth"):
        pd.testing.assert_frame_equal(getattr(air, name), getattr(again, name), check_exact=True)
    assert (air.truth["no2_ug_m3"] != other.truth["no2_ug_m3"]).all()


def test_stations_need_tracts_and_kerbs_need_roads():
    roadless = replace(LAND, road_km=0 * LAND.road_km)
    assert (place_stations(roadless, 20, 0.5, 0)["kind"] == BACKGROUND).all()
    assert len(place_stations(made_land(5), 20, 0.4, 0)) == 5
    side = LAND.side_m.max()
    placed = place_stations(LAND, 30, 0.4, 0)
    at = pd.Index(LAND.geoid).get_indexer(placed["geoid"])
    assert np.abs(placed["x_m"] - LAND.x_m[at]).max() <= 0.25 * side
    draw_air(roadless, CLIMATE, 0, replace(LAW, weeks=1))


def test_traffic_by_hand():
    """86,400 vehicles a day are one a second: 1 g/km is 1,000 µg a metre and second."""
    assert road_source_ug_m_s(86_400.0, 1.0) == pytest.approx(1000.0)
    pulse = traffic_pulse(TrafficLaw(), 168)
    assert pulse[:120].mean() == pytest.approx(1.0)
    assert pulse[144:].mean() == pytest.approx(TrafficLaw().curve.sunday)
    with pytest.raises(ValueError, match="vehicles"):
        TrafficLaw(vehicles_day=-1.0)
