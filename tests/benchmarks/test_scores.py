"""Scores against their definitions, on tables made so that the answer is known."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.benchmarks.table import Row, read_rows, write_rows
from aespa_core.benchmarks.tract_intervals import interval_rows, scores
from aespa_core.benchmarks.tract_scores import (
    difference_rows,
    error_rows,
    errors,
    independent_rows,
)
from aespa_core.datasets.tract_training import area_groups


@pytest.fixture
def tables():
    """Two methods on thirty areas; ``worse`` has twice the error of ``aespa``."""
    rng = np.random.default_rng(0)
    area = np.repeat([f"area {i:02d}" for i in range(30)], 40)
    observed, noise = rng.normal(size=1200), rng.normal(0, 0.3, 1200)
    base = pd.DataFrame(
        {
            "geoid": [f"{i:011d}" for i in range(1200)],
            "area": area,
            "observed_c": observed,
            "estimate_c": observed + noise,
            "estimate_without_canopy_c": observed + 1.5 * noise,
        }
    )
    return {"aespa": base, "worse": base.assign(estimate_c=observed + 2 * noise)}


def value(rows, method, metric, **where: str):
    """Find the one row's value."""
    found = [
        row.value
        for row in rows
        if row.method == method
        and row.metric == metric
        and all(getattr(row, key) == wanted for key, wanted in where.items())
    ]
    assert len(found) == 1
    return found[0]


def test_errors_of_a_perfect_and_of_a_constant_estimate():
    observed = np.array([-1.0, 0.0, 1.0])
    assert dict((m, v) for m, v, _ in errors(observed, observed))["r2"] == 1
    constant = dict((m, v) for m, v, _ in errors(np.zeros(3), observed))
    assert constant["r2"] == 0
    assert np.isnan(constant["pearson"])
    assert constant["rmse"] == pytest.approx(np.sqrt(2 / 3))


def test_rows_by_area_add_up_to_the_pooled_one(tables):
    rows = error_rows("aespa", tables["aespa"], 0)
    target = {"target": "lst_day"}
    pooled = value(rows, "aespa", "rmse", metro="all", **target) ** 2
    areas = [
        r.value**2
        for r in rows
        if r.metric == "rmse" and r.metro != "all" and r.target == "lst_day"
    ]
    assert np.mean(areas) == pytest.approx(pooled)


def test_the_paired_difference_has_the_right_size_and_an_interval_around_it(tables):
    rows = difference_rows(tables, 0)
    where = {"target": "lst_day"}
    gap = value(rows, "worse", "rmse_minus_aespa", **where)
    low = value(rows, "worse", "rmse_minus_aespa_low95", **where)
    high = value(rows, "worse", "rmse_minus_aespa_high95", **where)
    assert gap == pytest.approx(0.3, abs=0.03)
    assert 0 < low < gap < high


def test_the_label_is_scored_beside_the_methods(tables):
    other = pd.Series(tables["aespa"]["observed_c"].to_numpy(), tables["aespa"]["geoid"])
    rows = independent_rows(tables, {"sensor": other}, 0)
    assert value(rows, "label", "pearson", metro="area 00") == pytest.approx(1)
    assert value(rows, "aespa", "pearson", metro="area 00") < 1


def test_interval_scores_by_definition():
    part = pd.DataFrame({"observed_c": [0.0, 3.0], "estimate_c": [0.0, 0.0], "aespa": [1.0, 1.0]})
    found = {row.metric: row.value for row in scores("all", "t", part, "aespa", 0)}
    # one inside, one 2 °C outside: width 2, penalty 2 / 0.1 × 2 in half of the tracts
    wanted = {"coverage_90": 0.5, "interval_width": 2.0, "interval_score": 22.0}
    assert found == pytest.approx(wanted)


def test_income_fifths_are_made_within_each_area(tables):
    table = tables["aespa"].assign(target="lst_day", aespa=0.6, constant_width=0.6)
    income = pd.Series(np.arange(1200.0), table["geoid"])
    rows = interval_rows(table, income, 0)
    fifths = {row.target for row in rows if "income_fifth" in row.target}
    assert fifths == {f"lst_day_income_fifth_{n}" for n in range(1, 6)}
    share = value(rows, "aespa", "areas_covered_80_97")
    assert 0.5 < share <= 1


def test_a_table_is_written_with_version_and_machine_and_read_back(tmp_path):
    write_rows("made", [Row("s", "m", "all", "x", "t", 0, "rmse", 1 / 3, "°C")], tmp_path)
    table = read_rows("made", tmp_path)
    assert table.loc[0, "value"] == 1 / 3
    assert {"code_version", "machine"} <= set(table)


def test_nine_groups_of_nine_with_the_labelled_metros_apart():
    groups = area_groups()
    assert sorted(pd.Series(groups).value_counts()) == [9] * 9
    metros = ["Washington, DC--VA--MD", "Minneapolis--St. Paul, MN--WI", "Seattle, WA",
              "St. Louis, MO--IL"]  # fmt: skip
    assert len({groups[name] for name in metros}) == 4
