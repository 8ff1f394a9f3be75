"""Weighted least squares against R (sandwich, statsmodels-free reference numbers)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.regression.robust import Coefficient, covariates_of, regress
from aespa_core.errors import StudyError

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


@pytest.fixture
def columbus():
    """Columbus neighbourhoods (COL.OLD of R's spdep), weighted equally."""
    return pd.read_csv(GOLDEN / "colold.csv").assign(one=1.0)


def golden(key):
    return np.array(json.loads((GOLDEN / "r_golden.json").read_text())[key])


def test_coefficients_and_hc1_equal_r(columbus):
    fit = regress(columbus, "CRIME", ["INC", "HOVAL"], "one")
    np.testing.assert_allclose(
        [c.estimate for c in fit.coefficients], golden("ols_coef"), rtol=1e-9
    )
    np.testing.assert_allclose([c.error for c in fit.coefficients], golden("se_HC1"), rtol=1e-9)


def test_weighted_fit_equals_r(columbus):
    fit = regress(columbus, "CRIME", ["INC", "HOVAL"], "HOVAL")
    np.testing.assert_allclose([c.estimate for c in fit.coefficients], golden("wls"), rtol=1e-9)
    np.testing.assert_allclose([c.error for c in fit.coefficients], golden("wls_HC1"), rtol=1e-9)


def test_constant_and_collinear_covariates_are_named_and_left_out(columbus):
    table = columbus.assign(flat=3.0, double=2 * columbus["INC"] + 1)
    fit = regress(table, "CRIME", ["INC", "flat", "double", "HOVAL"], "one")
    assert [c.name for c in fit.coefficients] == ["constant", "INC", "HOVAL"]
    assert len(fit.notices) == 2
    assert fit.notices[0].startswith("flat")
    assert fit.notices[1].startswith("double")


def test_missing_rows_are_counted(columbus):
    table = columbus.copy()
    table.loc[[0, 1, 2], "INC"] = np.nan
    table.loc[5, "one"] = 0.0
    fit = regress(table, "CRIME", ["INC"], "one")
    assert fit.tracts == 45
    assert fit.dropped == {"no INC": 3, "one is zero": 1}


def test_all_income_missing_is_one_sentence(columbus):
    with pytest.raises(StudyError, match="Only 0 tracts"):
        regress(columbus.assign(INC=np.nan), "CRIME", ["INC"], "one")


@pytest.mark.parametrize(
    ("p", "stars"), [(0.0009, "***"), (0.009, "**"), (0.049, "*"), (0.051, "")]
)
def test_stars_follow_p(p, stars):
    assert Coefficient("x", 1, 1, 0, 2, p).stars == stars


def test_covariates_have_the_units_of_their_names():
    tracts = pd.DataFrame(
        {
            "median_household_income_usd": [40_000.0, 60_000.0, 80_000.0],
            "poverty_share": [0.3, 0.2, 0.1],
            "population": [1_000.0, 0.0, 2_000.0],
            "white_share": [0.25, np.nan, 0.5],
            "aland_m2": [1e6, 1e6, 2e6],
        }
    )
    table = covariates_of(tracts)
    np.testing.assert_allclose(table["income_sd"], [-1, 0, 1])
    np.testing.assert_allclose(table["poverty_10pct"], [3, 2, 1])
    np.testing.assert_allclose(table["nonwhite_10pct"], [7.5, np.nan, 5.0])
    np.testing.assert_allclose(table["log_density"], np.log([1000, np.nan, 1000]))
