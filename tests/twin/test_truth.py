"""True effects: moves move one proxy to its reference, and answer with the physics' signs."""

from dataclasses import replace

import numpy as np
import pytest

from aespa_core.schema import PROXIES
from aespa_core.twin.materials import CODE
from aespa_core.twin.metro import build_metro
from aespa_core.twin.settings import TwinSettings, world_settings
from aespa_core.twin.truth import (
    MOVES,
    REFERENCE_ALBEDO,
    plan_view,
    temperature,
    tract_means,
    true_effects,
    view_of,
)
from aespa_core.twin.weather import weather_at

SMALL = TwinSettings(size_px=512, tracts=(8, 12))


@pytest.fixture(scope="module")
def view():
    return view_of(build_metro(SMALL, "washington").scene, SMALL)


@pytest.fixture(scope="module")
def effects(view):
    return true_effects(view, temperature(view, weather_at(view.scene.climate), SMALL), SMALL)


def test_each_move_brings_its_proxy_to_the_reference(view):
    reference = {"canopy": 0.0, "impervious": 0.0, "albedo": REFERENCE_ALBEDO, "shadow": 0.0}
    for name, value in reference.items():
        moved = plan_view(MOVES[name](view, SMALL))[name]
        assert moved.to_numpy() == pytest.approx(value, abs=2e-3), name
    moved = MOVES["ndvi"](view, SMALL)
    assert not (moved.top.material == CODE["grass"]).any()


def test_moves_that_keep_the_cover_keep_the_other_proxies(view):
    now = plan_view(view)
    for name, kept in (
        ("shadow", ("ndvi", "canopy", "impervious", "albedo")),
        ("albedo", ("ndvi", "canopy", "impervious", "shadow")),
        ("impervious", ("canopy", "albedo", "shadow")),
        ("ndvi", ("canopy", "impervious", "shadow")),
    ):
        moved = plan_view(MOVES[name](view, SMALL))
        for other in kept:
            assert moved[other].to_numpy() == pytest.approx(now[other].to_numpy()), (name, other)


def test_effects_have_the_expected_signs_in_a_humid_metro(effects):
    for proxy in PROXIES:
        assert (proxy.sign * effects[f"effect_{proxy.id}_c"] > 0).all(), proxy.id
        assert (proxy.sign * effects[f"per_unit_{proxy.id}_c"].dropna() > 0).all(), proxy.id


def test_tree_shade_is_part_of_what_trees_do(effects):
    assert (effects["tree_shade_c"] < 0).all()
    assert (effects["tree_shade_c"] > effects["effect_shadow_c"]).all()


def test_shadow_alone_never_warms_and_flips_are_counted_where_they_happen(effects):
    assert (effects["flipped_shadow"] == 0).all()
    assert (effects["flipped_albedo"] == 0).all()
    # trees over water, roofs or grass that is cooler: some pixels, never most
    assert 0 < effects["flipped_canopy"].mean() < 0.3


@pytest.mark.parametrize("metro", ["seattle", "dallas", "miami"])
@pytest.mark.parametrize("seed", [1, 2])
def test_over_random_scenes_each_pixel_obeys_the_physics(metro, seed):
    settings = TwinSettings(size_px=256, tracts=(2, 3), seed=seed)
    view = view_of(build_metro(settings, metro).scene, settings)
    weather = weather_at(view.scene.climate)
    now = temperature(view, weather, settings)
    rounding = 0.02
    # the direct beam never cools what it falls on, and a darker surface is never cooler
    assert (temperature(MOVES["shadow"](view, settings), weather, settings) >= now - rounding).all()
    bright = replace(view, albedo=np.minimum(view.albedo * 1.1, 0.95))
    assert (temperature(bright, weather, settings) <= now + rounding).all()
    # with the geometry of light fixed: trees over dry sealed ground cool, by every pixel
    bare = replace(view.scene, tree_m=np.zeros_like(view.scene.tree_m))
    ground = replace(view_of(bare, settings), light=view.light)
    over = (view.scene.tree_m > 0) & (view.scene.ground == CODE["asphalt"])
    assert over.any()
    warmer = temperature(ground, weather, settings)[over]
    lit = view.light.lit[over] > 0
    assert (now[over][lit] < warmer[lit]).all()


def test_the_stress_twin_has_a_wrong_sign():
    settings = replace(world_settings("stress"), size_px=512, tracts=(8, 12))
    view = view_of(build_metro(settings, "seattle").scene, settings)
    day = temperature(view, weather_at(view.scene.climate), settings)
    effects = true_effects(view, day, settings)
    assert (effects["effect_ndvi_c"] > 0).mean() > 0.5
    assert (effects["effect_albedo_c"] < 0).all()


def test_tract_means_leave_out_what_belongs_to_no_tract():
    tract = np.array([[0, 0, -1], [1, 1, -1]], np.int16)
    assert tract_means(np.array([[1.0, 3.0, 99.0], [5.0, 5.0, 99.0]]), tract).tolist() == [2, 5]
