"""The truth of the disparity benchmark is a mean with its Monte Carlo error."""

import numpy as np
import pytest

from aespa_core.benchmarks.disparity_target import COUNTED, TRUTH, truth_of, world_seeds


def test_a_mean_and_its_error_by_hand():
    target = truth_of(np.array([[1.0, -2.0], [3.0, -2.0], [5.0, -2.0], [7.0, -2.0]]))
    np.testing.assert_allclose(target.value, [4.0, -2.0])
    np.testing.assert_allclose(target.error, [np.sqrt(20.0 / 12.0), 0.0])


def test_the_error_says_how_far_the_mean_is_off():
    rng = np.random.default_rng(0)
    off = []
    for _ in range(2000):
        target = truth_of(rng.normal(3.0, 2.0, (50, 1)))
        off.append((target.value[0] - 3.0) / target.error[0])
    assert np.mean(np.abs(off) < 2.0096) == pytest.approx(0.95, abs=0.015)


def test_too_few_or_missing_estimates_are_refused():
    with pytest.raises(ValueError, match="two worlds"):
        truth_of(np.ones((1, 3)))
    with pytest.raises(ValueError, match="missing"):
        truth_of(np.array([[1.0], [np.nan]]))


def test_the_truths_worlds_are_not_those_that_are_counted():
    counted, truth = world_seeds(7, COUNTED, 2000), world_seeds(7, TRUTH, 2000)
    assert len({*counted, *truth}) == 4000
    assert world_seeds(7, COUNTED, 10) == counted[:10]
    assert world_seeds(8, COUNTED, 10) != counted[:10]
