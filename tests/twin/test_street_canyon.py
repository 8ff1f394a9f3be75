"""Kerbs: the lee side is the dirtier, wind thins, houses trap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.twin.street_canyon import Street, street_increment, traffic_turbulence


def increment(wind_m_s=4.0, height_m=15.0, width_m=15.0, wind_from=270.0, side=270.0):
    """One kerb, one hour; by default the houses behind it stand upwind: the lee side."""
    street = Street(np.array([width_m]), np.array([height_m]), np.array([side]))
    wind, angle, cars = np.array([wind_m_s]), np.array([wind_from]), np.array([1000.0])
    return float(street_increment(street, wind, angle, cars, 40.0)[0, 0])


def all_winds(**changes: float) -> float:
    """Mean over both sides and all directions."""
    angles = np.arange(0, 360, 15)
    return float(np.mean([increment(wind_from=a, **changes) for a in angles]))


def test_traffic_turbulence_by_hand():
    """√(1/s · 10 m/s · 2 m² / 20 m) = 1 m/s, times 0.3."""
    assert traffic_turbulence(np.array([3600.0]), 36.0, np.array([20.0]))[0] == pytest.approx(0.3)


def test_across_a_canyon_the_lee_side_breathes_more():
    lee, windward = increment(side=270.0), increment(side=90.0)
    assert lee > 1.5 * windward > 0


def test_along_the_street_both_sides_are_alike():
    assert increment(wind_from=0.0) == pytest.approx(increment(wind_from=0.0, side=90.0), rel=1e-3)


def test_a_recirculating_canyon_by_hand():
    """H = W = 15 m across the wind: vortex 30 m, so d1 = d2 = 15 m and nothing leaves sideways."""
    roof, cars = 0.82 * 4.0, 0.3 * np.sqrt(1000 / 3600 * 40 / 3.6 * 2 / 15)
    windward = 1 / (15 * np.sqrt((0.1 * roof) ** 2 + 0.4 * cars**2))
    assert increment(side=90.0) == pytest.approx(windward, rel=1e-6)
    ground = np.log(2 / 0.6) / np.log(15 / 0.6) * roof * 0.8
    lift = np.hypot(0.1 * ground, cars)
    plume = np.sqrt(2 / np.pi) / (15 * lift) * np.log((2 + lift * 15 / ground) / 2)
    assert increment() == pytest.approx(windward + plume, rel=1e-6)


def test_houses_trap_what_traffic_emits():
    means = [all_winds(height_m=h) for h in (0.0, 5.0, 15.0, 30.0)]
    assert np.all(np.diff(means) > 0)


def test_without_houses_only_the_downwind_kerb_is_reached():
    assert increment(height_m=0.0, side=270.0) == pytest.approx(0.0, abs=1e-9)
    assert increment(height_m=0.0, side=90.0) > 0


@settings(max_examples=150)
@given(
    wind=st.floats(0.5, 25),
    height=st.floats(0, 200),
    width=st.floats(0, 100),
    angle=st.floats(0, 360),
)
def test_increments_are_finite_and_fall_with_wind(wind, height, width, angle):
    here = increment(wind, height, width, angle)
    assert np.isfinite(here)
    assert here >= 0
    calm = all_winds(wind_m_s=wind, height_m=height, width_m=width)
    assert all_winds(wind_m_s=2 * wind, height_m=height, width_m=width) <= calm * (1 + 1e-9)
