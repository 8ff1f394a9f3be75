"""Every row of every table against scipy, statsmodels and the law that the towns were made by."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.correction import CORRECTED
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.run import tables_of
from aespa_core.analysis.disparity.specification import Errors
from aespa_core.analysis.disparity.tables.by_metro import by_metro
from aespa_core.analysis.disparity.tables.model_error import model_error
from aespa_core.analysis.disparity.tables.robustness import AS_ASKED, robustness
from aespa_core.analysis.disparity.tables.stepwise import stepwise
from tests.analysis.disparity.conftest import QUICK
from tests.made_disparity import BIAS, SLOPES, TOWNS, analysis_of, made_study

TERMS = tuple(SLOPES)
NUMBERS = ["estimate", "std_error", "df", "low95", "high95", "p"]


def estimates(table: ResultTable) -> pd.DataFrame:
    """Rows of a table that carry a standard error."""
    if "std_error" not in table.frame:
        return pd.DataFrame()
    return table.frame[table.frame["std_error"].notna()]


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Analysis:
    """One town, from its study alone."""
    return analysis_of(tmp_path_factory.mktemp("one") / "study", made_study(TOWNS[:1]), QUICK)


@pytest.fixture(scope="module")
def towns(tmp_path_factory) -> Analysis:
    """Both towns."""
    return analysis_of(tmp_path_factory.mktemp("both") / "study", made_study(), QUICK)


def test_intervals_p_and_stars_follow_from_the_shown_error_and_freedom(whole_set):
    checked = 0
    for table in whole_set.values():
        rows = estimates(table)
        for row in rows.to_dict("records"):
            law = stats.t(row["df"])
            reach = law.ppf(0.975) * row["std_error"]
            assert row["low95"] == pytest.approx(row["estimate"] - reach, rel=1e-12, abs=1e-12)
            assert row["high95"] == pytest.approx(row["estimate"] + reach, rel=1e-12, abs=1e-12)
            if row["std_error"] == 0:  # an error model has no impact on neighbours, and knows it
                assert (row["model"], row["impact"], row["estimate"]) == ("SEM", "indirect", 0)
                assert row["stars"] == ""
                continue
            p = 2 * law.sf(abs(row["estimate"] / row["std_error"]))
            if np.isnan(row["p"]):  # a level: nothing to compare it with
                assert row["stars"] == ""
                assert table.id in ("T2", "T6", "T7")
                continue
            assert row["p"] == pytest.approx(p, rel=1e-9)
            assert row["stars"] == "*" * sum(p < level for level in (0.05, 0.01, 0.001))
        checked += len(rows)
    assert checked > 900


def test_every_estimate_has_its_unit_and_keys_are_unique(whole_set):
    for table in whole_set.values():
        frame = table.frame
        if "unit" in frame:
            units = set(frame.loc[frame.get("estimate", frame["unit"]).notna(), "unit"].dropna())
            assert units <= {"°C", "K", "", *set(whole_set["T1"].frame["unit"])}, table.id
        numbers = frame.select_dtypes("number").columns.difference(["tau"])
        keys = frame.columns.difference([*numbers, "stars", "value", "unit"])
        assert not frame.duplicated(list(keys)).any(), table.id


EVERYTHING = " + ".join(TERMS)
# Steps of T3 in one metro as statsmodels' users write them: model, formula, weighted.
FORMULAS = (
    ("(1)", "y ~ income_sd", False),
    ("(2)", "y ~ income_sd + nonwhite_10pct", False),
    ("(3)", f"y ~ {EVERYTHING}", False),
    ("(4)", f"y ~ {EVERYTHING} + C(county)", False),
    ("(5)", f"y ~ {EVERYTHING} + C(county)", True),
)


@pytest.mark.parametrize(("model", "formula", "weighted"), FORMULAS)
def test_steps_equal_statsmodels_formulas(model, formula, weighted, town):
    tracts = census_of(made_study(TOWNS[:1]).tables)
    weights = tracts["population"] if weighted else np.ones(len(tracts))
    fit = smf.wls(formula, tracts, weights=weights).fit(cov_type="HC1", use_t=True)
    table = stepwise(town).frame.query("outcome == 'Observed by day' and model == @model")
    mine = table[table["term"].isin(TERMS)].set_index("term")
    names = mine.index.tolist()
    assert names == [name for name in TERMS if name in formula]
    np.testing.assert_allclose(mine["estimate"], fit.params[names], rtol=1e-9)
    np.testing.assert_allclose(mine["std_error"], fit.bse[names], rtol=1e-9)
    np.testing.assert_allclose(mine["p"], fit.pvalues[names], rtol=1e-6)
    np.testing.assert_allclose(mine["low95"], fit.conf_int()[0][names], rtol=1e-8)
    foot = table.set_index("term")["estimate"]
    assert foot["n"] == len(tracts)
    assert foot["r2"] == pytest.approx(fit.rsquared, rel=1e-9)


def census_of(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Covariates written out again, from the columns of a study's tables."""
    tracts = pd.DataFrame(tables["tracts"]).set_index("geoid")
    income = tracts["median_household_income_usd"]
    return pd.DataFrame(
        {
            "y": tables["temperature"].set_index("geoid")["lst_day_c"],
            "income_sd": stats.zscore(income, ddof=1),
            "nonwhite_10pct": 10 - 10 * tracts["white_share"],
            "over_64_10pct": 10 * tracts["over_64_share"],
            "under_5_10pct": 10 * tracts["under_5_share"],
            "population": tracts["population"],
            "county": tracts.index.str[:5],
        }
    )


