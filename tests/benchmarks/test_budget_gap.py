"""Rows of the budget's benchmark: complete, and in agreement with each other."""

import numpy as np
import pytest

from aespa_core.benchmarks.budget_gap import BudgetCase, budget_rows
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
