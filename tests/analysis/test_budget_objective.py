"""Whose cooling counts: against counts by hand, and what stands in for what is missing."""

import numpy as np
import pytest

from aespa_core.analysis.budget_objective import EQUITY, HOTTEST, HOTTEST_COUNTS, MEAN, objective
from aespa_core.errors import ConfigError

PEOPLE = np.array([100.0, 100, 100, 100, 100])
ORDER = np.array([3.0, 1, 5, 2, 4])


def test_every_person_counts_once():
    people = np.array([3.0, np.nan, 0, 5])
    found = objective(MEAN, people)
    assert found.weights.tolist() == [3, 0, 0, 5]
    assert found.notes == ("1 tracts with an unknown population count as empty.",)


def test_the_hottest_fifth_counts_ten_times():
    found = objective(HOTTEST, PEOPLE, temperature_c=ORDER)
    assert found.weights.tolist() == [100, 100, 100 * HOTTEST_COUNTS, 100, 100]
    few = objective(HOTTEST, PEOPLE[:2], temperature_c=ORDER[:2])
    assert few.weights.tolist() == [1000, 100]


def test_the_poorest_count_five_times_the_richest():
    found = objective(EQUITY, PEOPLE, income_usd=ORDER * 10_000)
    assert found.weights.tolist() == [300, 500, 100, 400, 200]


def test_an_unknown_income_counts_as_the_middle_and_is_said():
    found = objective(EQUITY, np.ones(6), income_usd=np.append(ORDER, np.nan))
    assert found.weights.tolist() == [3, 5, 1, 4, 2, 3]
    assert found.notes == ("1 tracts with an unknown income count as the middle fifth.",)


def test_only_a_study_without_people_falls_back_and_says_so():
    nobody = np.array([np.nan, 0.0])
    found = objective(MEAN, nobody, area_m2=np.array([2.0, 6]))
    assert found.weights.tolist() == [2, 6]
    assert "land areas" in found.notes[0]
    found = objective(MEAN, nobody)
    assert found.weights.tolist() == [1, 1]
    assert "counts the same" in found.notes[0]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("fair", "no objective 'fair'"),
        (HOTTEST, "needs a temperature"),
        (EQUITY, "household income"),
    ],
)
def test_what_is_missing_everywhere_is_a_sentence(name, what):
    with pytest.raises(ConfigError, match=what):
        objective(name, PEOPLE, np.full(5, np.nan), None)
