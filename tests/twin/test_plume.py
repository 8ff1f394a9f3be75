"""Plumes go with the wind, and over a uniform city they add up to the formula of area sources."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.twin.plume import DAY, NIGHT, plume_reach
from tests.twin.made_land import made_land

SIDE_M = 500.0
CELLS = 21


def square_city():
    """Lay out a square of equal tracts, so that tract (10, 10) is the middle."""
    land = made_land(CELLS**2)
    row, column = np.divmod(np.arange(CELLS**2), CELLS)
    side = np.full(CELLS**2, (SIDE_M / 1000) ** 2)
    return replace(land, x_m=column * SIDE_M, y_m=row * SIDE_M, land_km2=side)


MIDDLE = CELLS**2 // 2


@pytest.mark.parametrize("mixing", [DAY, NIGHT])
def test_a_uniform_city_has_the_level_of_gifford_and_hanna(mixing):
    """C u / q = √(2/π) X^(1−d) / (c (1 − d)) with distance X to the upwind edge, no lid."""
    open_top = replace(mixing, lid_m=1e9)
    found = plume_reach(square_city(), 270.0, open_top)[MIDDLE].sum() * SIDE_M**2
    edge = (CELLS // 2 + 0.5) * SIDE_M
    stated = np.sqrt(2 / np.pi) * edge ** (1 - mixing.d) / (mixing.c * (1 - mixing.d))
    assert found == pytest.approx(stated, rel=0.005)


@pytest.mark.parametrize(
    ("wind_from", "upwind"),
    [(270.0, -1), (90.0, 1), (0.0, 21), (180.0, -21), (225.0, -22), (315.0, 20)],
)
def test_air_comes_from_where_the_wind_does(wind_from, upwind):
    reach = plume_reach(square_city(), wind_from, DAY)[MIDDLE]
    assert reach[MIDDLE + upwind] > 0.05 * reach[MIDDLE]
    assert reach[MIDDLE - upwind] == 0
    assert reach[MIDDLE + upwind] > reach[MIDDLE + 5 * upwind]
    assert reach[MIDDLE] > reach[MIDDLE + upwind]


def test_mass_is_kept_under_the_lid():
    """Far downwind, concentration times wind and cross-section is the source: mass is kept."""
    land = square_city()
    spread = replace(NIGHT, lid_m=50.0)
    source = 10 * CELLS
    column = np.arange(CELLS) * CELLS + 20
    reach = plume_reach(land, 270.0, spread)[column, source]
    assert reach.sum() * SIDE_M * spread.lid_m == pytest.approx(1.0, rel=0.02)


def test_still_nights_hold_more_than_days():
    city = square_city()
    assert plume_reach(city, 270.0, NIGHT).sum() > 1.5 * plume_reach(city, 270.0, DAY).sum()


@settings(max_examples=50)
@given(seed=st.integers(0, 1000), wind_from=st.floats(0, 360), n=st.integers(1, 12))
def test_reach_is_never_negative_and_turns_with_the_land(seed, wind_from, n):
    land = made_land(n, seed)
    reach = plume_reach(land, wind_from, DAY)
    assert (reach >= 0).all()
    own = np.sqrt(2 / np.pi) * (land.side_m / 2) ** 0.14 / (0.33 * 0.14) / land.side_m**2
    np.testing.assert_allclose(np.diag(reach), own, rtol=1e-4)
    # a quarter turn clockwise of tracts and wind together changes nothing
    turned = replace(land, x_m=land.y_m, y_m=-land.x_m)
    np.testing.assert_allclose(
        plume_reach(turned, wind_from + 90.0, DAY), reach, rtol=1e-6, atol=1e-12
    )
