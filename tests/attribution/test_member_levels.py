"""Members' levels: nothing but what all of an area's tracts share, and the mean stays exact."""

import numpy as np

from aespa_core.attribution.member_levels import member_levels

AREA = np.array(["east"] * 9 + ["west"] * 8)


def days() -> np.ndarray:
    """Three members, skewed, so that the median of means is not the mean of medians."""
    return np.random.default_rng(0).exponential(2.0, size=(3, 17))


def test_the_mean_over_members_is_against_the_median_of_the_mean():
    day = days()
    against = (day - member_levels(day, AREA)).mean(0)
    mean = day.mean(0)
    for name in ("east", "west"):
        here = name == AREA
        np.testing.assert_allclose(against[here], mean[here] - np.median(mean[here]), atol=1e-12)
        # what would not be exact: each member against its own median and nothing else
        own = day[:, here] - np.median(day[:, here], 1, keepdims=True)
        assert np.abs(own.mean(0) - against[here]).max() > 0.01


def test_a_members_level_in_an_area_is_taken_off_it():
    day = days()
    moved = day + np.where(AREA == "east", [[3.0], [-1.0], [7.0]], [[-2.0], [0.0], [5.0]])
    before, after = (one - member_levels(one, AREA) for one in (day, moved))
    np.testing.assert_allclose(after, before, atol=1e-12)
