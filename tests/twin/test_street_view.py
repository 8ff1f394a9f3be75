"""Masks and distances against plane geometry."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.twin.materials import CODE
from aespa_core.twin.scene import PIXEL_M, Scene
from aespa_core.twin.street_camera import Camera
from aespa_core.twin.street_view import (
    BUILDING,
    CLASS_OF_GROUND,
    CROWN_BASE,
    SKY,
    STREET_CODE,
    TREE,
    View,
    look,
)
from aespa_core.twin.surroundings import surroundings_of
from tests.twin.made_scene import made_scene, plain

LENS_M = Camera().above_ground_m
ROW_DEG = 180.0 / Camera().height
NORTH = Camera().width // 2
AT = 80


def view_of(scene: Scene, row: int = AT, col: int = AT) -> View:
    return look(surroundings_of(scene), row, col)


def elevation_deg() -> np.ndarray:
    return np.degrees(Camera().elevation_rad)


def test_an_open_plain_is_sky_above_the_horizon_and_ground_below():
    mask = view_of(plain()).mask
    assert np.all(mask[:64] == SKY)
    assert np.all(mask[64:] == STREET_CODE["grass"])


@pytest.mark.parametrize(("cells", "height_m"), [(5, 10.0), (20, 30.0), (60, 12.0), (10, 4.0)])
def test_a_wall_covers_elevations_up_to_its_top(cells, height_m):
    scene = plain()
    scene.building_m[AT - cells, :] = height_m
    near_m = (cells - 0.5) * PIXEL_M
    view = view_of(scene)
    for column in (NORTH, NORTH - 1, NORTH + 30):
        azimuth = np.radians((column + 0.5) * 360 / 256 - 180)
        away = near_m / np.cos(azimuth)
        top = np.degrees(np.arctan2(height_m - LENS_M, away))
        foot = np.degrees(np.arctan2(-LENS_M, away))
        wall = (elevation_deg() <= top) & (elevation_deg() > foot)
        assert np.array_equal(view.mask[:, column] == BUILDING, wall)
        assert view.distance_m[wall, column] == pytest.approx(away, rel=1e-4)
    assert not np.any(view.mask[:, :64] == BUILDING)  # nothing stands in the south


def test_one_thin_wall_far_away_is_not_missed():
    scene = plain(400)
    scene.building_m[200 - 100, 198:203] = 40.0
    mask = look(surroundings_of(scene), 200, 200).mask
    assert set(np.flatnonzero((mask == BUILDING).any(axis=0))) == {NORTH - 1, NORTH}
    assert np.sum(mask[:, NORTH] == BUILDING) == pytest.approx(10.7 / ROW_DEG, abs=2)


def test_the_nearer_of_two_walls_is_seen_and_the_higher_one_behind_looks_over_it():
    scene = plain()
    scene.building_m[AT - 10, :], scene.building_m[AT - 20, :] = 6.0, 30.0
    view = view_of(scene)
    near, far = view.distance_m[60, NORTH], view.distance_m[45, NORTH]
    assert near == pytest.approx(19.0, abs=0.01)
    assert far == pytest.approx(39.0, abs=0.01)


def test_a_tree_ahead_covers_the_sky_and_the_building_behind_it():
    bare = plain()
    bare.building_m[AT - 30 : AT - 25, AT - 4 : AT + 5] = 6.0
    wooded = replace(bare, tree_m=bare.tree_m.copy())
    wooded.tree_m[AT - 14 : AT - 6, AT - 4 : AT + 5] = 12.0
    before, after = view_of(bare), view_of(wooded)
    changed = before.mask != after.mask
    assert set(after.mask[changed]) == {TREE}
    crown = (elevation_deg() > 5) & (elevation_deg() < 25)
    ahead = np.ix_(crown, np.arange(NORTH - 6, NORTH + 6))
    assert np.mean(after.mask[ahead] == TREE) > 0.95
    assert {SKY, BUILDING} <= set(before.mask[changed])
    # Between the ground and the crown one sees the house's wall, trunks apart.
    wall = (before.mask == BUILDING) & (elevation_deg() < 0)[:, None]
    assert np.mean(after.mask[wall] == BUILDING) > 0.7
    assert np.all(after.trunk[wall] | (after.mask[wall] == BUILDING))
    assert np.all(after.distance_m <= before.distance_m)


def test_a_tree_behind_a_wall_shows_only_above_it():
    scene = plain()
    scene.building_m[AT - 10, :] = 8.0
    scene.tree_m[AT - 20 : AT - 12, :] = 20.0
    view = view_of(scene)
    top = np.degrees(np.arctan2(8.0 - LENS_M, 19.0))
    seen = view.mask[:, NORTH] == TREE
    assert np.sum(seen) > 5
    assert np.all(elevation_deg()[seen] > top)


def test_crowns_have_a_base_and_gaps_that_show_the_sky():
    scene = plain()
    scene.tree_m[AT - 10, AT - 3 : AT + 4] = 15.0
    view = view_of(scene)
    crown = ~view.trunk & (view.mask == TREE)
    base = np.degrees(np.arctan2(CROWN_BASE * 15.0 - LENS_M, 21.0))
    rows = np.flatnonzero(crown[:, NORTH])
    assert np.all(elevation_deg()[rows] > base - ROW_DEG)
    inside = view.mask[rows[0] : rows[-1] + 1, NORTH - 10 : NORTH + 10]
    assert 0.02 < np.mean(inside == SKY) < 0.5


def test_a_crown_stands_on_a_trunk():
    scene = plain()
    scene.tree_m[AT - 5, AT - 3 : AT + 4] = 15.0
    view = view_of(scene)
    rows, columns = np.nonzero(view.trunk)
    assert 1 <= np.unique(columns).size <= 8
    foot, top = np.degrees(np.arctan2([-LENS_M, CROWN_BASE * 15.0 - LENS_M], 9.0))
    assert np.all((elevation_deg()[rows] > foot) & (elevation_deg()[rows] <= top))


@pytest.mark.parametrize("row", [66, 70, 80, 100, 127])
def test_ground_is_the_rasters_at_the_distance_of_the_depression(row):
    scene = plain(400)
    rng = np.random.default_rng(3)
    grounds = [CODE[name] for name in ("asphalt", "concrete", "grass", "bare_soil", "water")]
    scene.ground[:] = rng.choice(grounds, size=scene.ground.shape)
    mask = look(surroundings_of(scene), 200, 200).mask
    away = LENS_M / np.tan(np.radians((row - 63.5) * ROW_DEG)) / PIXEL_M
    for column in range(0, 256, 7):
        azimuth = np.radians((column + 0.5) * 360 / 256 - 180)
        south, east = -away * np.cos(azimuth), away * np.sin(azimuth)
        cell = scene.ground[round(200 + south), round(200 + east)]
        assert mask[row, column] == CLASS_OF_GROUND[cell]


def test_rays_that_leave_the_raster_find_its_last_ground_and_nothing_upon_it():
    scene = plain(8, "water")
    scene.building_m[0, :] = 20.0
    mask = look(surroundings_of(scene), 7, 0).mask
    assert set(mask[:, :64].ravel()) == {SKY, STREET_CODE["water"]}
    assert BUILDING in mask[:, NORTH]


def test_a_fine_camera_that_sees_ground_beyond_its_reach_stays_in_its_margin():
    scene = plain(16, "water")
    fine = Camera(width=64, height=512, reach_m=50.0)
    mask = look(surroundings_of(scene, camera=fine), 8, 8).mask
    assert np.all(mask[256:] == STREET_CODE["water"])
    assert np.all(mask[:256] == SKY)


def test_every_pixel_has_one_class_and_the_same_bytes_twice():
    scene = made_scene()
    view = view_of(scene)
    assert np.bincount(view.mask.ravel(), minlength=8).sum() == view.mask.size
    assert set(np.unique(view.mask)) <= set(STREET_CODE.values())
    assert np.array_equal(np.isinf(view.distance_m), view.mask == SKY)
    again = view_of(scene)
    assert view.mask.tobytes() == again.mask.tobytes()


def test_a_camera_indoors_and_shade_of_another_scene_are_refused():
    scene = plain(16)
    scene.building_m[3, 4] = 5.0
    with pytest.raises(ValueError, match="row 3, column 4"):
        view_of(scene, 3, 4)
    with pytest.raises(ValueError, match=r"\(16, 16\)"):
        surroundings_of(scene, np.zeros((8, 8), dtype=np.bool_))


SMALL = Camera(width=32, height=16, reach_m=60.0)
SIDE, MID = 24, 12


def crowded(seed: int) -> Scene:
    """Make a small scene where buildings, trees and open ground mix without order."""
    rng = np.random.default_rng(seed)
    scene = plain(SIDE)
    kind = rng.choice(3, size=(SIDE, SIDE), p=[0.8, 0.1, 0.1])
    kind[MID, MID] = 0
    scene.building_m[kind == 1] = rng.uniform(1.0, 25.0, np.sum(kind == 1))
    scene.tree_m[kind == 2] = rng.uniform(2.0, 20.0, np.sum(kind == 2))
    return scene


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.01, 1.0))
def test_more_trees_never_show_more_sky(seed, share):
    scene = crowded(seed)
    rng = np.random.default_rng(seed + 1)
    free = (scene.building_m == 0) & (scene.tree_m == 0) & (rng.random((SIDE, SIDE)) < share)
    free[MID, MID] = False
    more = np.where(free, rng.uniform(2.0, 20.0, free.shape), scene.tree_m).astype(np.float32)
    before = look(surroundings_of(scene, camera=SMALL), MID, MID)
    after = look(surroundings_of(replace(scene, tree_m=more), camera=SMALL), MID, MID)
    assert not np.any((after.mask == SKY) & (before.mask != SKY))
    assert np.all(after.mask[before.mask == TREE] == TREE)
    assert np.all(after.distance_m <= before.distance_m)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_walls_are_where_a_slow_ray_strikes_them(seed):
    """Follow rays in steps of 1 cm to the first cell that holds more than their height."""
    scene = replace(crowded(seed), tree_m=np.zeros((SIDE, SIDE), dtype=np.float32))
    around = surroundings_of(scene, camera=SMALL)
    view = look(around, MID, MID)
    away = np.arange(0.005, 36.0, 0.01)
    for row, column in [(r, c) for r in range(1, 16, 2) for c in range(0, 32, 3)]:
        height = LENS_M + away * np.tan(SMALL.elevation_rad[row])
        azimuth = SMALL.azimuth_rad[column]
        at_row = np.rint(MID - away * np.cos(azimuth) / PIXEL_M).astype(int)
        at_col = np.rint(MID + away * np.sin(azimuth) / PIXEL_M).astype(int)
        inside = (np.minimum(at_row, at_col) >= 0) & (np.maximum(at_row, at_col) < SIDE)
        wall = np.zeros(away.size)
        wall[inside] = scene.building_m[at_row[inside], at_col[inside]]
        struck = np.flatnonzero((wall > height) & (wall > 0) | (height < 0))
        if struck.size and height[struck[0]] >= 0:
            assert view.mask[row, column] == BUILDING
            cell = around.cell(int(at_row[struck[0]]), int(at_col[struck[0]]))
            assert view.cell[row, column] == cell
        else:
            assert view.mask[row, column] != BUILDING
