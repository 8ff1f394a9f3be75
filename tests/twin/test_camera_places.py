"""Where cameras stand."""

from dataclasses import replace

import numpy as np

from aespa_core.twin.camera_places import choose_places, spread_out
from aespa_core.twin.materials import CODE
from aespa_core.twin.street_view import CROWN_BASE
from tests.twin.made_scene import STREET, made_scene, plain


def test_cameras_stand_on_different_free_road_cells_of_their_tract():
    scene = made_scene(canopy=0.5)
    scene.tree_m[:, STREET.start] = 4.0
    for places in choose_places(scene, 12, seed=3):
        assert places.row.size == (0 if places.tract == 2 else 12)
        assert np.all(scene.tract[places.row, places.col] == places.tract)
        assert np.all(scene.ground[places.row, places.col] == CODE["asphalt"])
        assert np.all(scene.building_m[places.row, places.col] == 0)
        tree = scene.tree_m[places.row, places.col]
        assert np.all((tree == 0) | (CROWN_BASE * tree > 2.5))
        assert (
            len(set(zip(places.row.tolist(), places.col.tolist(), strict=True))) == places.row.size
        )


def test_a_tract_with_three_road_cells_gets_three_photos_and_one_without_none():
    scene = plain(20)
    scene.ground[4, 4:7] = CODE["asphalt"]
    scene.tract[10:] = 1
    scene.tract[0] = -1
    few, none = choose_places(scene, 8, seed=0)
    assert (few.tract, few.row.size, none.tract, none.row.size) == (0, 3, 1, 0)


def test_places_of_a_tract_do_not_depend_on_other_tracts():
    scene = made_scene()
    alone = replace(scene, tract=np.where(scene.tract == 1, 1, -1).astype(np.int16))
    (one,) = choose_places(alone, 9, seed=4)
    both = choose_places(scene, 9, seed=4)[1]
    assert np.array_equal(one.row, both.row)
    assert np.array_equal(one.col, both.col)


def test_places_lie_farther_apart_than_by_chance():
    row, col = np.divmod(np.arange(10_000), 100)

    def nearest(chosen) -> float:
        away = np.hypot(row[chosen, None] - row[chosen], col[chosen, None] - col[chosen])
        return float((away + 1e9 * np.eye(len(chosen))).min(axis=1).mean())

    rng = np.random.default_rng(0)
    spread = [nearest(spread_out(row, col, 12, rng)) for _ in range(20)]
    chance = [nearest(rng.choice(10_000, 12, replace=False)) for _ in range(20)]
    assert np.mean(spread) > 1.3 * np.mean(chance)
