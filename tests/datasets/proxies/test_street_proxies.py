"""Published formulas have the defects that were measured in them; the mended ones do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.datasets.proxies.image_features import street_features
from aespa_core.datasets.proxies.street_proxies import street_proxies
from aespa_core.datasets.proxies.street_proxies_published import published_proxies
from aespa_core.datasets.proxies.street_segments import SKY, street_segments
from aespa_core.schema import PROXIES
from tests.made_street import Street, flat

ASPHALT, OVERCAST, BLUE_SKY = flat(90, 90, 92), flat(225, 228, 232), flat(110, 160, 230)
FOLIAGE, YELLOW_GRASS = flat(60, 120, 50), flat(150, 170, 60)

frames = st.builds(
    lambda seed, height, width: np.random.default_rng(seed).integers(
        0, 256, (height, width, 3), dtype=np.uint8
    ),
    st.integers(0, 2**31),
    st.integers(24, 60),
    st.integers(24, 60),
)


def test_published_values_on_flat_colours():
    """Measured on the public code, commit 2e047cd."""
    assert published_proxies(FOLIAGE).canopy == 0.5
    assert published_proxies(YELLOW_GRASS).canopy == 1.0
    assert published_proxies(ASPHALT).impervious == pytest.approx(0.2, abs=1e-6)
    assert published_proxies(OVERCAST).impervious == pytest.approx(0.8, abs=0.01)
    assert published_proxies(FOLIAGE).impervious == pytest.approx(0.14, abs=0.01)
    assert published_proxies(OVERCAST).albedo == pytest.approx(0.89, abs=0.01)
    assert published_proxies(flat(110, 145, 230)).ndvi == pytest.approx(0.14, abs=0.01)
    assert published_proxies(flat(0, 0, 0)).shadow == 0.5


def test_published_imperviousness_is_vegetation_turned_over():
    dull = flat(120, 140, 100)
    reading = published_proxies(dull)
    assert reading.impervious == pytest.approx(0.4 * (1 - reading.ndvi) / 2, abs=1e-9)


def test_mended_foliage_does_not_saturate_at_half():
    assert street_proxies(FOLIAGE).canopy == 1.0
    assert street_proxies(FOLIAGE).impervious == 0.0


@pytest.mark.parametrize("sky", [OVERCAST, BLUE_SKY, flat(255, 255, 255)])
def test_a_frame_of_sky_says_nothing_of_the_ground(sky):
    reading = street_proxies(sky)
    assert reading.canopy == 0.0
    for value in (reading.ndvi, reading.impervious, reading.albedo, reading.shadow):
        assert np.isnan(value)


def test_asphalt_is_sealed_and_a_lens_cap_is_nothing():
    assert street_proxies(ASPHALT).impervious == 1.0
    assert street_proxies(ASPHALT).shadow == 0.0
    assert np.isnan(list(street_proxies(flat(3, 2, 4)).as_dict().values())).all()


@pytest.mark.parametrize(
    "street",
    [
        Street(),
        Street(tree=0, lawn=0, shade=0),
        Street(tree=0.6, lawn=0.5, wall=0.3),
        Street(soil=0.2, shade=0.1),
        Street(sky=(228, 230, 232), seed=1),
        Street(height=128, width=256, seed=2),
        Street(height=720, width=960, seed=3),
    ],
)
def test_drawn_shares_come_back(street):
    reading = street_proxies(street.draw())
    assert reading.canopy == pytest.approx(street.crowns, abs=0.04)
    assert reading.impervious == pytest.approx(1 - street.lawn - street.soil, abs=0.03)
    assert reading.shadow == pytest.approx(street.shade / (1 - street.lawn), abs=0.03)
    assert 0.1 < reading.albedo < 0.7


def test_sky_is_found_where_it_was_drawn():
    street = Street(tree=0, wall=0)
    segments = street_segments(street.draw())
    assert segments.share(SKY) == pytest.approx(0.5, abs=0.01)
    assert not (segments.label[segments.horizon_row :] == SKY).any()


@settings(max_examples=15)
@given(st.floats(0.55, 1.05), st.floats(0, 0.5), st.floats(0, 0.5))
def test_exposure_changes_neither_canopy_nor_ground(gain, tree, lawn):
    frame = Street(tree=tree, lawn=lawn, height=120, width=160).draw()
    other = np.rint(frame * gain).clip(0, 255).astype(np.uint8)
    one, two = street_proxies(frame), street_proxies(other)
    assert two.canopy == pytest.approx(one.canopy, abs=0.02)
    assert two.impervious == pytest.approx(one.impervious, abs=0.02)
    assert two.shadow == pytest.approx(one.shadow, abs=0.03)
    assert two.albedo == pytest.approx(one.albedo, abs=0.03)


@settings(max_examples=10)
@given(st.integers(4, 60), st.floats(0, 0.5))
def test_more_sky_changes_nothing_on_the_ground(rows, lawn):
    street = Street(lawn=lawn, height=120, width=240)
    frame = street.draw()
    more = np.concatenate([np.repeat(frame[:1], rows, axis=0), frame])
    one = street_proxies(frame)
    two = street_proxies(more, horizon=(60 + rows) / (120 + rows))
    assert two.impervious == pytest.approx(one.impervious, abs=0.01)
    assert two.shadow == pytest.approx(one.shadow, abs=0.01)
    assert two.ndvi == pytest.approx(one.ndvi, abs=0.02)
    grey = np.concatenate([np.full((rows, 240, 3), 230, np.uint8), frame])
    assert published_proxies(grey).impervious > published_proxies(frame).impervious


@settings(max_examples=25)
@given(frames)
def test_every_reading_lies_in_the_range_of_the_schema(frame):
    for reading in (published_proxies(frame), street_proxies(frame)):
        for proxy in PROXIES:
            value = reading.as_dict()[proxy.id]
            assert np.isnan(value) or proxy.low <= value <= proxy.high


def test_features_have_the_same_names_for_every_photo():
    names = [list(street_features(frame)) for frame in (OVERCAST, ASPHALT, Street().draw())]
    assert names[0] == names[1] == names[2]
    features = street_features(Street().draw())
    assert np.isfinite(list(features.values())).all()
    assert features["share_grass"] == pytest.approx(0.3, abs=0.02)
