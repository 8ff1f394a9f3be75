"""What must not matter: the order of rows, names of tracts, where a scale has its zero."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.design import design_of
from aespa_core.analysis.disparity.errors import robust
from aespa_core.analysis.disparity.specification import ERROR_KINDS, Errors
from aespa_core.analysis.regression.estimate import estimates_of
from tests.analysis.disparity.conftest import QUICK
from tests.made_disparity import Made, analysis_of, made_study, tables_by_id

TERMS = (*QUICK.terms, *QUICK.controls)
TEMPERATURES = ("lst_day_c", "lst_night_c", "brightness_day_k")
WARMER_C = 7.5
# Rows that are levels, which move with the zero of the scale: how to find them, by table.
LEVELS = {
    "T1": "unit == '°C' or unit == 'K'",
    "T2": "what == 'mean'",
    "T6": "~tenth.str.contains('minus')",
    "T7": "index == 'Even heat'",
}


def shuffled(made: Made, seed: int) -> Made:
    """Put the rows of every table in another order."""
    rng = np.random.default_rng(seed)
    for table in (*made.tables, "estimates"):
        made = made.changed(
            lambda rows: rows.iloc[rng.permutation(len(rows))].reset_index(drop=True), table
        )
    return made


def renamed(made: Made) -> Made:
    """Give the tracts of each county new numbers, in reverse."""
    old = made.tables["tracts"]["geoid"]
    backwards = old.str[:5] + (10**6 - 1 - old.str[5:].astype(int)).astype(str)
    names = dict(zip(old, backwards, strict=True))
    for table in (*made.tables, "estimates"):
        made = made.changed(lambda rows: rows.assign(geoid=rows["geoid"].map(names)), table)
    return made


def warmer(made: Made) -> Made:
    """Add a constant to all that was measured."""
    return made.changed(
        lambda rows: rows.assign(**{name: rows[name] + WARMER_C for name in TEMPERATURES}),
        "temperature",
    )


def close(left: pd.DataFrame, right: pd.DataFrame) -> None:
    """Check that two frames are the same but for rounding."""
    pd.testing.assert_frame_equal(
        left.reset_index(drop=True),
        right.reset_index(drop=True),
        check_exact=False,
        rtol=1e-6,
        atol=1e-8,
    )


def test_order_and_names_of_tracts_change_nothing(quick_set, tmp_path):
    changed = shuffled(renamed(made_study()), 5)
    for name, table in tables_by_id(tmp_path / "study", changed, QUICK).items():
        before, after = quick_set[name].frame, table.frame
        if name == "T10":  # on a grid many are equally near, and names decide who is nearest
            before, after = before[before["to"] != "knn_6"], after[after["to"] != "knn_6"]
        close(after.reset_index(drop=True), before.reset_index(drop=True))
        assert table.notices == quick_set[name].notices


def test_a_warmer_thermometer_moves_levels_alone(quick_set, tmp_path):
    for name, table in tables_by_id(tmp_path / "study", warmer(made_study()), QUICK).items():
        before, after = quick_set[name].frame.copy(), table.frame.copy()
        if name in LEVELS:
            observed = before["variable" if name == "T1" else "outcome"].str.startswith("Observed")
            level = before.eval(LEVELS[name]) & observed
            assert level.any()
            moved = ["mean", "p10", "median", "p90", "mean_by_residents"]
            columns = moved if name == "T1" else ["estimate", "low95", "high95"]
            after.loc[level, columns] -= WARMER_C
        if name == "T5":  # errors of impacts are drawn, the constant with them, which has moved
            drawn = ["std_error", "low95", "high95", "p"]
            np.testing.assert_allclose(after["std_error"], before["std_error"], rtol=5e-3)
            before, after = before.drop(columns=drawn), after.drop(columns=drawn)
        close(after, before)


def test_ten_times_the_people_weigh_the_same(quick_set, tmp_path):
    tenfold = made_study().changed(lambda rows: rows.assign(population=rows["population"] * 10))
    for name, table in tables_by_id(tmp_path / "study", tenfold, QUICK).items():
        before, after = quick_set[name].frame, table.frame.copy()
        if "people" in after:
            after["people"] /= 10
        if name == "T1":
            counted = after["variable"] == "Residents"
            after.loc[counted, ["mean", "sd", "p10", "median", "p90"]] /= 10
        close(after, before)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory) -> Analysis:
    """Both towns."""
    return analysis_of(tmp_path_factory.mktemp("both") / "study", made_study(), QUICK)


def slopes(analysis: Analysis, errors: Errors, add: float = 0.0, times: float = 1.0) -> np.ndarray:
    """Estimate, error and freedom of every term, (K, 3), of a changed outcome."""
    tracts = analysis.sample.tracts.assign(
        observed_day=lambda rows: add + times * rows["observed_day"]
    )
    design = design_of(replace(analysis.sample, tracts=tracts), "observed_day", TERMS)
    fit = design.fit()
    rows = estimates_of(fit, design.terms, robust(design, fit, errors).covariance)
    return np.array([[row.estimate, row.std_error, row.freedom] for row in rows])


@settings(max_examples=14)
@given(
    kind=st.sampled_from(ERROR_KINDS),
    add=st.floats(-100, 100),
    times=st.floats(0.1, 10),
)
def test_slopes_follow_the_scale_and_not_its_zero(analysis, kind, add, times):
    errors = Errors(kind=kind)
    plain = slopes(analysis, errors)
    np.testing.assert_allclose(
        slopes(analysis, errors, add, times), plain * [times, times, 1.0], rtol=1e-7
    )
