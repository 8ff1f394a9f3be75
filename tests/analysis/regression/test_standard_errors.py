"""Standard errors against R (sandwich, clubSandwich), spreg and what theory says of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.sparse import csr_array

from aespa_core.analysis.regression.blocks import spatial_blocks
from aespa_core.analysis.regression.conley import conley, kernel_matrix
from aespa_core.analysis.regression.covariance import HC_KINDS, clustered, heteroscedastic, iid
from aespa_core.analysis.regression.cr2 import cr2, influence
from aespa_core.analysis.regression.estimate import Estimate, estimates_of
from aespa_core.analysis.regression.least_squares import least_squares
from aespa_core.errors import StudyError
from tests.analysis.regression.columbus import CLUSTER, FRAME, XY, R, X, Y, apart, columbus

TERMS = ("constant", "INC", "HOVAL")


def test_coefficients_and_iid_errors_are_r_s():
    fit = columbus()
    assert apart(fit.coefficients, R["ols_coef"]) < 4e-12
    assert apart(iid(fit).errors, R["iid_se"]) < 4e-12


@pytest.mark.parametrize("kind", HC_KINDS)
def test_heteroscedastic_errors_are_r_s(kind):
    assert apart(heteroscedastic(columbus(), kind).errors, R[f"se_{kind}"]) < 4e-12


def test_weighted_regression_is_r_s():
    fit = columbus(FRAME["HOVAL"].to_numpy(float))
    assert apart(fit.coefficients, R["wls"]) < 4e-12
    assert apart(heteroscedastic(fit, "HC1").errors, R["wls_HC1"]) < 4e-12


def test_clustered_errors_are_r_s():
    assert apart(clustered(columbus(), CLUSTER).errors, R["se_CR1_sandwich"]) < 4e-12


def test_cr2_its_freedom_and_its_p_values_are_clubsandwich_s():
    covariance = cr2(columbus(), CLUSTER)
    assert apart(covariance.errors, R["se_CR2"]) < 1e-8
    assert apart(covariance.freedom, R["CR2_df"]) < 1e-8
    p = [row.p for row in estimates_of(columbus(), TERMS, covariance)]
    assert apart(p, R["CR2_p"]) < 1e-8


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_cr2_is_unbiased_whatever_the_weights_where_errors_are_alike(seed):
    """E V = (X'WX)⁻¹X'W²X(X'WX)⁻¹ σ²: with e = (I − H)ε the expectation is a sum of matrices."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(40), rng.normal(size=(40, 3))])
    fit = least_squares(rng.normal(size=40), x, rng.uniform(0.2, 5, 40))
    cluster = rng.integers(0, 6, 40)
    left = np.eye(40) - x @ fit.bread @ (x * fit.weights[:, None]).T
    expected = np.zeros((4, 4))
    for name in np.unique(cluster):
        part = influence(fit, np.flatnonzero(cluster == name))
        pull = part.on_residuals.T @ left[part.rows]
        expected += pull @ pull.T
    weighted = x * fit.weights[:, None]
    assert np.allclose(expected, fit.bread @ weighted.T @ weighted @ fit.bread, rtol=1e-9)


def test_cr2_with_every_row_its_own_cluster_is_hc2():
    fit = columbus()
    assert apart(cr2(fit, np.arange(49)).errors, heteroscedastic(fit, "HC2").errors) < 1e-10


def test_a_cluster_whose_terms_take_it_up_adds_nothing_and_breaks_nothing():
    own = (CLUSTER == 3).astype(float)[:, None] * np.eye(49)[:, CLUSTER == 3][:, :1]
    fit = least_squares(Y, np.hstack([X, own]), np.ones(49))
    assert np.isfinite(cr2(fit, CLUSTER).errors[:3]).all()


def test_satterthwaite_matches_the_moments_of_simulated_variances():
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(60), rng.normal(size=60) * np.repeat([3, 1, 1, 1, 1, 1], 10)])
    cluster = np.repeat(np.arange(6), 10)
    draws = np.array(
        [
            cr2(least_squares(rng.normal(size=60), x, np.ones(60)), cluster).matrix[1, 1]
            for _ in range(3000)
        ]
    )
    freedom = cr2(least_squares(rng.normal(size=60), x, np.ones(60)), cluster).freedom[1]
    assert 2 * draws.mean() ** 2 / draws.var() == pytest.approx(freedom, rel=0.1)


