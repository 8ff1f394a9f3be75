"""Moran's I against R, against its definition, and against chance."""

import numpy as np
import pytest

from aespa_core.analysis.spatial.moran import moran, moran_scatter, residual_moran
from aespa_core.analysis.spatial.weights import queen, rook
from aespa_core.errors import StudyError
from tests.analysis.spatial.columbus import CRIME, DESIGN, R, columbus
from tests.analysis.spatial.made_grid import grid, rook_grid, with_island


def test_residual_form_equals_r():
    found = residual_moran(CRIME, DESIGN, columbus())
    # R's twelve printed digits leave half a unit of the last: 2e-12 of .235638353766.
    assert found.statistic == pytest.approx(R["lm_moran_I"], rel=2.1e-12)
    assert found.z == pytest.approx(R["lm_moran_z"], rel=1e-12)
    assert found.p == pytest.approx(R["lm_moran_p"], rel=1.5e-12)


def test_values_equal_r():
    found = moran(CRIME, columbus())
    np.testing.assert_allclose(
        [found.statistic, found.expectation, found.variance], R["moran_crime"], rtol=2e-12
    )
    assert found.z == pytest.approx((found.statistic + 1 / 48) / np.sqrt(found.variance))


def test_residual_moments_are_cliff_and_ords_also_when_weighted():
    weighted = np.random.default_rng(5).uniform(0.2, 3, 49)
    w = columbus().matrix.toarray()
    for given in (None, weighted):
        root = np.ones(49) if given is None else np.sqrt(given)
        x = DESIGN * root[:, None]
        m = np.eye(49) - x @ np.linalg.pinv(x)
        e = m @ (CRIME * root)
        mw = m @ w
        mean = np.trace(mw) / 46
        variance = (np.trace(mw @ m @ w.T) + np.trace(mw @ mw) + np.trace(mw) ** 2) / (
            46 * 48
        ) - mean**2
        found = residual_moran(CRIME, DESIGN, columbus(), given)
        assert found.statistic == pytest.approx(e @ w @ e / (e @ e), rel=1e-12)
        assert found.expectation == pytest.approx(mean, rel=1e-10)
        assert found.variance == pytest.approx(variance, rel=1e-10)


def test_moments_are_those_of_shuffled_values():
    weights = columbus()
    chance = np.random.default_rng(11)
    shuffled = [moran(chance.permutation(CRIME), weights) for _ in range(400)]
    found = np.array([one.statistic for one in shuffled])
    expected = shuffled[0]
    assert abs(found.mean() - expected.expectation) < 3 * np.sqrt(expected.variance / 400)
    assert found.var() == pytest.approx(expected.variance, rel=0.25)
    assert np.mean([one.p < 0.05 for one in shuffled]) == pytest.approx(0.05, abs=0.033)


def test_a_checkerboard_is_minus_one_and_a_slope_is_near_one():
    weights = rook_grid(12)
    row, column = np.divmod(np.arange(144), 12)
    board = moran((row + column) % 2, weights)
    assert board.statistic == pytest.approx(-1, rel=1e-12)
    assert board.z < -10
    slope = moran(row + column, weights)
    assert slope.statistic > 0.9
    assert slope.p < 1e-20


def test_relabelling_and_units_change_nothing():
    squares = grid(6)
    values = np.random.default_rng(2).gamma(2, size=36)
    order = np.random.default_rng(4).permutation(36)
    here, there = (
        moran(values, queen(squares)),
        moran(values[order] * 1.8 + 32, queen(squares.iloc[order])),
    )
    for name in ("statistic", "variance", "z", "p"):
        assert getattr(there, name) == pytest.approx(getattr(here, name), rel=1e-12)
    dollars = DESIGN * [1, 1e5, 1e-4]
    assert residual_moran(CRIME, dollars, columbus()).z == pytest.approx(R["lm_moran_z"], rel=1e-11)


def test_islands_are_left_out_and_named():
    squares = grid(6)
    values = np.random.default_rng(2).gamma(2, size=36)
    x = np.column_stack([np.ones(37), np.random.default_rng(3).normal(size=37)])
    weights = queen(with_island(squares))
    with_one = moran(np.append(1e6, values), weights)
    assert with_one.left_out == ("far",)
    assert with_one.tracts == 36
    assert with_one.statistic == moran(values, queen(squares)).statistic
    residual = residual_moran(np.append(1e6, values), x, weights)
    assert residual.z == residual_moran(values, x[1:], queen(squares)).z
    scatter = moran_scatter(np.append(1e6, values), weights)
    assert np.isnan([scatter.standardised[0], scatter.lag[0]]).all()
    assert np.isfinite([scatter.standardised[1:], scatter.lag[1:]]).all()


def test_the_line_through_the_scatter_has_slope_i():
    scatter = moran_scatter(CRIME, columbus())
    line = np.polynomial.Polynomial.fit(scatter.standardised, scatter.lag, 1).convert().coef
    assert line[1] == pytest.approx(R["moran_crime"][0], rel=1e-12)
    assert scatter.slope == pytest.approx(R["moran_crime"][0], rel=1e-12)
    assert scatter.standardised.std() == pytest.approx(1)


def test_degenerate_inputs_are_sentences():
    weights = columbus()
    with pytest.raises(StudyError, match="outcome is the same in all 49 tracts"):
        moran(np.full(49, 31.7), weights)
    with pytest.raises(StudyError, match="2 of 49 tracts lack"):
        moran(np.where(np.arange(49) < 2, np.nan, CRIME), weights)
    with pytest.raises(StudyError, match="weights are of 49 tracts, the outcome of 48"):
        moran(CRIME[1:], weights)
    with pytest.raises(StudyError, match="singular: column 4 is zero or a combination"):
        residual_moran(CRIME, np.column_stack([DESIGN, DESIGN[:, 1] - DESIGN[:, 2]]), weights)
    with pytest.raises(StudyError, match="give the outcome exactly"):
        residual_moran(DESIGN @ [1, 2, 3], DESIGN, weights)
    with pytest.raises(StudyError, match="1 tracts have no positive regression weight"):
        residual_moran(CRIME, DESIGN, weights, np.append(0.0, np.ones(48)))
    with pytest.raises(StudyError, match="Only 0 of 1 tracts have neighbours"):
        moran(np.ones(1), rook(grid(1)))
    scattered = rook(grid(7).iloc[::2])  # every other square: corners touch, edges do not
    with pytest.raises(StudyError, match="Only 0 of 25 tracts have neighbours"):
        moran(np.arange(25.0), scattered)
