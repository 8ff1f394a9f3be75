"""Colour, texture and the split in two, against their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from aespa_core.datasets.proxies.pixel_color import linear_light, pixel_color, ramp, reduced
from aespa_core.datasets.proxies.pixel_texture import box_mean, pixel_texture, reached
from aespa_core.datasets.proxies.two_modes import two_modes
from tests.made_street import flat

seeds = st.integers(0, 2**31)


@settings(max_examples=30)
@given(seeds, st.sampled_from([3, 5, 9]))
def test_box_mean_is_the_mean_of_a_box(seed, size):
    values = np.random.default_rng(seed).normal(size=(17, 23))
    expected = ndimage.uniform_filter(values, size, mode="reflect")
    assert np.allclose(box_mean(values, size), expected)


@settings(max_examples=30)
@given(seeds, st.floats(0.2, 0.8))
def test_reached_is_what_hangs_together(seed, density):
    open_to = np.random.default_rng(seed).random((20, 30)) < density
    top = np.zeros_like(open_to)
    top[0] = True
    parts, _ = ndimage.label(open_to)
    expected = open_to & np.isin(parts, parts[0][parts[0] > 0])
    assert (reached(open_to, top) == expected).all()


def test_two_modes_part_in_the_gap():
    chance = np.random.default_rng(0)
    values = np.concatenate([chance.normal(-2, 0.1, 300), chance.normal(1, 0.1, 700)])
    modes = two_modes(values)
    assert -1.5 < modes.threshold < 0.5
    assert modes.low == pytest.approx(-2, abs=0.05)
    assert modes.high == pytest.approx(1, abs=0.05)
    assert modes.low_share == pytest.approx(0.3)
    one = two_modes(np.full(50, 0.25))
    assert (one.low, one.high, one.low_share) == (0.25, 0.25, 0)


def test_walls_have_no_corners_and_leaves_have_many():
    chance = np.random.default_rng(1)
    stripes = np.tile(np.repeat([0.3, 0.9], 6), 10)[None, :] * np.ones((80, 1))
    wall, leaves = (
        pixel_texture(picture, 15, 21) for picture in (stripes, chance.uniform(0.2, 1, (80, 120)))
    )
    assert wall.cornerness.max() < 0.01
    assert np.median(wall.coherence) > 0.9
    assert np.median(leaves.cornerness) > 0.8
    assert np.median(leaves.coherence) < 0.2
    assert wall.roughness.max() > 0.1


def test_gamma_is_undone():
    ramp_up = linear_light(np.arange(256, dtype=np.uint8))
    assert (ramp_up[0], ramp_up[255]) == (0, 1)
    assert ramp_up[188] == pytest.approx(0.5, abs=0.005)
    assert (np.diff(ramp_up) > 0).all()


def test_colour_is_relative():
    one, two = pixel_color(flat(40, 80, 20)), pixel_color(flat(80, 160, 40))
    for name, values in vars(one).items():
        assert np.allclose(values, vars(two)[name])
    assert one.excess_green[0, 0] == pytest.approx(100 / 140, abs=0.03)
    assert np.allclose(ramp(np.array([-1.0, 0.5, 2.0]), 0, 1), [0, 0.5, 1])


def test_large_images_are_averaged_down():
    frame = np.random.default_rng(2).integers(0, 256, (720, 960, 3), dtype=np.uint8)
    small = reduced(frame, 480)
    assert small.shape == (360, 480, 3)
    assert small[0, 0, 0] == np.rint(frame[:2, :2, 0].mean())
    assert (reduced(small, 480) == small).all()