def test_without_noise_the_law_of_the_towns_comes_back(tmp_path):
    quiet = made_study([replace(town, noise_c=0.0) for town in TOWNS])
    asked = replace(QUICK, terms=TERMS, controls=(), errors=Errors(kind="HC1"))
    rows = by_metro(analysis_of(tmp_path / "quiet", quiet, asked)).frame
    found = rows.pivot_table(index=["outcome", "metro"], columns="term", values="estimate")
    for (outcome, _), slopes in found.iterrows():
        # estimates err by what goes with income and by nothing else
        bias = BIAS if outcome == "Predicted by day" else 0.0
        assert slopes["income_sd"] == pytest.approx(SLOPES["income_sd"] + bias, abs=1e-9)
        for term in TERMS[1:]:
            assert slopes[term] == pytest.approx(SLOPES[term], abs=1e-9)


def test_with_noise_the_law_lies_within_the_intervals(whole_set):
    rows = whole_set["T8"].frame.query("outcome == 'Observed by day'")
    truth = rows["term"].map(SLOPES)
    assert len(rows) == 4
    # 4 of 4 at 3.5 standard errors of Student's t with some five degrees of freedom
    assert (abs(rows["estimate"] - truth) < 3.5 * rows["std_error"]).all()


def test_the_models_bias_by_income_is_the_one_that_was_made(towns):
    errors = model_error(towns).frame
    tables = made_study(TOWNS[:1]).tables
    census = census_of(tables)
    order = census.sort_values("income_sd")
    share = (order["population"].cumsum() - order["population"] / 2) / census["population"].sum()
    fifth = (share * 5).astype(int)
    mean = [
        np.average(order["income_sd"][fifth == k], weights=order["population"][fifth == k])
        for k in (0, 4)
    ]
    gap = errors[errors["metro"] == TOWNS[0].metro].iloc[-1]
    assert gap["group"] == "Poorest minus richest fifth"
    assert gap["estimate"] == pytest.approx(BIAS * (mean[0] - mean[1]), rel=1e-9)
    assert gap["estimate"] < 0


def test_a_gap_is_its_group_minus_the_other(whole_set):
    rows = whole_set["T2"].frame
    for _, one in rows[rows["division"] == "Race"].groupby(["metro", "outcome"]):
        values = one.set_index("group")["estimate"]
        if len(values) == 3:
            assert values["All but White alone minus White alone"] == pytest.approx(
                values["All but White alone"] - values["White alone"], abs=1e-9
            )
    poorest = rows.query("group == 'Poorest minus richest fifth' and outcome == 'Observed by day'")
    assert (poorest["estimate"] > 0).all()  # made so that the poor live hotter


def test_a_metro_is_the_last_step_of_its_own_study(town, towns):
    last = stepwise(town).frame.query("model == '(6)' and term in @QUICK.terms")
    own = by_metro(towns).frame.query("metro == @TOWNS[0].metro and outcome != @CORRECTED")
    pd.testing.assert_frame_equal(
        last[["outcome", "term", *NUMBERS]].reset_index(drop=True),
        own[["outcome", "term", *NUMBERS]].reset_index(drop=True),
    )


def test_labels_everywhere_put_the_slopes_of_predictions_right(whole_set):
    rows = whole_set["T8"].frame.set_index(["metro", "outcome", "term"])["estimate"].unstack(1)
    both = rows[[CORRECTED, "Observed by day", "Predicted by day"]].dropna()
    assert len(both) >= 2
    # predictions of the made towns go astray with income, and every tract has a label
    assert (both["Predicted by day"] - both["Observed by day"]).abs().max() > 0.02
    np.testing.assert_allclose(both[CORRECTED], both["Observed by day"], rtol=1e-9)


def test_q_is_the_false_discovery_rate_of_an_outcome(whole_set):
    rows = whole_set["T8"].frame
    for _, one in rows.groupby("outcome"):
        expected = stats.false_discovery_control(one["p"], method="bh")
        np.testing.assert_allclose(one["q"], expected, rtol=1e-12)
    assert (rows["q"] >= rows["p"]).all()


def test_as_specified_is_the_last_step(whole_set):
    ways = whole_set["T10"].frame
    way = ways[(ways["changed"] == AS_ASKED) & (ways["metro"] == "all")]
    steps = whole_set["T3"].frame
    last = steps[(steps["model"] == "(6)") & steps["term"].isin(way["term"])]
    assert len(last) == len(way) == 8
    merged = way.merge(last, on=["outcome", "term"], validate="1:1")
    for name in NUMBERS:
        np.testing.assert_array_equal(merged[f"{name}_x"], merged[f"{name}_y"])


@pytest.mark.parametrize(
    ("counties", "refused", "warned"), [(9, True, False), (10, False, True), (30, False, False)]
)
def test_clusters_by_county_need_counties(counties, refused, warned, tmp_path):
    wide = replace(TOWNS[0], columns=30, rows=5, counties=counties)
    asked = replace(
        QUICK, outcomes=("observed_day",), errors=Errors(kind="cr2_county"), fixed_effects="metro"
    )
    analysis = analysis_of(tmp_path / "study", made_study([wide]), asked)
    for table in (by_metro(analysis), stepwise(analysis), robustness(analysis)):
        text = " ".join(table.notices)
        assert ("too few to cluster by (under 10): spatial blocks instead" in text) == refused
        assert ("below 30 clusters" in text) == warned
    rows, words = by_metro(analysis).frame, " ".join(by_metro(analysis).note)
    assert (f"clustered by {counties} counties" in words) != refused
    blocks = by_metro(Analysis(analysis.sample, replace(asked, errors=Errors())))
    assert np.allclose(rows["std_error"], blocks.frame["std_error"], rtol=1e-12) == refused


def test_progress_hears_of_every_table(town):
    heard: list[str] = []
    made = tables_of(town, heard.append)
    assert heard == [table.id for table in made]
    assert all(table.note[-1].startswith("Code ") for table in made)
