"""Impacts against R and against the inverse itself."""

from dataclasses import replace

import numpy as np
import pytest

from aespa_core.analysis.spatial.impacts import impacts, mean_impacts
from aespa_core.analysis.spatial.spatial_model import sar, sdm, sem
from aespa_core.analysis.spatial.weights import weights_of
from aespa_core.errors import ConfigError, StudyError
from tests.analysis.spatial.columbus import CRIME, DESIGN, TERMS, R, columbus
from tests.analysis.spatial.made_grid import centres, grid, lag_data


def test_lag_impacts_equal_r_at_rs_own_rho():
    model, r = sar(CRIME, DESIGN, TERMS, columbus()), R["lag_impacts"]
    found = mean_impacts(model, np.array(R["lag"]["coef"]), R["lag"]["rho"])
    # R's coefficients and ρ are printed to twelve digits: this is what those leave.
    np.testing.assert_allclose(found.direct, r["direct"], rtol=2.5e-12)
    np.testing.assert_allclose(found.total, r["total"], rtol=2.5e-12)
    np.testing.assert_allclose(found.total - found.direct, r["indirect"], rtol=2.5e-12)


def test_lag_impacts_equal_r():
    found, r = impacts(sar(CRIME, DESIGN, TERMS, columbus())), R["lag_impacts"]
    assert found.terms == ("INC", "HOVAL")
    np.testing.assert_allclose(found.direct.estimate, r["direct"], rtol=9.5e-11)
    np.testing.assert_allclose(found.total.estimate, r["total"], rtol=1.6e-10)
    np.testing.assert_allclose(found.indirect.estimate, r["indirect"], rtol=3.6e-10)


@pytest.mark.parametrize("kind", ["queen", "knn_4", "within_2.5km"])
@pytest.mark.parametrize("fit", [sar, sdm])
def test_they_are_those_of_the_inverse(kind, fit):
    squares = grid(8)
    weights = weights_of(kind, squares, centres(squares))
    model = fit(*lag_data(weights, 0.7, 2), ("one", "b", "c"), weights)
    found = impacts(model, draws=100)
    w = weights.matrix.toarray()
    inverse = np.linalg.inv(np.eye(64) - model.parameter * w)
    for position, term in enumerate(("b", "c")):
        theta = 0.0
        if fit is sdm:
            theta = model.coefficients[model.terms.index(f"lag of {term}")]
        effect = inverse @ (model.coefficients[1 + position] * np.eye(64) + theta * w)
        direct, total = np.trace(effect) / 64, effect.sum() / 64
        assert found.direct.estimate[position] == pytest.approx(direct, rel=1e-12)
        assert found.total.estimate[position] == pytest.approx(total, rel=1e-12)
        assert found.indirect.estimate[position] == pytest.approx(total - direct, rel=1e-11)


def test_total_is_the_sum_over_one_minus_rho():
    model = sdm(CRIME, DESIGN, TERMS, columbus())
    b = dict(zip(model.terms, model.coefficients, strict=True))
    expected = [(b[t] + b[f"lag of {t}"]) / (1 - model.parameter) for t in ("INC", "HOVAL")]
    np.testing.assert_allclose(impacts(model).total.estimate, expected, rtol=1e-13)


@pytest.mark.parametrize("fit", [sar, sdm])
def test_simulated_errors_agree_with_the_delta_method(fit):
    # Rows enough that the parameter's error is small and impacts are nearly linear in it.
    weights = weights_of("queen", grid(25), centres(grid(25)))
    model = fit(*lag_data(weights, 0.3, 5), ("one", "b", "c"), weights)
    found = impacts(model, draws=4000)

    def stacked(at: np.ndarray) -> np.ndarray:
        one = mean_impacts(model, at[:-1], at[-1])
        return np.concatenate([one.direct, one.total])

    centre = np.append(model.coefficients, model.parameter)
    steps = 1e-6 * np.eye(len(centre))
    slopes = np.array([(stacked(centre + s) - stacked(centre - s)) / 2e-6 for s in steps])
    delta = np.sqrt(np.diag(slopes.T @ model.covariance @ slopes))
    simulated = np.concatenate([found.direct.std_error, found.total.std_error])
    np.testing.assert_allclose(simulated, delta, rtol=0.06)
    np.testing.assert_allclose(
        found.total.high95 - found.total.low95, 2 * 1.96 * delta[2:], rtol=0.08
    )
    assert (found.draws, found.refused) == (4000, 0)


def test_intervals_cover_the_truth():
    weights = weights_of("rook", grid(12), centres(grid(12)))
    inside = []
    for seed in range(60):
        total = impacts(sar(*lag_data(weights, 0.6, seed), "abc", weights), 300).total
        inside.append((total.low95 < [2.5, -1.25]) & (total.high95 > [2.5, -1.25]))
    assert np.mean(inside) == pytest.approx(0.95, abs=0.06)


def test_impacts_of_the_error_model_are_its_coefficients():
    model = sem(CRIME, DESIGN, TERMS, columbus())
    found = impacts(model)
    np.testing.assert_array_equal(found.direct.estimate, model.coefficients[1:])
    np.testing.assert_array_equal(found.total.std_error, model.std_errors[1:])
    assert not found.indirect.estimate.any()
    assert found.draws == 0
    half = (found.direct.high95 - found.direct.low95) / 2
    np.testing.assert_allclose(half, 1.96 * model.std_errors[1:], rtol=1e-4)


def test_a_seed_gives_the_same_intervals():
    model = sar(CRIME, DESIGN, TERMS, columbus())
    one, same, other = (impacts(model, 200, seed).total.low95 for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).all()


def test_draws_without_equilibrium_are_counted_and_too_many_are_a_sentence():
    model = sar(CRIME, DESIGN, TERMS, columbus())
    wide = model.covariance.copy()
    wide[-1, -1] = 0.4**2
    found = impacts(replace(model, covariance=wide))
    assert found.draws + found.refused == 1000
    assert 50 < found.refused < 150
    wide[-1, -1] = 9.0
    with pytest.raises(StudyError, match="fewer than half"):
        impacts(replace(model, covariance=wide))
    with pytest.raises(ConfigError, match="10 draws"):
        impacts(model, draws=10)
