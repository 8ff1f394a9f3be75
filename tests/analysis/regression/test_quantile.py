"""Quantile regression against R's quantreg and what is known of quantiles."""

import numpy as np
import pytest

from aespa_core.analysis.regression.quantile import quantile_coefficients, quantile_covariance
from aespa_core.errors import StudyError
from tests.analysis.regression.columbus import R, X, Y, apart


@pytest.mark.parametrize(("tau", "place"), [(0.25, 0), (0.5, 1), (0.75, 2)])
def test_coefficients_are_quantreg_s(tau, place):
    assert apart(quantile_coefficients(Y, X, np.ones(49), tau), R["rq"][place]) < 1e-11


def test_a_weight_of_three_is_three_rows():
    rng = np.random.default_rng(3)
    y, x = rng.normal(size=40), np.column_stack([np.ones(40), rng.normal(size=40)])
    times = rng.integers(1, 4, 40)
    often = np.repeat(np.arange(40), times)
    apart = quantile_coefficients(y[often], x[often], np.ones(len(often)), 0.3)
    assert quantile_coefficients(y, x, times.astype(float), 0.3) == pytest.approx(apart, abs=1e-7)


def test_the_error_of_a_median_is_the_known_one():
    """Of independent rows: sqrt(τ(1−τ)/n)/f, and of a normal median 1.2533 σ/√n."""
    rng = np.random.default_rng(8)
    n = 8000
    y, x, one = rng.normal(size=n), np.ones((n, 1)), np.ones(n)
    at = quantile_coefficients(y, x, one, 0.5)
    error = quantile_covariance(y, x, one, 0.5, at, np.arange(n)).errors[0]
    assert error == pytest.approx(1.2533 / np.sqrt(n), rel=0.1)


def test_rows_that_stand_together_make_the_error_wider():
    rng = np.random.default_rng(9)
    cluster = np.repeat(np.arange(50), 20)
    y = rng.normal(size=50)[cluster] + 0.3 * rng.normal(size=1000)
    x, one = np.ones((1000, 1)), np.ones(1000)
    at = quantile_coefficients(y, x, one, 0.5)
    together = quantile_covariance(y, x, one, 0.5, at, cluster).errors[0]
    alone = quantile_covariance(y, x, one, 0.5, at, np.arange(1000)).errors[0]
    assert together > 3 * alone


def test_one_cluster_is_refused():
    with pytest.raises(StudyError, match="One cluster"):
        quantile_covariance(Y, X, np.ones(49), 0.5, X[0], np.zeros(49, dtype=int))
