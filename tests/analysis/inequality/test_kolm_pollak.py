"""Kolm–Pollak: its own sentences, its shift, its trap and its decomposition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.analysis.inequality.kolm_pollak import (
    KAPPA_PER_C,
    decomposed,
    equal_heat,
    equal_heat_by_group,
)
from aespa_core.errors import StudyError


def made(seed, count=60):
    rng = np.random.default_rng(seed)
    return rng.normal(35, 3, count), rng.integers(0, 9, (count, 3)).astype(float)


@given(st.integers(0, 2**16), st.floats(-300, 300))
def test_a_shift_goes_into_the_equivalent_and_leaves_the_index(seed, shift):
    y, people = made(seed)
    before, after = equal_heat(y, people[:, 0]), equal_heat(y + shift, people[:, 0])
    assert after.ede_c - before.ede_c == pytest.approx(shift, abs=1e-9)
    assert after.index_c == pytest.approx(before.index_c, abs=1e-9)


def test_kappa_from_the_data_would_break_the_shift():
    """The published trap: κ scaled by Σy / Σy² as for Atkinson's; hence κ has no such default."""
    y, people = made(0)

    def trapped(values: np.ndarray) -> float:
        return equal_heat(values, people[:, 0], 10 * values.sum() / (values @ values)).index_c

    assert trapped(y + 10) < 0.9 * trapped(y)


def test_two_people_by_hand():
    heat = equal_heat(np.array([30.0, 32.0]), np.array([1.0, 1.0]), np.log(2))
    assert heat.ede_c == pytest.approx(30 + np.log2((1 + 4) / 2))
    assert heat.index_c == pytest.approx(np.log2(2.5) - 1)


def test_a_degree_weighs_as_the_note_says():
    """What the EDE gains by warming one of two: twice as much for him who is 1.4 °C hotter."""
    people, step = np.ones(2), 1e-6
    base = np.array([30.0, 30.0 + np.log(2) / KAPPA_PER_C])
    gains = [equal_heat(base + step * np.eye(2)[k], people).ede_c for k in (0, 1)]
    cool, hot = np.array(gains) - equal_heat(base, people).ede_c
    assert hot / cool == pytest.approx(2, rel=1e-3)
    assert np.log(2) / KAPPA_PER_C == pytest.approx(1.4, abs=0.05)


def test_small_spread_is_half_kappa_times_the_variance():
    y, people = made(3)
    y, people = 35 + (y - 35) * 1e-3, people[:, 0]
    variance = np.cov(y, fweights=people.astype(int), ddof=0)
    assert equal_heat(y, people).index_c == pytest.approx(KAPPA_PER_C / 2 * variance, rel=1e-2)


def test_a_large_kappa_does_not_overflow():
    assert equal_heat(np.array([30.0, 45.0]), np.ones(2), 1e4).ede_c == pytest.approx(45, abs=1e-3)


@given(st.integers(0, 2**16))
def test_the_parts_sum_to_the_whole(seed):
    y, people = made(seed)
    whole = equal_heat(y, people.sum(1))
    parts = decomposed(equal_heat_by_group(y, people))
    assert min(parts.within_c, parts.between_c) >= 0
    assert parts.within_c + parts.between_c == pytest.approx(whole.index_c, abs=1e-9)


def test_integer_people_are_repetitions():
    y, people = made(5)
    each = np.repeat(y, people[:, 0].astype(int))
    by_hand = np.log(np.mean(np.exp(KAPPA_PER_C * (each - 35)))) / KAPPA_PER_C + 35
    assert equal_heat(y, people[:, 0]).ede_c == pytest.approx(by_hand, rel=1e-12)


def test_nobody_and_the_unmeasured():
    y, people = np.array([30.0, np.nan]), np.array([[0.0, 2.0, 1.0], [0.0, 0.0, 1.0]])
    nobody, known, unmeasured = equal_heat_by_group(y, people)
    assert nobody.people == 0
    assert np.isnan([nobody.ede_c, nobody.mean_c, unmeasured.ede_c]).all()
    assert known.ede_c == 30
    assert known.index_c == 0


@pytest.mark.parametrize("kappa", [0.0, -0.5, np.nan])
def test_no_aversion_is_one_sentence(kappa):
    with pytest.raises(StudyError, match="needs a positive number"):
        equal_heat(np.ones(2), np.ones(2), kappa)
