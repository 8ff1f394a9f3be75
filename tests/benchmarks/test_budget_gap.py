"""Rows of the budget's benchmark: complete, and in agreement with each other."""

from dataclasses import replace

import numpy as np
import pytest

from aespa_core.benchmarks import budget_cases
from aespa_core.benchmarks.budget_cases import bench_budgets
from aespa_core.benchmarks.budget_gap import BudgetCase, budget_rows
from aespa_core.benchmarks.table import Row
from tests.analysis.chance_curves import chance_problem


def test_rows_say_what_best_is_worth():
    problem = chance_problem(np.random.default_rng(0), 30)
    rows = budget_rows(BudgetCase("tiny", "demo", "mean", **vars(problem)), parts=(0.01, 0.1))
    value = {(row.split, row.method, row.metric): row.value for row in rows}
    assert len(value) == len(rows) == 6 + 2 * 14
    for split in ("0.01_of_everything", "0.1_of_everything"):
        best = value[split, "best", "cooling"]
        assert value[split, "best", "gap"] < 0.01
        assert value[split, "best", "gap"] == pytest.approx(
            1 - best / value[split, "best", "bound"]
        )
        for other in ("greedy", "uniform"):
            gain = value[split, "best", f"gain_over_{other}"]
            assert gain == pytest.approx(best - value[split, other, "cooling"])
            assert gain >= 0


def test_a_stopped_run_goes_on_and_other_numbers_are_spent_anew(tmp_path, monkeypatch):
    problem = chance_problem(np.random.default_rng(0), 12)
    mean = BudgetCase("tiny", "demo", "mean", **vars(problem))
    poor = replace(mean, objective="equity", weights=mean.weights * np.arange(1, 13))
    asked = []

    def counted(case: BudgetCase, parts: tuple[float, ...]) -> list[Row]:
        asked.append(case.objective)
        return budget_rows(case, parts)

    monkeypatch.setattr(budget_cases, "budget_rows", counted)
    done = []
    first = bench_budgets([mean], (0.1,), tmp_path)
    both = bench_budgets([mean, poor], (0.1,), tmp_path, lambda: done.append(1))
    assert (asked, len(done)) == (["mean", "equity"], 2)
    assert both[: len(first)] == first
    bench_budgets([replace(mean, unit_cost=2 * mean.unit_cost)], (0.1,), tmp_path)
    assert asked == ["mean", "equity", "mean"]
