"""The ground of the disparity worlds is the twin's, and is made once."""

from dataclasses import replace

import numpy as np
import pytest

from aespa_core.benchmarks import disparity_ground
from aespa_core.benchmarks.disparity_ground import twin_grounds
from aespa_core.twin.metro import build_metro
from aespa_core.twin.settings import world_settings
from aespa_core.twin.truth import plan_view, view_of, without_trees

TINY = world_settings("tiny")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ground")
    twin_grounds(TINY, folder)
    return folder


def test_the_bare_ground_is_that_of_a_view_without_trees(cache):
    ground = twin_grounds(TINY, cache)[0]
    metro = build_metro(TINY, ground.land.metro)
    view = view_of(metro.scene, TINY)
    bare = plan_view(without_trees(view, TINY))
    np.testing.assert_allclose(ground.bare_impervious, bare["impervious"], rtol=1e-12)
    np.testing.assert_allclose(ground.bare_albedo, bare["albedo"], rtol=1e-12)
    # canopy of the land and canopy in plan view differ by the water
    seen = ground.land.canopy * (1.0 - ground.water_share)
    np.testing.assert_allclose(seen, plan_view(view)["canopy"], rtol=1e-12)


def test_ground_is_made_once(cache, monkeypatch):
    before = twin_grounds(TINY, cache)
    monkeypatch.setattr(disparity_ground, "build_metro", None)
    again = twin_grounds(TINY, cache)
    assert [g.land.metro for g in again] == list(TINY.metros)
    for one, other in zip(before, again, strict=True):
        np.testing.assert_array_equal(one.land.geoid, other.land.geoid)
        np.testing.assert_array_equal(one.land.homes_m2, other.land.homes_m2)
        np.testing.assert_array_equal(one.shore_cooling_k, other.shore_cooling_k)


def test_another_world_is_not_taken_for_this_one(cache):
    made = []
    other = twin_grounds(replace(TINY, seed=12, metros=("seattle",)), cache, made.append)
    assert made == ["seattle"]
    mine = twin_grounds(TINY, cache, made.append)[1]
    assert made == ["seattle"]
    assert other[0].land.homes_m2.sum() != mine.land.homes_m2.sum()
