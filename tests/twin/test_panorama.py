"""Photos: their bytes, their light, and how naive colour indices fail on them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from aespa_core.twin.camera_places import choose_places
from aespa_core.twin.materials import CODE
from aespa_core.twin.panorama import (
    Panorama,
    brightness_of,
    render_panorama,
    render_panoramas,
    sky_view,
)
from aespa_core.twin.scene import Scene
from aespa_core.twin.street_conditions import Conditions, draw_conditions
from aespa_core.twin.street_view import SKY, STREET_CODE, TREE, look
from aespa_core.twin.sun import Sun, sun_at
from aespa_core.twin.surroundings import surroundings_of
from tests.twin.made_scene import made_scene, plain, shade_of

SUN = sun_at(40.48)
CLEAR = Conditions(
    cloud_cover=0.0,
    beam=1.0,
    visibility_m=30_000.0,
    straw=0.0,
    leaf_yellow=0.3,
    exposure_ev=0.0,
    warmth=0.0,
    gamma=2.2,
    noise=0.004,
)
OVERCAST = replace(CLEAR, cloud_cover=1.0, beam=0.0)
PLACE = (40, 80)


def photo(conditions: Conditions, scene: Scene | None = None) -> Panorama:
    scene = scene or made_scene()
    around = surroundings_of(scene, shade_of(scene, SUN))
    return render_panorama(around, *PLACE, SUN, conditions, np.random.default_rng(5))


def luma(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    return image @ np.array([0.299, 0.587, 0.114])


def saturation(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    high, low = image.max(axis=-1).astype(float), image.min(axis=-1).astype(float)
    return (high - low) / np.maximum(high, 1)


def hue_deg(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    red, green, blue = np.moveaxis(image.astype(float), -1, 0)
    return np.degrees(np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360


def test_the_same_seed_makes_the_same_bytes_in_any_order():
    scene = made_scene()
    around = surroundings_of(scene, shade_of(scene, SUN))
    north, south, _ = choose_places(scene, 3, seed=11)
    first = [render_panoramas(around, p, SUN, seed=11) for p in (north, south)]
    second = [render_panoramas(around, p, SUN, seed=11) for p in (south, north)][::-1]
    for one, other in zip(sum(first, ()), sum(second, ()), strict=True):
        assert one.image.tobytes() == other.image.tobytes()
        assert one.mask.tobytes() == other.mask.tobytes()
    third = render_panoramas(around, north, SUN, seed=12)
    assert any(a.image.tobytes() != b.image.tobytes() for a, b in zip(first[0], third, strict=True))


def test_a_photo_has_an_image_a_mask_and_a_heading():
    one = photo(CLEAR)
    assert one.image.shape == (128, 256, 3)
    assert one.image.dtype == one.mask.dtype == np.uint8
    shares = np.bincount(one.mask.ravel(), minlength=8) / one.mask.size
    assert shares.sum() == pytest.approx(1.0)
    assert 0.0 <= one.heading_deg < 360.0
    scene = made_scene()
    straight = look(surroundings_of(scene), *PLACE).mask
    turn = round(one.heading_deg * 256 / 360)
    assert np.array_equal(np.roll(one.mask, turn, axis=1), straight)


def test_a_tract_without_a_road_has_no_photos():
    scene = made_scene()
    around = surroundings_of(scene)
    places = choose_places(scene, 4, seed=0)
    assert [len(render_panoramas(around, p, SUN, seed=0)) for p in places] == [4, 4, 0]


def test_shaded_ground_gets_the_diffuse_light_alone():
    scene = plain(ground="asphalt")
    shade = np.zeros(scene.ground.shape, dtype=np.bool_)
    shade[:, 81:] = True
    around = surroundings_of(scene, shade)
    view = look(around, *PLACE)
    seen = brightness_of(view, around, SUN, CLEAR, np.random.default_rng(0))
    lit, dark = seen[120, 64].mean(), seen[100, 192].mean()
    total = SUN.direct_w_m2 + SUN.diffuse_w_m2
    assert dark / lit == pytest.approx(SUN.diffuse_w_m2 / total, rel=0.15)
    assert lit == pytest.approx(0.1 * total, rel=0.05)
    grey = brightness_of(view, around, SUN, OVERCAST, np.random.default_rng(0))
    assert grey[120, 64] == pytest.approx(grey[100, 192], rel=1e-2)


def test_brighter_material_is_brighter_in_proportion():
    def on(ground: str, factor: float) -> float:
        scene = plain(ground=ground)
        scene.brightness[:] = factor
        around = surroundings_of(scene)
        view = look(around, *PLACE)
        light = brightness_of(view, around, SUN, CLEAR, np.random.default_rng(0))
        return float(light[120].mean())

    assert on("asphalt", 1.3) / on("asphalt", 1.0) == pytest.approx(1.3, rel=0.01)
    assert on("concrete", 1.0) / on("asphalt", 1.0) == pytest.approx(2.82, rel=0.03)


def test_haze_pales_what_is_far_and_leaves_what_is_near():
    scene = plain(400, "asphalt")
    around = surroundings_of(scene)
    view = look(around, 200, 200)
    rng = np.random.default_rng
    clear, hazy = (
        brightness_of(view, around, SUN, replace(CLEAR, visibility_m=v), rng(0))
        for v in (30_000.0, 1_000.0)
    )
    assert hazy[120] == pytest.approx(clear[120], rel=0.05)
    # 204 m away at a range of 1 km: t = exp(-3.912 · 0.204) = 0.45 of the ground is left.
    airlight = np.median(clear[63], axis=0)
    expected = airlight + 0.45 * (clear[64] - airlight)
    assert hazy[64] == pytest.approx(expected, rel=0.05)


def test_grass_yellows_where_the_soil_is_dry():
    scene = plain()
    scene.moisture[:, 80:] = 0.1
    around = surroundings_of(scene)
    light = brightness_of(look(around, *PLACE), around, SUN, CLEAR, np.random.default_rng(0))
    wet, dry = light[100, 40], light[100, 200]
    assert wet[1] > 1.3 * wet[0]
    assert dry[0] > dry[1]


def test_sky_view_is_one_on_a_plain_and_falls_behind_a_wall():
    elevation = surroundings_of(plain()).camera.elevation_rad
    assert sky_view(look(surroundings_of(plain()), *PLACE).mask, elevation) == pytest.approx(1.0)
    scene = plain()
    scene.building_m[:, :79] = 200.0
    # An endless wall at 3 m hides half the sky but for cos²: (1 + cos 89°) / 2.
    assert sky_view(look(surroundings_of(scene), *PLACE).mask, elevation) == pytest.approx(
        0.5, abs=0.03
    )


def test_photos_are_not_taken_at_night():
    around, night = surroundings_of(plain()), Sun(-5.0, 0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="by day"):
        render_panorama(around, *PLACE, night, CLEAR, np.random.default_rng(0))


def test_conditions_stay_within_their_ranges_and_skies_come_in_their_shares():
    rng = np.random.default_rng(0)
    drawn = [draw_conditions(rng) for _ in range(2000)]
    overcast = np.array([c.cloud_cover == 1.0 for c in drawn])
    assert overcast.mean() == pytest.approx(0.25, abs=0.03)
    assert all((c.beam == 0.0) == bool(o) for c, o in zip(drawn, overcast, strict=True))
    assert all(1_000 <= c.visibility_m <= 30_000 and 0 <= c.leaf_yellow <= 1 for c in drawn)


def test_an_overcast_sky_counts_as_sealed_in_the_naive_index_but_not_in_the_mask():
    clear, overcast = photo(CLEAR), photo(OVERCAST)

    def bright_grey(one: Panorama) -> npt.NDArray[np.bool_]:
        return (luma(one.image) > 150) & (saturation(one.image) < 0.2)

    assert np.array_equal(clear.mask, overcast.mask)
    assert bright_grey(overcast).mean() - bright_grey(clear).mean() > 0.15
    assert np.mean(overcast.mask[bright_grey(overcast)] == SKY) > 0.8


def test_dark_pixels_are_no_shadow():
    def dark(conditions: Conditions, ev: float) -> float:
        return float(np.mean(luma(photo(replace(conditions, exposure_ev=ev)).image) < 50))

    assert dark(CLEAR, -1.0) > 2 * dark(CLEAR, 0.0) > 10 * dark(CLEAR, 1.0)
    # Without a sunbeam there is no shadow, yet more dark pixels than in a sunny photo.
    assert dark(OVERCAST, -1.0) > dark(CLEAR, 0.0)


def test_the_naive_hue_of_trees_misses_leaves_and_takes_straw():
    scene = made_scene()
    scene.ground[scene.ground == CODE["grass"]] = CODE["dry_grass"]
    one = photo(replace(CLEAR, leaf_yellow=0.0), scene)
    tree_hue = (hue_deg(one.image) >= 42) & (hue_deg(one.image) <= 85)
    grass = one.mask == STREET_CODE["grass"]
    assert tree_hue[grass].mean() > tree_hue[one.mask == TREE].mean() + 0.2