def test_conley_without_reach_is_hc0():
    fit = columbus()
    pairs = kernel_matrix(XY, 1e-6, "bartlett")
    assert apart(conley(fit, pairs).errors, R["se_HC0"]) < 4e-12


def test_conley_over_blocks_is_cr0():
    fit = columbus()
    same = csr_array((CLUSTER[:, None] == CLUSTER).astype(float))
    assert apart(conley(fit, same).errors, clustered(fit, CLUSTER, "CR0").errors) < 1e-13


def test_conley_with_bartlett_is_spreg_s_hac():
    from libpysal.weights import Kernel
    from spreg import OLS

    kernel = Kernel(XY, bandwidth=8.0, fixed=True, function="triangular", diagonal=True)
    reference = OLS(Y[:, None], X[:, 1:], robust="hac", gwk=kernel)
    ours = conley(columbus(), kernel_matrix(XY, 8.0, "bartlett"))
    assert apart(ours.errors, reference.std_err) < 1e-12


def test_kernels_differ_and_an_unknown_one_is_named():
    fit = columbus()
    errors = {
        kernel: conley(fit, kernel_matrix(XY, 8.0, kernel)).errors[1]
        for kernel in ("uniform", "bartlett")
    }
    # the size of the difference for INC, as statistics.md has it
    assert errors["uniform"] == pytest.approx(0.278, abs=5e-4)
    assert errors["bartlett"] == pytest.approx(0.425, abs=5e-4)
    with pytest.raises(StudyError, match="'gauss' is no kernel: choose one of uniform, bartlett"):
        kernel_matrix(XY, 8.0, "gauss")
    with pytest.raises(StudyError, match="must be above 0"):
        kernel_matrix(XY, 0.0, "bartlett")


def test_one_cluster_is_refused():
    with pytest.raises(StudyError, match="One cluster"):
        cr2(columbus(), np.zeros(49, dtype=int))


def test_columns_that_add_up_are_refused():
    with pytest.raises(StudyError, match="only 3 independent"):
        least_squares(Y, np.column_stack([X, X[:, 1] + X[:, 2]]), np.ones(49))


@given(estimate=st.floats(-50, 50), error=st.floats(1e-6, 50), freedom=st.floats(1.5, 5000))
def test_interval_p_and_stars_say_the_same(estimate, error, freedom):
    row = Estimate("x", estimate, error, freedom)
    outside = not row.low95 <= 0 <= row.high95
    assert outside == (row.p < 0.05) or row.p == pytest.approx(0.05, abs=1e-9)
    assert row.p == pytest.approx(2 * stats.t.cdf(-abs(estimate) / error, freedom))
    assert len(row.stars) == sum(row.p < level for level in (0.05, 0.01, 0.001))


@given(seed=st.integers(0, 1000), blocks=st.integers(1, 12))
@settings(max_examples=30)
def test_blocks_hold_as_many_places_each_and_never_cross_a_region(seed, blocks):
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 1000, (90, 2))
    region = np.repeat(np.array(["a", "b"]), [60, 30])
    found = spatial_blocks(xy, region, 3 * blocks)
    for name, n, share in (("a", 60, 2 * blocks), ("b", 30, blocks)):
        own = np.unique(found[region == name], return_counts=True)[1]
        assert len(own) == share
        assert own.max() - own.min() <= np.ceil(np.log2(blocks)) + 1
        assert own.sum() == n
    assert set(found[region == "a"]).isdisjoint(found[region == "b"])


def test_blocks_are_compact():
    grid = np.stack(np.meshgrid(np.arange(16.0), np.arange(16.0)), -1).reshape(-1, 2)
    found = spatial_blocks(grid, np.full(256, "a"), 16)
    for block in range(16):
        assert np.ptp(grid[found == block], axis=0).tolist() == [3, 3]
