"""Intervals over members: against printed quantiles, and how often they hold one more member."""

import numpy as np
import pytest

from aespa_core.spread import spread_below, spread_of


def test_three_members_reach_as_far_as_a_printed_table_says():
    spread = spread_of(np.array([1.0, 2.0, 3.0]))
    # t of 2 degrees of freedom at 95 %
    assert spread.high90 - 2.0 == pytest.approx(2.919986 * np.sqrt(4 / 3), rel=1e-6)


def test_nine_in_ten_further_members_lie_within():
    """The next of three members, of normal ones and of such as can never be above 0."""
    rng = np.random.default_rng(0)
    drawn = rng.normal(-1.0, 1.0, (4, 200_000))
    spread = spread_of(drawn[:3])
    assert inside(drawn[3], spread).mean() == pytest.approx(0.9, abs=0.003)
    bounded = -rng.gamma(4.0, 0.2, (4, 200_000))
    free, ending = spread_of(bounded[:3]), spread_below(bounded[:3])
    assert (free.high90 > 0).mean() > 0.3  # it matters often
    assert ending.high90.max() <= 0
    # what was cut off held nobody
    np.testing.assert_array_equal(inside(bounded[3], ending), inside(bounded[3], free))
    assert inside(bounded[3], ending).mean() > 0.88


def test_the_mean_stays_inside_and_a_member_above_lifts_the_bound():
    effects = np.array([[0.0, -1.0, -1e-3], [0.0, -1.1, 1e-3], [0.0, -1.2, -2e-3]])
    spread, free = spread_below(effects), spread_of(effects)
    np.testing.assert_array_equal(spread.high90[:2], [0.0, free.high90[1]])
    assert spread.high90[2] == free.high90[2] > 0
    assert (spread.mean <= spread.high90).all()
    assert np.isnan(spread_below(effects[:1]).high90).all()


def inside(value: np.ndarray, spread) -> np.ndarray:
    return (spread.low90 <= value) & (value <= spread.high90)
