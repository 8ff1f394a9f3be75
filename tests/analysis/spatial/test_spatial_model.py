"""Spatial models against R, against spreg, and against data made with a known parameter."""

import warnings

import numpy as np
import pytest
from scipy import sparse

from aespa_core.analysis.spatial.likelihood import error_likelihood, lag_likelihood
from aespa_core.analysis.spatial.moran import moran
from aespa_core.analysis.spatial.spatial_model import sar, sdm, sem
from aespa_core.analysis.spatial.spatial_weights import pysal_weights, standardised
from aespa_core.analysis.spatial.weights import nearest, queen, rook, weights_of
from aespa_core.errors import StudyError
from tests.analysis.spatial.columbus import CRIME, DESIGN, TERMS, R, columbus
from tests.analysis.spatial.made_grid import (
    centres,
    error_data,
    grid,
    lag_data,
    rook_grid,
    with_island,
)

MODELS = {"sar": sar, "sem": sem, "sdm": sdm}


def test_lag_model_equals_r():
    found, r = sar(CRIME, DESIGN, TERMS, columbus()), R["lag"]
    assert found.parameter == pytest.approx(r["rho"], rel=2.2e-10)
    np.testing.assert_allclose(found.coefficients, r["coef"], rtol=1.2e-10)
    np.testing.assert_allclose(found.std_errors, r["se"], rtol=4.1e-11)
    assert found.parameter_std_error == pytest.approx(r["rho_se"], rel=7.5e-11)
    assert found.log_likelihood == pytest.approx(r["ll"], rel=1.1e-12)
    assert found.aic == pytest.approx(2 * 5 - 2 * r["ll"], rel=1.1e-12)


def test_error_model_equals_r():
    """R's search stops 2.3e-8 beyond the maximum, and its other numbers follow from there."""
    found, r = sem(CRIME, DESIGN, TERMS, columbus()), R["err"]
    assert found.parameter == pytest.approx(r["lambda"], rel=2.4e-8)
    np.testing.assert_allclose(found.coefficients, r["coef"], rtol=1.6e-8)
    np.testing.assert_allclose(found.std_errors, r["se"], rtol=8.4e-9)
    assert found.parameter_std_error == pytest.approx(r["lambda_se"], rel=2e-8)
    assert found.log_likelihood == pytest.approx(r["ll"], rel=8e-13)
    basis = np.linalg.qr(DESIGN).Q
    slope = error_likelihood(CRIME, basis, columbus()).slope
    assert abs(slope(found.parameter)) < 1e-11
    assert slope(r["lambda"]) == pytest.approx(-5.7e-7, rel=0.02)


