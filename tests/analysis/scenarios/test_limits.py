"""Whatever is asked: never warmer, never beyond a limit, nothing from nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.scenarios.limits import FULL as IS_FULL
from aespa_core.analysis.scenarios.limits import NO_CURVE as HAS_NO_CURVE
from aespa_core.analysis.scenarios.limits import OUTSIDE as IS_OUTSIDE
from aespa_core.analysis.scenarios.limits import given_of, limits_of
from aespa_core.analysis.scenarios.measures import MEASURE_IDS, MEASURES, VECTORS
from aespa_core.schema import PROXIES
from tests.analysis.scenarios.made_metro import (
    FULL,
    NO_CANOPY,
    NO_CURVE,
    OUTSIDE,
    made_baseline,
    with_plantable,
)

BASELINE = made_baseline()
LIMITS = limits_of(BASELINE)
TRACTS = len(BASELINE.frame)
# what a sum of rounded parts may be off by, °C
ROUNDING_C = 1e-12


@st.composite
def amounts(draw):
    """Ask for chance shares, of many tracts at once or of a few."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    share = rng.uniform(0, draw(st.floats(0, 1)), (len(MEASURES), TRACTS))
    share *= rng.random(share.shape) < draw(st.sampled_from([1.0, 0.5, 0.01]))
    return share


@settings(max_examples=300)
@given(amounts(), st.integers(0, len(MEASURES) - 1))
def test_never_warmer_never_beyond_a_limit_and_zero_restores(asked, off):
    given_now = given_of(asked, LIMITS)
    effect = BASELINE.responses.effect_c(given_now.change)
    assert np.isfinite(effect).all()
    assert effect.max() <= ROUNDING_C
    assert (given_now.share >= 0).all()
    assert (given_now.share <= np.minimum(asked, LIMITS.share)).all()
    assert (given_now.share.sum(0) <= 1 + 1e-12).all()
    assert (given_now.change <= LIMITS.highest).all()
    assert (given_now.change >= LIMITS.lowest).all()
    sign = np.array([proxy.sign for proxy in PROXIES])
    assert (sign * given_now.change <= 0).all()
    # what is given is what moves
    np.testing.assert_allclose(
        given_now.change, np.einsum("qb,qbk->bk", given_now.share, LIMITS.step), atol=1e-12
    )
    # a measure at zero is a measure that was never there
    without = asked.copy()
    without[off] = 0.0
    fewer = given_of(without, LIMITS)
    assert (fewer.share[off] == 0).all()
    untouched = asked[off] == 0
    assert (fewer.share[:, untouched] == given_now.share[:, untouched]).all()
    # what one measure leaves, others may take: never less than before
    assert (np.delete(fewer.share, off, 0) >= np.delete(given_now.share, off, 0) - 1e-12).all()
    nothing = given_of(np.zeros_like(asked), LIMITS)
    assert (BASELINE.responses.effect_c(nothing.change) == 0).all()


def test_without_scaling_back_limits_would_be_passed():
    """The property above would go red: half of each limit together is more than some can take."""
    together = np.einsum("qb,qbk->bk", LIMITS.share, LIMITS.step)
    assert (together > LIMITS.highest + 1e-6).any()


def test_the_tracts_that_take_nothing_say_why():
    planting, albedo = MEASURE_IDS.index("planting"), MEASURE_IDS.index("cool_roofs")
    assert LIMITS.refused[planting, NO_CANOPY] == HAS_NO_CURVE
    assert LIMITS.refused[planting, FULL] == IS_FULL
    assert LIMITS.refused[albedo, FULL] == ""
    assert (LIMITS.refused[:, OUTSIDE] == IS_OUTSIDE).all()
    assert (LIMITS.refused[:, NO_CURVE] == HAS_NO_CURVE).all()
    assert ((LIMITS.share == 0) == (LIMITS.refused != "")).all()


def test_limits_are_what_is_usual_at_similar_density():
    """By hand, for tracts where no other proxy ends first."""
    responses = BASELINE.responses
    free = np.delete(np.arange(TRACTS), [NO_CANOPY, OUTSIDE, FULL, NO_CURVE])
    roofs = responses.usual_highest[free, 3] / 0.35
    np.testing.assert_allclose(LIMITS.share[1, free], np.minimum(roofs, 1.0))
    trees = np.minimum.reduce(
        [
            responses.usual_highest[free, 1],
            responses.highest[free, 0] / 0.25,
            responses.highest[free, 4] / 0.3,
        ]
    )
    np.testing.assert_allclose(LIMITS.share[0, free], trees)
    assert LIMITS.basis[0] == "ninetieth percentile of tree canopy at similar density"
    assert LIMITS.basis[2] == "tenth percentile of sealed ground at similar density"


def test_plantable_ground_is_the_limit_where_it_was_measured():
    limits = limits_of(with_plantable(BASELINE, 0.01))
    assert limits.share[0, 0] == LIMITS.share[0, 0]
    assert limits.share[0, 1:].max() == pytest.approx(0.01)
    assert (limits.share[1:] == LIMITS.share[1:]).all()
    assert limits.basis[0].startswith("plantable ground, where unknown the ninetieth percentile")


def test_a_move_without_a_curve_is_left_out_and_not_guessed():
    baseline = made_baseline(("canopy", "albedo"))
    limits = limits_of(baseline)
    assert (limits.step[0][:, [0, 2, 4]] == 0).all()
    assert limits.vectors.tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 0.35, 0], [0] * 5, [0] * 5]
    assert (LIMITS.vectors == VECTORS).all()
    assert (limits.share[2:] == 0).all()
    moved = given_of(limits.share, limits)
    assert np.isfinite(baseline.responses.effect_c(moved.change)).all()
    assert VECTORS[0, 0] > 0
