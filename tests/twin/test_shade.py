"""Shadows and sky views against geometry."""

import math

import numpy as np
import pytest

from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.shade import shadow_of, shifted, sky_view


def test_a_tower_casts_its_height_over_the_tangent_of_the_sun():
    height = np.zeros((80, 80), np.float32)
    height[40, 40] = 30.0
    shadow = shadow_of(height, height, elevation_deg=45.0, azimuth_deg=180.0)
    rows, columns = np.nonzero(shadow)
    # the sun stands in the south: the shadow falls north, to lower rows, 30 m long
    assert set(columns) == {40}
    assert rows.max() == 39
    assert (40 - rows.min()) * PIXEL_M == pytest.approx(30.0, abs=PIXEL_M)


@pytest.mark.parametrize(("azimuth", "south", "east"), [(90, 0, -1), (180, -1, 0), (270, 0, 1)])
def test_shadows_point_away_from_the_sun(azimuth, south, east):
    height = np.zeros((41, 41), np.float32)
    height[20, 20] = 20.0
    rows, columns = np.nonzero(shadow_of(height, height, 60.0, azimuth))
    assert np.sign(rows.mean() - 20) == south
    assert np.sign(columns.mean() - 20) == east


def test_a_roof_above_the_shadow_is_lit():
    height = np.zeros((40, 40), np.float32)
    height[20, 20], height[17, 20] = 20.0, 18.0
    shadow = shadow_of(height, height, 45.0, 180.0)
    assert shadow[18, 20]
    assert not shadow[17, 20]


def test_an_open_plain_sees_the_whole_sky():
    assert np.all(sky_view(np.zeros((32, 32), np.float32)) == 1.0)


def test_the_middle_of_a_long_street_sees_the_cosine_of_its_walls():
    height = np.full((200, 120), 20.0, np.float32)
    height[:, 50:70] = 0.0
    # for an endless street the view from its middle is cos(atan(H / (W / 2)))
    expected = math.cos(math.atan(20.0 / 20.0))
    assert sky_view(height)[100, 60] == pytest.approx(expected, abs=0.06)


def test_shifting_brings_the_neighbour():
    raster = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert shifted(raster, 1, 2)[0, 0] == raster[1, 2]
    assert shifted(raster, -1, -2)[1, 2] == raster[0, 0]
    assert shifted(raster, 5, 0).sum() == 0