def test_error_coefficients_at_rs_own_lambda_equal_r():
    w, r = columbus().matrix.toarray(), R["err"]
    away = np.eye(49) - r["lambda"] * w
    there = np.linalg.lstsq(away @ DESIGN, away @ CRIME, rcond=None)[0]
    np.testing.assert_allclose(there, r["coef"], rtol=5e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_where_every_tract_touches_every_other_no_parameter_can_be_told(kind, seed):
    n, chance = 40, np.random.default_rng(seed)
    links = sparse.csr_array(np.ones((n, n)) - np.eye(n))
    weights = standardised("queen", links, [str(place) for place in range(n)], "touch")
    x = np.column_stack([np.ones(n), chance.normal(size=n)])
    y = x @ [1.0, 2.0] + chance.normal(size=n)
    with pytest.raises(StudyError, match=r"cannot be told|design is singular"):
        MODELS[kind](y, x, ("one", "slope"), weights)


@pytest.mark.parametrize("kind", ["rook", "knn_5", "within_2km"])
@pytest.mark.parametrize("lam", [0.0, 0.8])
def test_models_equal_spregs_where_links_are_mutual_or_not(kind, lam):
    """Spreg searches by value, to about 1e-8 of a standard error's digits."""
    from spreg.ml_error import BaseML_Error
    from spreg.ml_lag import BaseML_Lag

    squares = grid(11)
    weights = weights_of(kind, squares, centres(squares))
    y, x = error_data(weights, lam, 4)
    lag, error = sar(y, x, "abc", weights), sem(y, x, "abc", weights)
    by_lag = BaseML_Lag(y[:, None], x, pysal_weights(weights), epsilon=1e-9)
    np.testing.assert_allclose(lag.covariance, by_lag.vm, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(
        [*lag.coefficients, lag.parameter], by_lag.betas[:, 0], rtol=1e-6, atol=1e-7
    )
    assert lag.log_likelihood == pytest.approx(by_lag.logll, rel=1e-11)
    assert lag.log_likelihood >= by_lag.logll - 1e-9
    # `full` of spreg's error model passes scipy an option that scipy warns of; LU has no such.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sparse.SparseEfficiencyWarning)
        by_error = BaseML_Error(y[:, None], x, pysal_weights(weights), "LU", epsilon=1e-9)
    np.testing.assert_allclose(error.covariance, by_error.vm, rtol=1e-5, atol=1e-9)
    assert error.parameter == pytest.approx(by_error.lam, rel=1e-6, abs=1e-7)
    assert error.log_likelihood >= by_error.logll - 1e-9


def test_durbin_model_is_the_lag_model_with_lags_beside():
    weights = columbus()
    beside = np.column_stack([DESIGN, weights.matrix @ DESIGN[:, 1:]])
    names = ("constant", "INC", "HOVAL", "lag of INC", "lag of HOVAL")
    found, by_hand = sdm(CRIME, DESIGN, TERMS, weights), sar(CRIME, beside, names, weights)
    assert found.terms == names
    np.testing.assert_array_equal(found.coefficients, by_hand.coefficients)
    np.testing.assert_array_equal(found.covariance, by_hand.covariance)
    assert (found.own, found.lags) == ((1, 2), (3, 4))
    one = sdm(CRIME, DESIGN, TERMS, weights, lagged=("HOVAL",))
    assert one.terms == ("constant", "INC", "HOVAL", "lag of HOVAL")
    assert (one.own, one.lags) == ((1, 2), (-1, 3))
    assert found.log_likelihood > sar(CRIME, DESIGN, TERMS, weights).log_likelihood


@pytest.mark.parametrize("likelihood", [lag_likelihood, error_likelihood])
def test_slope_is_the_derivative_of_the_value(likelihood):
    weights = nearest(np.random.default_rng(1).normal(size=(60, 2)) * 1e4, range(60), 4)
    y, x = lag_data(weights, 0.3, 1)
    profile = likelihood(y, np.linalg.qr(x).Q, weights)
    for at in (-0.7, 0.1, 0.5, 0.9):
        step = (profile.value(at + 1e-5) - profile.value(at - 1e-5)) / 2e-5
        assert profile.slope(at) == pytest.approx(step, rel=1e-6)


@pytest.mark.parametrize("truth", [-0.4, 0.0, 0.6, 0.95])
def test_the_highest_point_is_the_highest(truth):
    weights = rook_grid(9)
    y, x = lag_data(weights, truth, 6)
    profile = lag_likelihood(y, np.linalg.qr(x).Q, weights)
    fine = max(profile.value(at) for at in np.linspace(-0.999, 0.999, 2001))
    assert profile.value(profile.highest()) >= fine


@pytest.mark.parametrize("truth", [-0.3, 0.6, 0.9])
def test_known_parameters_are_recovered_with_honest_errors(truth):
    weights = rook_grid(13)
    for fit, made in ((sar, lag_data), (sem, error_data)):
        fits = [fit(*made(weights, truth, seed), "abc", weights) for seed in range(60)]
        z = np.array(
            [
                [(f.parameter - truth) / f.parameter_std_error, (f.coefficients[1] - 1) / e]
                for f in fits
                for e in [f.std_errors[1]]
            ]
        )
        spread = np.mean([f.parameter_std_error for f in fits])
        assert np.mean([f.parameter for f in fits]) == pytest.approx(truth, abs=spread)
        assert np.mean(np.abs(z) < 1.96) == pytest.approx(0.95, abs=0.07)


def test_residuals_of_the_right_model_are_chance():
    weights = rook_grid(16)
    y, x = error_data(weights, 0.8, 9)
    assert moran(y, weights).p < 1e-6
    assert moran(sem(y, x, "abc", weights).residuals, weights).p > 0.05


@pytest.mark.parametrize("fit", MODELS.values(), ids=MODELS)
def test_relabelling_and_units_change_nothing(fit):
    squares = grid(8)
    y, x = lag_data(rook(squares), 0.5, 3)
    order = np.random.default_rng(7).permutation(64)
    here = fit(y, x, "abc", rook(squares))
    there = fit(y[order] * 1.8, x[order] * [1, 1e5, 1], "abc", rook(squares.iloc[order]))
    assert there.parameter == pytest.approx(here.parameter, rel=1e-10)
    assert there.parameter_std_error == pytest.approx(here.parameter_std_error, rel=1e-9)
    scale = 1.8 / np.array([1, 1e5, 1, 1e5, 1])[: len(here.terms)]
    np.testing.assert_allclose(there.coefficients, here.coefficients * scale, rtol=1e-9)
    np.testing.assert_allclose(there.std_errors, here.std_errors * scale, rtol=1e-9)


@pytest.mark.parametrize("fit", MODELS.values(), ids=MODELS)
def test_islands_are_left_out_and_named(fit):
    y, x = lag_data(rook_grid(7), 0.5, 3)
    found = fit(np.append(1e5, y), np.vstack([[1, 9, 9], x]), "abc", rook(with_island(grid(7))))
    alone = fit(y, x, "abc", rook_grid(7))
    np.testing.assert_array_equal(found.coefficients, alone.coefficients)
    assert found.left_out == ("far",)
    assert list(np.flatnonzero(~found.used)) == [0]
    assert len(found.residuals) == len(found.weights.geoids) == 49
    assert found.weights.islands == ()


@pytest.mark.parametrize("fit", MODELS.values(), ids=MODELS)
def test_degenerate_inputs_are_sentences(fit):
    weights = columbus()
    with pytest.raises(StudyError, match="outcome is the same"):
        fit(np.ones(49), DESIGN, TERMS, weights)
    with pytest.raises(StudyError, match="singular: twice is zero or a combination"):
        fit(CRIME, np.column_stack([DESIGN, 2 * DESIGN[:, 1]]), (*TERMS, "twice"), weights)
    with pytest.raises(StudyError, match="give the outcome exactly"):
        fit(DESIGN @ [1, 2, 3], DESIGN, TERMS, weights)
    with pytest.raises(StudyError, match="each column needs its name"):
        fit(CRIME, DESIGN, TERMS[:2], weights)
    with pytest.raises(StudyError, match="Only 0 of 1 tracts have neighbours"):
        fit(np.ones(1), np.ones((1, 1)), ("constant",), queen(grid(1)))
    with pytest.raises(StudyError, match="Only 4 of 4 tracts"):
        fit(np.arange(4.0), np.random.default_rng(1).normal(size=(4, 3)), "abc", queen(grid(2)))


def test_lags_that_say_nothing_new_are_named():
    weights = columbus()
    lagged = weights.matrix @ DESIGN[:, 1]
    design = np.column_stack([DESIGN, lagged])
    with pytest.raises(StudyError, match="lag of INC is zero or a combination"):
        sdm(CRIME, design, (*TERMS, "around"), weights, lagged=("INC",))
    with pytest.raises(StudyError, match="rent cannot be lagged"):
        sdm(CRIME, DESIGN, TERMS, weights, lagged=("rent",))
