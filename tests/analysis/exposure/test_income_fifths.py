"""Exposure by income: against statsmodels, against the definition, and its edge cases."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.analysis.exposure.income_fifths import (
    exposure_by_income,
    weighted_mean,
    weighted_quintiles,
)
from aespa_core.errors import StudyError


@pytest.fixture
def tracts():
    rng = np.random.default_rng(1)
    income = rng.lognormal(11, 0.4, 200)
    return pd.DataFrame(
        {
            "population": rng.integers(500, 6000, 200).astype(float),
            "median_household_income_usd": income,
            "lst": 40 - np.log(income) + rng.normal(0, 0.3, 200),
        }
    )


def test_mean_and_error_equal_a_weighted_regression_on_a_constant():
    rng = np.random.default_rng(0)
    values, weights = rng.normal(30, 2, 50), rng.uniform(1, 9, 50)
    mean = weighted_mean("all", values, weights)
    fit = sm.WLS(values, np.ones(50), weights=weights).fit(cov_type="HC1", use_t=True)
    np.testing.assert_allclose(mean.mean_c, fit.params[0])
    np.testing.assert_allclose([mean.low_c, mean.high_c], fit.conf_int()[0])


def test_poorer_is_hotter_where_it_was_made_so(tracts):
    exposure = exposure_by_income(tracts, "lst")
    means = [group.mean_c for group in exposure.groups]
    assert means == sorted(means, reverse=True)
    assert exposure.gap.low_c > 0
    assert exposure.dropped == {}


def test_what_is_left_out_is_counted(tracts):
    tracts.loc[0, "lst"] = np.nan
    tracts.loc[[1, 2], "median_household_income_usd"] = np.nan
    tracts.loc[3, "population"] = 0
    exposure = exposure_by_income(tracts, "lst")
    assert exposure.dropped == {"no lst": 1, "no income": 2, "no residents": 1}
    assert sum(group.tracts for group in exposure.groups) == 196


def test_all_incomes_missing_is_one_sentence(tracts):
    tracts["median_household_income_usd"] = np.nan
    with pytest.raises(StudyError, match="Only 0 tracts"):
        exposure_by_income(tracts, "lst")


@given(st.integers(25, 300), st.integers(0, 2**16))
def test_each_fifth_holds_a_fifth_of_the_people(count, seed):
    rng = np.random.default_rng(seed)
    people = rng.uniform(1, 10, count)
    fifth = weighted_quintiles(rng.normal(size=count), people)
    shares = np.bincount(fifth, people, minlength=5) / people.sum()
    assert np.abs(shares - 0.2).max() <= people.max() / people.sum() + 1e-9


def test_equal_incomes_share_a_fifth():
    fifth = weighted_quintiles(np.array([1.0, 1.0, 1.0, 5.0, 9.0]), np.ones(5))
    assert fifth[0] == fifth[1] == fifth[2]


def test_one_income_for_all_is_one_sentence(tracts):
    tracts["median_household_income_usd"] = 50_000.0
    with pytest.raises(StudyError, match="too alike for five groups: 'Poorest fifth' has 0 of 200"):
        exposure_by_income(tracts, "lst")
