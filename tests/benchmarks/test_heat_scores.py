"""Scores of the heat benchmark against scikit-learn, planted answers, and what they may look at."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.benchmarks.heat_methods import Answer, Method
from aespa_core.benchmarks.heat_plan import FROM_METRO, plan
from aespa_core.benchmarks.heat_runner import task_split, wrong_moves
from aespa_core.benchmarks.heat_scores import (
    accuracy,
    cluster_interval,
    difference_rows,
    score_rows,
    transfer_rows,
    weighted_quantile,
    with_intervals,
)
from aespa_core.datasets.heat.splits import BLOCKS, METRO_OUT
from aespa_core.schema import PROXIES
from tests.made_heat import METROS, made_heat

MADE = made_heat()
SEEDS = range(8)


def answers(method: str, error_c: float, split: str, held: str, seed: int = 0) -> pd.DataFrame:
    """Make the answers of a method that is wrong by a normal error of a given deviation."""
    samples = MADE.samples
    tested = samples.metro == held if split == METRO_OUT else MADE.split.test
    role = np.select([tested, MADE.split.validation], ["test", "validation"], "none")
    rng = np.random.default_rng([seed, len(method)])
    table = pd.DataFrame(
        {
            "geoid": samples.geoid, "metro": samples.metro, "role": role,
            "lst_day_c": samples.lst_day_c,
            "estimate_c": samples.lst_day_c + error_c * rng.normal(size=len(samples)),
            "lst_night_c": samples.lst_night_c, "night_c": np.nan, "curves_c": np.nan,
            "wrong": 0, "split": split, "held": held, "seed": seed, "method": method,
            "seconds": 1.0, "moves": 5,
        }
    )  # fmt: skip
    known = np.isfinite(samples.lst_day_c)
    return table[known & (role != "none")]


def everything() -> pd.DataFrame:
    parts = [
        answers(method, error, split, held, seed)
        for method, error in (("aespa", 0.2), ("proxy_ridge", 0.4))
        for seed in SEEDS
        for split, helds in ((BLOCKS, ("all",)), (METRO_OUT, METROS))
        for held in helds
    ]
    return with_intervals(pd.concat(parts, ignore_index=True))


def value(rows, metric: str, method: str, split: str, metro: str = "all", seed: int = 0) -> float:
    found = [
        row.value
        for row in rows
        if (row.metric, row.method, row.split, row.metro, row.seed)
        == (metric, method, split, metro, seed)
    ]
    assert len(found) == 1
    return found[0]


def test_accuracy_is_scikit_learns():
    rng = np.random.default_rng(0)
    label = rng.normal(30, 3, 90)
    estimate, metro = label + rng.normal(0, 1, 90), np.repeat(["a", "b", "c"], 30)
    found = accuracy(label, estimate, metro)
    assert found["mae"] == pytest.approx(mean_absolute_error(label, estimate))
    assert found["rmse"] == pytest.approx(root_mean_squared_error(label, estimate))
    assert found["r2"] == pytest.approx(r2_score(label, estimate))
    # a metro's level does not count within metros
    shifted = estimate + np.repeat([5.0, -3.0, 1.0], 30)
    again = accuracy(label, shifted, metro)
    for name in ("mae", "rmse", "r2", "pearson"):
        assert again[f"{name}_within"] == pytest.approx(found[f"{name}_within"])
    assert again["mae"] > 2 * found["mae"]


def test_intervals_hold_what_they_say_where_metros_are_alike():
    table = everything()
    assert set(table["role"]) == {"test"}
    rows = list(score_rows("made", table))
    for split in (BLOCKS, METRO_OUT):
        covered = [value(rows, "coverage_90", "aespa", split, seed=seed) for seed in SEEDS]
        assert np.mean(covered) == pytest.approx(0.9, abs=0.05)
        ours, theirs = (
            np.mean([value(rows, "width_90", method, split, seed=seed) for seed in SEEDS])
            for method in ("aespa", "proxy_ridge")
        )
        assert theirs / ours == pytest.approx(2.0, rel=0.15)


def test_a_left_out_metros_interval_does_not_look_at_it():
    """The metro that is hard has no part in its own width."""
    parts = [answers("aespa", 0.2, METRO_OUT, metro) for metro in METROS]
    hard = parts[0].assign(estimate_c=parts[0]["estimate_c"] + 50.0)
    plain = with_intervals(pd.concat(parts, ignore_index=True))
    odd = with_intervals(pd.concat([hard, *parts[1:]], ignore_index=True))

    def width(table: pd.DataFrame, metro: str) -> float:
        own = table[table["held"] == metro]
        return float((own["high90_c"] - own["low90_c"]).iloc[0])

    assert width(odd, METROS[0]) == pytest.approx(width(plain, METROS[0]))
    assert width(odd, METROS[1]) > 50


def test_paired_differences_say_who_errs_less_over_common_seeds():
    rows = list(difference_rows("made", everything(), MADE.samples, 0))
    for split in (BLOCKS, METRO_OUT):
        gap = value(rows, "mae_difference", "proxy_ridge", split)
        low = value(rows, "mae_difference_low", "proxy_ridge", split)
        high = value(rows, "mae_difference_high", "proxy_ridge", split)
        # mean absolute errors of normals of .4 and .2
        assert gap == pytest.approx(0.2 * np.sqrt(2 / np.pi), abs=0.05)
        assert 0 < low < gap < high
    assert not [row for row in rows if row.method == "aespa"]


def test_drawing_groups_widens_the_interval_where_groups_err_together():
    rng = np.random.default_rng(0)
    shared = np.repeat(rng.normal(size=10), 20)
    one = cluster_interval(shared, np.repeat(np.arange(10), 20).astype(str), 0)
    each = cluster_interval(shared, np.arange(200).astype(str), 0)
    assert np.ptp(one) > 2.5 * np.ptp(each)


def test_every_metro_weighs_the_same_in_the_quantile():
    score = np.concatenate([np.linspace(0, 1, 1000), np.linspace(10, 11, 10)])
    metro = np.array(["large"] * 1000 + ["small"] * 10)
    assert weighted_quantile(score, metro) > 10.5
    assert np.isnan(weighted_quantile(np.zeros(0), np.zeros(0, str)))


def test_wrong_moves_are_counted_proxy_by_proxy():
    count = len(MADE.samples)
    data = HeatData(
        MADE.samples, MADE.split, MADE.samples.proxies, MADE.satellite, MADE.street,
        np.zeros((count, 2, 2, 3), np.uint8), np.zeros((count, 4, 2, 2, 3), np.uint8),
        np.zeros(count, bool), np.zeros((count, 4), bool),
    )  # fmt: skip
    signs = np.array([proxy.sign for proxy in PROXIES])

    def answer(slopes) -> Method:
        def method(asked) -> Answer:
            day = asked.proxies @ slopes
            return Answer(day, day, day)

        return method

    right, wrong = answer(signs * 2.0), answer(signs * [2.0, -1.0, 2.0, 0.0, -3.0])
    assert wrong_moves(right, data, right(data).day_c).sum() == 0
    assert (wrong_moves(wrong, data, wrong(data).day_c) == 2).all()


def test_one_metro_teaches_and_all_others_are_tested():
    task = next(t for t in plan(METROS) if t.kind == FROM_METRO and t.metro == "dale")
    split = task_split(MADE.samples, task)
    assert set(MADE.samples.metro[split.train | split.validation]) == {"dale"}
    assert set(MADE.samples.metro[split.test]) == set(METROS) - {"dale"}
    table = answers("aespa_student", 0.3, BLOCKS, "all").assign(split=FROM_METRO, held="dale")
    rows = list(transfer_rows("made", with_intervals(table)))
    assert {row.split for row in rows} == {"from_dale"}
    assert {"mae_within", "pearson_within"} <= {row.metric for row in rows}


def test_the_plan_holds_what_was_asked():
    tasks = plan(METROS)
    blocks = [t for t in tasks if t.kind == BLOCKS]
    left = [t for t in tasks if t.kind == METRO_OUT]
    assert [t.seed for t in blocks] == [0, 1, 2]
    assert {(t.metro, t.seed) for t in left} == {(m, s) for m in METROS for s in (0, 1, 2)}
    ablations = {"aespa_no_satellite", "aespa_no_street", "aespa_no_mobility",
                 "aespa_no_physics", "aespa_student_no_distillation"}  # fmt: skip
    for task in (*blocks, *left):
        assert {"metro_mean", "nearest_tract", "resnet", "aespa", "aespa_student"} <= set(
            task.methods
        )
        assert (ablations <= set(task.methods)) == (task.seed == 0)
    assert len({task.name for task in tasks}) == len(tasks)
