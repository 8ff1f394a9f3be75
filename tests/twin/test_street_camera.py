"""Rays against the grid that they cross."""

import numpy as np
import pytest

from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.street_camera import Camera, ray_fan

CAMERA = Camera(width=64, height=32, reach_m=100.0)


def test_the_middle_of_each_crossing_lies_in_its_cell():
    fan = ray_fan(CAMERA)
    middle = (fan.near_m + fan.far_m) / 2
    col = np.rint(middle * np.sin(CAMERA.azimuth_rad) / PIXEL_M)
    row = -np.rint(middle * np.cos(CAMERA.azimuth_rad) / PIXEL_M)
    assert np.array_equal(row, fan.d_row)
    assert np.array_equal(col, fan.d_col)


def test_every_cell_begins_where_the_last_one_ends_across_one_side():
    fan = ray_fan(CAMERA)
    assert np.array_equal(fan.near_m[1:], fan.far_m[:-1])
    steps = np.abs(np.diff(fan.d_row, axis=0)) + np.abs(np.diff(fan.d_col, axis=0))
    assert np.all(steps == 1)
    assert fan.far_m[-1].min() >= CAMERA.reach_m


def test_a_ray_to_the_north_enters_cells_by_their_south_side():
    north = CAMERA.width // 2
    assert set(ray_fan(CAMERA).face[1:10, north]) == {2}
    assert set(ray_fan(CAMERA).face[1:10, 0]) == {0}


def test_ground_lies_nearer_the_steeper_one_looks_down():
    fan = ray_fan(CAMERA)
    assert np.all(np.isinf(fan.ground_m[:16]))
    assert np.all(np.diff(fan.ground_m[16:]) < 0)
    down = np.degrees(np.arctan(CAMERA.above_ground_m / fan.ground_m[16:]))
    assert down == pytest.approx((np.arange(16) + 0.5) * 180 / 32, rel=1e-5)


def test_first_row_is_the_highest_that_does_not_look_over_the_slope():
    slopes = np.tan(np.radians([89.9, 45.0, 0.0, -45.0, -89.9]))
    tangent = np.tan(CAMERA.elevation_rad)
    expected = [int(np.argmax(np.append(tangent <= slope, True))) for slope in slopes]
    assert CAMERA.first_row(slopes).tolist() == expected
    assert CAMERA.first_row(np.array([-np.inf, np.inf])).tolist() == [CAMERA.height, 0]


@pytest.mark.parametrize(("width", "height"), [(6, 4), (0, 2), (8, 3)])
def test_a_size_with_a_pixel_on_the_horizon_or_a_grid_line_is_refused(width, height):
    with pytest.raises(ValueError, match="multiple of 4"):
        Camera(width=width, height=height)
