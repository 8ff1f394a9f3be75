"""The knapsack: against every possible answer on small problems, and its bounds on large ones."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.budget_knapsack import (
    CLOSE,
    Choices,
    by_highs,
    dominant,
    greedy_pick,
    relaxed,
    solve,
    upper_hull,
)


def chance_choices(rng: np.random.Generator, tracts: int, count: int, whole: bool = False):
    """Draw choices; whole numbers make ties in cost, in value and in value per cost."""
    cost = rng.integers(1, 9, (tracts, count)) if whole else rng.uniform(1, 100, (tracts, count))
    value = rng.integers(-2, 9, (tracts, count)) if whole else rng.normal(0.5, 0.5, cost.shape)
    cost, value = cost.astype(float), value * np.sqrt(cost)
    cost[:, 0] = value[:, 0] = 0
    order = np.argsort(cost, axis=1, kind="stable")
    cost, value = (np.take_along_axis(array, order, 1) for array in (cost, value))
    keep = dominant(cost, value)
    return Choices(np.nonzero(keep)[0], cost[keep], value[keep])


def best_of_all(choices: Choices, budget: float) -> float:
    groups = [np.nonzero(choices.tract == b)[0] for b in range(choices.tract.max() + 1)]
    picks = np.array(list(product(*groups)))
    return choices.value[picks].sum(1)[choices.cost[picks].sum(1) <= budget].max()


chances = st.builds(np.random.default_rng, st.integers(0, 2**16))


@given(chances, st.integers(1, 4), st.integers(2, 6), st.floats(0, 1.2), st.booleans())
def test_no_answer_is_better(rng, tracts, count, part, whole):
    choices = chance_choices(rng, tracts, count, whole)
    budget = part * sum(choices.cost[choices.tract == b].max() for b in range(tracts))
    budget = round(budget) if whole else budget
    solved = solve(choices, budget)
    best = best_of_all(choices, budget)
    assert choices.tract[solved.pick].tolist() == list(range(tracts))
    assert choices.cost[solved.pick].sum() <= budget
    found = choices.value[solved.pick].sum()
    assert best * (1 - 2 * CLOSE) - 1e-12 <= found <= best + 1e-12
    assert solved.bound >= best - 1e-9
    assert found >= choices.value[greedy_pick(choices, budget)].sum() >= 0


@given(chances, st.floats(0.01, 1.2))
@settings(max_examples=30)
def test_what_is_left_out_before_the_search_is_in_no_better_answer(rng, part):
    choices = chance_choices(rng, 12, 8)
    budget = part * 12 * 20.0
    whole = by_highs(choices, budget, 1e-9, 10)
    found = choices.value[solve(choices, budget).pick].sum()
    assert found >= choices.value[whole.pick].sum() * (1 - 2 * CLOSE) - 1e-9


def test_greedy_alone_is_not_the_best():
    # 1 US$ for 2 is the better rate, but then 10 US$ for 10 no longer fit
    choices = Choices(np.array([0, 0, 1, 1]), np.array([0.0, 1, 0, 10]), np.array([0.0, 2, 0, 10]))
    assert choices.value[greedy_pick(choices, 10)].sum() == 2
    solved = solve(choices, 10)
    assert choices.value[solved.pick].sum() == 10
    assert solved.bound == pytest.approx(10)
    assert relaxed(choices, 10).bound == pytest.approx(2 + 9)


def test_of_equal_costs_the_better_stays_and_the_impossible_goes():
    cost = np.array([[0.0, 0, 1, 1, 1, 2, 3]])
    value = np.array([[0.0, 0, 1, 3, 2, -np.inf, 3]])
    assert dominant(cost, value).tolist() == [[True, False, False, True, False, False, False]]


@given(chances)
def test_the_hull_lies_above_every_choice_and_bends_down(rng):
    choices = chance_choices(rng, 5, 12, whole=True)
    rows = upper_hull(choices)
    for b in range(5):
        own, all_ = rows[choices.tract[rows] == b], np.nonzero(choices.tract == b)[0]
        line = np.interp(choices.cost[all_], choices.cost[own], choices.value[own])
        assert (line >= choices.value[all_] - 1e-9).all()
        rates = np.diff(choices.value[own]) / np.diff(choices.cost[own])
        assert (np.diff(rates) < 0).all()


def test_a_search_out_of_time_still_answers_with_its_gap():
    choices = chance_choices(np.random.default_rng(3), 300, 40)
    solved = solve(choices, 333.0, seconds=0.0)
    assert choices.cost[solved.pick].sum() <= 333
    assert 0 < choices.value[solved.pick].sum() <= solved.bound
