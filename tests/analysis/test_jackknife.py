"""Jackknife over blocks: the textbook's mean, and CV3's sandwich."""

import numpy as np
import pytest

from aespa_core.analysis.jackknife import jackknife, unknowns
from aespa_core.analysis.regression.least_squares import least_squares
from aespa_core.errors import StudyError

RNG_SEED = 4


def test_of_a_mean_over_single_rows_it_is_the_textbooks_error():
    y = np.random.default_rng(RNG_SEED).normal(30, 2, 25)
    found = jackknife(lambda rows: y[[*rows]].mean(keepdims=True), np.arange(25), ["mean"])
    estimate = found.estimates[0]
    assert estimate.estimate == pytest.approx(y.mean())
    assert estimate.std_error == pytest.approx(y.std(ddof=1) / 5)
    assert estimate.freedom == 24


def test_of_a_mean_over_equal_blocks_it_is_that_of_their_means():
    y = np.random.default_rng(RNG_SEED).normal(30, 2, (6, 10))
    found = jackknife(
        lambda rows: y.ravel()[rows].mean(keepdims=True), np.repeat(np.arange(6), 10), ["mean"]
    )
    assert found.estimates[0].std_error == pytest.approx(y.mean(1).std(ddof=1) / np.sqrt(6))


def test_of_a_regression_it_is_the_cv3_sandwich():
    """(G − 1)/G · M (Σ s_g s_g') M with s_g = X_g'W_g (I − H_gg)⁻¹ e_g, blocks of any size."""
    rng = np.random.default_rng(RNG_SEED)
    count = 60
    x = np.column_stack([np.ones(count), rng.normal(size=(count, 2))])
    weights, blocks = rng.uniform(1, 9, count), rng.integers(0, 7, count)
    y = x @ [30, 1, -2] + rng.normal(size=count)
    fit = least_squares(y, x, weights)
    meat = np.zeros((3, 3))
    for block in range(7):
        own = blocks == block
        pull = x[own].T * weights[own]
        hat = x[own] @ fit.bread @ pull
        score = pull @ np.linalg.solve(np.eye(own.sum()) - hat, fit.residuals[own])
        meat += np.outer(score, score)
    sandwich = 6 / 7 * fit.bread @ meat @ fit.bread
    found = jackknife(
        lambda rows: least_squares(y[rows], x[rows], weights[rows]).coefficients,
        blocks,
        ["a", "b", "c"],
    )
    np.testing.assert_allclose(found.covariance, sandwich, rtol=1e-8)
    assert found.blocks == 7


def test_a_number_that_needs_a_block_has_no_error():
    y, blocks = np.arange(6.0), np.array([0, 0, 1, 1, 2, 2])

    def numbers(rows):  # noqa: ANN202
        if 2 not in rows:
            raise StudyError("row 2 is needed")
        return np.array([y[rows].mean()])

    found = jackknife(numbers, blocks, ["mean"])
    assert found.estimates[0].estimate == 2.5
    assert np.isnan(found.estimates[0].std_error)
    assert unknowns(found.estimates)[0].startswith("'mean' has no interval")


def test_blocks_that_do_not_matter_give_no_freedom():
    y, blocks = np.arange(12.0), np.repeat(np.arange(6), 2)

    def mean_of_the_first_eight(rows):  # noqa: ANN202
        return y[rows[rows < 8]].mean(keepdims=True)

    found = jackknife(mean_of_the_first_eight, blocks, ["mean"]).estimates[0]
    assert found.freedom == 3
    away = (y[:8].mean() - y[:8].reshape(4, 2).mean(1)) / 3
    assert found.std_error == pytest.approx(np.sqrt(5 / 6 * (away @ away)))


def test_one_block_is_one_sentence():
    with pytest.raises(StudyError, match="One cluster"):
        jackknife(lambda rows: np.ones(1), np.zeros(4, dtype=int), ["one"])
