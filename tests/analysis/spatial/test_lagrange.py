"""Lagrange multiplier tests against R, and which model each points to."""

from dataclasses import astuple

import numpy as np
import pytest

from aespa_core.analysis.spatial.lagrange import lagrange_tests
from aespa_core.analysis.spatial.weights import rook
from aespa_core.errors import StudyError
from tests.analysis.spatial.columbus import CRIME, DESIGN, R, columbus
from tests.analysis.spatial.made_grid import error_data, grid, lag_data, rook_grid, with_island


def five(found):
    return (found.error, found.lag, found.robust_error, found.robust_lag, found.sarma)


def test_all_five_equal_r():
    tests = five(lagrange_tests(CRIME, DESIGN, columbus()))
    np.testing.assert_allclose([one.statistic for one in tests], R["LM"], rtol=1e-12)
    np.testing.assert_allclose([one.p for one in tests], R["LMp"], rtol=2e-12)
    assert [one.freedom for one in tests] == [1, 1, 1, 1, 2]


def test_both_robust_forms_complete_the_other_to_sarma():
    found = lagrange_tests(CRIME, DESIGN, columbus())
    assert found.error.statistic + found.robust_lag.statistic == pytest.approx(
        found.sarma.statistic, rel=1e-12
    )
    assert found.lag.statistic + found.robust_error.statistic == pytest.approx(
        found.sarma.statistic, rel=1e-12
    )


def test_each_points_to_the_model_that_made_the_data():
    weights = rook_grid(18)
    for made, right, wrong in (
        (lag_data, "robust_lag", "robust_error"),
        (error_data, "robust_error", "robust_lag"),
    ):
        found = [lagrange_tests(*made(weights, 0.4, seed), weights) for seed in range(20)]
        points = [getattr(f, right).statistic > getattr(f, wrong).statistic for f in found]
        assert np.mean(points) >= 0.8


def test_without_dependence_one_in_twenty_is_significant():
    weights = rook_grid(12)
    found = [five(lagrange_tests(*lag_data(weights, 0.0, s), weights)) for s in range(300)]
    rates = np.mean([[one.p < 0.05 for one in tests] for tests in found], axis=0)
    np.testing.assert_allclose(rates, 0.05, atol=0.035)


def test_islands_are_left_out():
    y, x = lag_data(rook_grid(6), 0.4, 2)
    x_more = np.vstack([[1, 50, 50], x])
    found = lagrange_tests(np.append(1e3, y), x_more, rook(with_island(grid(6))))
    alone = lagrange_tests(y, x, rook_grid(6))
    assert astuple(found)[:5] == astuple(alone)[:5]
    assert (found.tracts, found.left_out) == (36, ("far",))


def test_a_collinear_design_is_a_sentence():
    with pytest.raises(StudyError, match="design is singular"):
        lagrange_tests(CRIME, np.column_stack([DESIGN, 2 * DESIGN[:, 1]]), columbus())
