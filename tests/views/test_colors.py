"""Colours: classes hold what they say, missing is never a class, the maps are safe to read."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.views.colors import classes_of, diverging_scale, palette, sequential_scale

values = st.lists(
    st.floats(-1e4, 1e4, allow_nan=False) | st.just(float("nan")), min_size=1, max_size=60
)


@given(values)
def test_each_value_lies_between_the_limits_of_its_class(numbers):
    array = np.array(numbers)
    for scale in (sequential_scale(array), diverging_scale(array)):
        codes = classes_of(array, scale)
        missing = ~np.isfinite(array)
        assert (codes[missing] == len(scale.colours)).all()
        for value, code in zip(array[~missing], codes[~missing], strict=True):
            assert scale.edges[code] <= value <= scale.edges[code + 1]


def test_diverging_classes_are_symmetric_around_zero():
    scale = diverging_scale(np.linspace(-1, 3, 400))
    inner = np.array(scale.edges[1:-1])
    np.testing.assert_allclose(inner, -inner[::-1], atol=1e-12)


def test_sequential_classes_hold_equally_many():
    rng = np.random.default_rng(0)
    array = rng.lognormal(size=700)
    counts = np.bincount(classes_of(array, sequential_scale(array)))
    assert counts.min() >= 99


def test_lightness_of_the_temperature_colours_changes_one_way():
    """Readable in grey print and with any colour vision (Crameri et al. 2020)."""
    colours = np.array(palette("crameri:lajolla", 7))
    luminance = colours @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(luminance) > 0).all() or (np.diff(luminance) < 0).all()
