"""A metro is what its settings say, twice the same, and cut into tracts without gaps."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from aespa_core.errors import ConfigError
from aespa_core.twin.materials import CODE
from aespa_core.twin.metro import build_metro
from aespa_core.twin.planting import plant
from aespa_core.twin.scene import PIXEL_M
from aespa_core.twin.settings import TwinSettings, chosen_world, with_changes, world_settings
from aespa_core.twin.tract_map import METRES_PER_DEGREE, tract_polygons
from aespa_core.twin.zones import ZONE_CODE, ZONES

SMALL = TwinSettings(size_px=512, tracts=(8, 12))


@pytest.fixture(scope="module")
def boston():
    return build_metro(SMALL, "boston")


def test_the_same_seed_gives_the_same_metro_and_another_another(boston):
    again, other = build_metro(SMALL, "boston"), build_metro(replace(SMALL, seed=1), "boston")
    for name in ("ground", "tree_m", "building_m", "brightness", "moisture", "tract", "zone"):
        first, second = getattr(boston.scene, name), getattr(again.scene, name)
        assert np.array_equal(first, second), name
    assert not np.array_equal(boston.scene.ground, other.scene.ground)


def test_tracts_tile_the_metro(boston):
    polygons = tract_polygons(boston.cells, boston.cell_tract, 512, 42.0)
    assert len(polygons) == boston.tracts >= 8
    assert all(shapely.is_valid(polygons))
    assert shapely.coverage_is_valid(polygons)
    narrow = np.cos(np.radians(42.0))
    area = shapely.area(polygons).sum() * METRES_PER_DEGREE**2 * narrow
    assert area == pytest.approx((boston.scene.tract >= 0).sum() * PIXEL_M**2, rel=1e-6)


def test_open_water_belongs_to_no_tract(boston):
    scene = boston.scene
    water = scene.ground == CODE["water"]
    assert 0.05 < water.mean() < 0.4
    assert water[scene.tract < 0].mean() > 0.95
    assert scene.building_m[water].max() == scene.tree_m[water].max() == 0


def test_blocks_hold_the_built_share_of_their_zone():
    scene = build_metro(TwinSettings(size_px=1024), "dallas").scene
    for name in ("2", "6", "9"):
        zone, here = ZONES[ZONE_CODE[name]], scene.zone == ZONE_CODE[name]
        built = (scene.building_m[here] > 0).mean()
        # Stewart & Oke count over blocks; streets take about a sixth of a cell
        assert 0.7 * zone.built[0] < built < zone.built[1], name
        heights = scene.building_m[here & (scene.building_m > 0)]
        assert 0.6 * zone.height_m[0] < heights.mean() < 1.3 * zone.height_m[1], name


def test_planting_covers_the_wanted_share():
    for share in (0.1, 0.4, 0.8):
        trees = plant(np.full((400, 400), share, np.float32), np.random.default_rng(3))
        assert (trees > 0).mean() == pytest.approx(share, abs=0.03)


def test_history_raises_canopy():
    spread = [
        build_metro(replace(SMALL, history_on_canopy=value), "boston") for value in (0.0, 0.9)
    ]
    slopes = []
    for metro in spread:
        rows, columns = metro.cells.row.astype(int), metro.cells.column.astype(int)
        canopy = [
            (metro.scene.tree_m[r - 20 : r + 20, c - 20 : c + 20] > 0).mean()
            for r, c in zip(rows, columns, strict=True)
        ]
        slopes.append(np.corrcoef(metro.history, canopy)[0, 1])
    assert slopes[1] > slopes[0] + 0.1


def test_settings_know_their_keys():
    assert world_settings("stress").plant_resistance > 1
    assert chosen_world("twin", "demo").metros == ("miami", "seattle")
    assert chosen_world("twin", "miami,boston,miami").metros == ("miami", "boston")
    with pytest.raises(ConfigError, match="no world 'moon'"):
        world_settings("moon")
    with pytest.raises(ConfigError, match="unknown key 'trees'"):
        with_changes(TwinSettings(), {"trees": 3}, "file.toml")
