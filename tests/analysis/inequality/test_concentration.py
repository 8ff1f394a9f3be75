"""Absolute concentration index: by repetition, by its curve, its shift, sign and ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from aespa_core.analysis.inequality.concentration import (
    concentration_curve,
    concentration_index,
    curve_at,
    fractional_rank,
)
from aespa_core.errors import StudyError


def made(seed, count=50):
    rng = np.random.default_rng(seed)
    income = rng.choice(np.arange(20_000.0, 60_000.0, 1_000.0), count)  # with ties
    return rng.normal(35, 2, count), income, rng.integers(1, 9, count).astype(float)


@given(st.integers(0, 2**16))
def test_integer_people_are_repetitions(seed):
    y, income, people = made(seed)
    times = people.astype(int)
    each, rank = np.repeat(y, times), rankdata(np.repeat(income, times))
    rank = (rank - 0.5) / times.sum()
    np.testing.assert_allclose(np.repeat(fractional_rank(income, people), times), rank)
    by_hand = 2 * np.cov(each, rank, ddof=0)[0, 1]
    assert concentration_index(y, income, people) == pytest.approx(by_hand, abs=1e-12)


@given(st.integers(0, 2**16))
def test_index_is_minus_twice_the_area_under_the_curve(seed):
    y, income, people = made(seed)
    curve = concentration_curve(y, income, people)
    area = np.trapezoid(curve.heat_c, curve.share_of_people)
    assert concentration_index(y, income, people) == pytest.approx(-2 * area, abs=1e-10)


@given(st.integers(0, 2**16), st.floats(-300, 300))
def test_a_shift_changes_nothing(seed, shift):
    y, income, people = made(seed)
    before = concentration_index(y, income, people)
    assert concentration_index(y + shift, income, people) == pytest.approx(before, abs=1e-9)
    np.testing.assert_allclose(
        concentration_curve(y + shift, income, people).heat_c,
        concentration_curve(y, income, people).heat_c,
        atol=1e-9,
    )


def test_sign_is_negative_and_the_curve_above_zero_where_the_poor_are_hotter():
    income, people = np.arange(1.0, 101.0), np.ones(100)
    y = 40 - income / 50
    curve = curve_at(concentration_curve(y, income, people), np.linspace(0, 1, 21))
    # 2 cov of a uniform rank with −2 times itself
    assert concentration_index(y, income, people) == pytest.approx(-2 * 2 / 12, rel=1e-3)
    assert (curve.heat_c[1:-1] > 0).all()
    assert curve.heat_c[[0, -1]] == pytest.approx([0, 0])
    assert concentration_index(-y, income, people) > 0


def test_order_within_a_tie_is_nothing():
    y, people = np.array([30.0, 34.0, 31.0]), np.array([1.0, 2.0, 1.0])
    income = np.array([2.0, 2.0, 5.0])
    back = [1, 0, 2]
    assert concentration_index(y, income, people) == pytest.approx(
        concentration_index(y[back], income[back], people[back])
    )


def test_one_income_for_all_concentrates_nothing():
    y, income, people = made(1)
    assert concentration_index(y, np.full_like(income, 5e4), people) == pytest.approx(0, abs=1e-12)


def test_tracts_that_lack_something_are_left_out():
    y, income, people = made(2)
    expected = concentration_index(y[3:], income[3:], people[3:])
    y[0], income[1], people[2] = np.nan, np.nan, 0
    assert concentration_index(y, income, people) == pytest.approx(expected)
    with pytest.raises(StudyError, match="None of 50 tracts"):
        concentration_index(y, np.full(50, np.nan), people)
