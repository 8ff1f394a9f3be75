"""Local Moran's I: a planted hot spot is found, chance is not."""

import numpy as np
import pytest

from aespa_core.analysis.spatial.local_moran import local_moran
from aespa_core.analysis.spatial.moran import moran
from aespa_core.analysis.spatial.weights import queen
from aespa_core.errors import ConfigError, StudyError
from tests.analysis.spatial.columbus import CRIME, columbus
from tests.analysis.spatial.made_grid import grid, with_island


def planted(side=16):
    """Noise with a hot 5 × 5 corner, a cold one, and one cool tract inside the hot one."""
    values = np.random.default_rng(8).normal(size=(side, side))
    values[:5, :5] += 5
    values[-5:, -5:] -= 5
    values[1, 1] = -4
    return values.ravel()


def test_local_values_add_up_to_the_global_one():
    found = local_moran(CRIME, columbus(), permutations=99)
    assert found.statistic.sum() == pytest.approx(48 * moran(CRIME, columbus()).statistic)


def test_planted_places_are_found_and_named():
    found = local_moran(planted(), queen(grid(16)))
    words = np.array(found.cluster).reshape(16, 16)
    assert words[3, 3] == words[2, 3] == words[3, 2] == "high–high"
    assert words[1, 1] == "low–high"
    assert words[-3, -3] == words[-2, -2] == "low–low"
    assert (words[6:10, 6:10] == "not significant").all()
    named = words != "not significant"
    np.testing.assert_array_equal(named.ravel(), found.q <= 0.05)


def test_q_is_benjamini_and_hochbergs():
    found = local_moran(planted(), queen(grid(16)), permutations=999)
    p = np.sort(found.p)
    step_up = np.minimum.accumulate((p * 256 / np.arange(1, 257))[::-1])[::-1]
    np.testing.assert_allclose(np.sort(found.q), np.minimum(step_up, 1), rtol=1e-12)
    assert found.p.min() == 2 / 1000


def test_p_is_uniform_under_chance():
    weights = queen(grid(12))
    chance = np.random.default_rng(21)
    p = np.concatenate(
        [local_moran(chance.normal(size=144), weights, 199, seed).p for seed in range(10)]
    )
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=0.02)
    assert np.mean(p <= 0.5) == pytest.approx(0.5, abs=0.05)


def test_a_seed_gives_the_same_answer_and_leaves_other_chance_alone():
    np.random.seed(3)
    expected = np.random.random()
    np.random.seed(3)
    one = local_moran(CRIME, columbus(), 199, seed=5)
    assert np.random.random() == expected
    assert local_moran(CRIME, columbus(), 199, seed=5).cluster == one.cluster
    np.testing.assert_array_equal(local_moran(CRIME, columbus(), 199, seed=5).p, one.p)
    assert (local_moran(CRIME, columbus(), 199, seed=6).p != one.p).any()


def test_an_island_has_no_neighbours_and_no_numbers():
    squares = grid(16)
    found = local_moran(np.append(99.0, planted()), queen(with_island(squares)), 199)
    assert found.cluster[0] == "no neighbours"
    assert np.isnan([found.statistic[0], found.p[0], found.q[0]]).all()
    assert found.cluster[1:] == local_moran(planted(), queen(squares), 199).cluster


def test_degenerate_inputs_are_sentences():
    with pytest.raises(StudyError, match="same in all 49"):
        local_moran(np.ones(49), columbus())
    with pytest.raises(ConfigError, match="9 permutations"):
        local_moran(CRIME, columbus(), permutations=9)
