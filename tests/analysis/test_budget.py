"""A budget spent: against all combinations by the curves themselves, and its promises."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.budget import spend
from aespa_core.analysis.budget_curve import cooling_curve
from aespa_core.analysis.budget_knapsack import CLOSE
from aespa_core.analysis.budget_limits import ROUNDING
from aespa_core.analysis.budget_menu import QUARTERS, menu_of
from aespa_core.errors import ConfigError
from tests.analysis.chance_curves import Problem, chance_problem


def menu(problem: Problem, levels=QUARTERS):
    return menu_of(
        problem.responses, problem.vectors, problem.limits, problem.unit_cost, levels=levels
    )


def within(problem: Problem, amounts) -> np.ndarray:
    change = amounts @ problem.vectors
    low, high = problem.responses.lowest - ROUNDING, problem.responses.highest + ROUNDING
    return ((change >= low) & (change <= high)).all(-1) & (amounts <= problem.limits).all(-1)


def mean_cooling(problem: Problem, amounts) -> float:
    effect = problem.responses.effect_c(amounts @ problem.vectors).mean(0)
    return float(-effect @ problem.weights / problem.weights.sum())


chances = st.builds(np.random.default_rng, st.integers(0, 2**16))


@given(chances, st.integers(1, 3), st.floats(0, 1.1))
@settings(max_examples=40)
def test_no_combination_cools_more(rng, tracts, part):
    problem = chance_problem(rng, tracts, measures=2)
    offer = menu(problem, levels=(0.0, 0.5, 1.0))
    budget = part * float((offer.limits * offer.unit_cost).sum())
    best = 0.0
    for shares in product((0.0, 0.5, 1.0), repeat=2 * tracts):
        amounts = np.reshape(shares, (tracts, 2)) * offer.limits
        if within(problem, amounts).all() and (amounts * problem.unit_cost).sum() <= budget:
            best = max(best, mean_cooling(problem, amounts))
    found = spend(offer, problem.weights, budget).best
    assert found.cooling >= best * (1 - 2 * CLOSE) - 1e-12
    assert found.bound >= best - 1e-9


@given(chances, st.integers(1, 60), st.just(0.0) | st.floats(1e-6, 0.5))
@settings(max_examples=40)
def test_promises_of_every_spending(rng, tracts, part):
    problem = chance_problem(rng, tracts)
    offer = menu(problem)
    budget = part * float((offer.limits * offer.unit_cost).sum())
    three = spend(offer, problem.weights, budget)
    for way in (three.best, three.greedy, three.uniform):
        assert within(problem, way.amounts).all()
        assert (way.amounts >= 0).all()
        assert way.cost == pytest.approx((way.amounts * problem.unit_cost).sum())
        assert way.cost <= budget * (1 + 1e-9)
        assert way.cooling == pytest.approx(mean_cooling(problem, way.amounts))
        assert three.best.bound >= three.best.cooling >= way.cooling >= 0
        assert way.gap == pytest.approx(1 - way.cooling / way.bound if way.bound else 0, abs=1e-12)
        assert not way.amounts[problem.weights == 0].any()


@given(chances)
@settings(max_examples=8)
def test_a_larger_budget_never_cools_less(rng):
    problem = chance_problem(rng, 25)
    offer = menu(problem)
    full = spend(offer, problem.weights, np.inf).best
    budgets = np.sort(rng.uniform(0, 1.1, 5)) * full.cost
    found = [spend(offer, problem.weights, budget).best.cooling for budget in budgets]
    assert (np.diff(found) >= -CLOSE * full.cooling).all()
    curve = cooling_curve(offer, problem.weights, budgets)
    assert (np.diff(curve.best) >= 0).all()
    assert (curve.bound >= np.array(found) - 1e-9).all()
    assert (curve.best <= curve.bound).all()
    assert (curve.uniform <= curve.best).all()


def test_menu_holds_the_curves_own_numbers():
    problem = chance_problem(np.random.default_rng(5), 40)
    offer = menu(problem)
    for choice in np.random.default_rng(0).choice(len(offer.tract), 60):
        amounts = np.zeros_like(offer.limits)
        tract = offer.tract[choice]
        amounts[tract] = offer.shares[offer.combination[choice]] * offer.limits[tract]
        assert within(problem, amounts).all()
        assert offer.cooling_of(amounts)[tract] == pytest.approx(offer.cooling[choice])
        assert offer.cost_of(amounts) == pytest.approx(offer.cost[choice])


def test_a_menu_made_in_parts_is_the_same(monkeypatch):
    problem = chance_problem(np.random.default_rng(6), 7)
    whole = menu(problem)
    monkeypatch.setattr("aespa_core.analysis.budget_menu.TOGETHER", 1300)
    parts = menu(problem)
    np.testing.assert_array_equal(parts.tract, whole.tract)
    np.testing.assert_array_equal(parts.combination, whole.combination)
    np.testing.assert_allclose(parts.cooling, whole.cooling, rtol=1e-12)


def test_nothing_and_everything():
    problem = chance_problem(np.random.default_rng(7), 30)
    offer = menu(problem)
    none = spend(offer, problem.weights, 0).best
    assert not none.amounts.any()
    assert (none.cost, none.cooling, none.gap) == (0, 0, 0)
    assert none.words() == "A budget of 0 buys nothing: no tract cools."
    full = spend(offer, problem.weights, np.inf).best
    assert full.gap == pytest.approx(0)
    assert f"US$ {full.cost:,.0f}" in full.words()
    assert full.words().startswith("Without a limit")
    # what it costs without a limit is enough
    enough = spend(offer, problem.weights, full.cost).best
    assert enough.cooling == pytest.approx(full.cooling)
    curve = cooling_curve(offer, problem.weights)
    assert (curve.budget[0], curve.best[0]) == (0, 0)
    assert curve.best[-1] == pytest.approx(full.cooling)


def test_one_measure_without_a_ceiling_is_bought_to_its_limit_everywhere():
    problem = chance_problem(np.random.default_rng(8), 20, measures=1)
    wide = replace(
        problem.responses,
        lowest=np.full_like(problem.responses.lowest, -1),
        highest=np.full_like(problem.responses.highest, 1),
    )
    vectors = np.array([[0, 0, -1.0, 0, 0]])
    offer = menu_of(wide, vectors, problem.limits, problem.unit_cost)
    full = spend(offer, problem.weights, np.inf)
    wanted = np.where(problem.weights[:, None] > 0, problem.limits, 0)
    np.testing.assert_allclose(full.best.amounts, wanted)
    np.testing.assert_allclose(full.uniform.amounts, wanted)


def test_uniform_gives_every_tract_the_same_share():
    problem = chance_problem(np.random.default_rng(9), 30, measures=1)
    offer = menu(problem)
    budget = 0.05 * float((offer.limits * offer.unit_cost).sum())
    way = spend(offer, problem.weights, budget).uniform
    counted = (problem.weights > 0) & (offer.limits[:, 0] > 0)
    shares = way.amounts[counted, 0] / offer.limits[counted, 0]
    np.testing.assert_allclose(shares, shares[0])
    assert way.cost == pytest.approx(budget)


def test_a_tract_without_curves_is_left_alone():
    problem = chance_problem(np.random.default_rng(10), 10)
    curves = problem.responses
    blank = {
        name: np.array(getattr(curves, name))
        for name in ("lowest", "highest", "line", "weight", "slope", "offset")
    }
    for name, array in blank.items():
        array[(3,) if name in ("lowest", "highest") else (slice(None), 3)] = np.nan
    offer = menu(replace(problem, responses=replace(curves, **blank)))
    found = spend(offer, problem.weights, np.inf)
    assert not found.best.amounts[3].any()
    assert np.isfinite(found.best.tract_cooling).all()
    assert found.best.cooling > 0


@pytest.mark.parametrize("budget", [-1.0, np.nan, -np.inf])
def test_no_such_budget(budget):
    problem = chance_problem(np.random.default_rng(0), 5)
    offer = menu(problem)
    with pytest.raises(ConfigError, match="cannot be spent: give 0 or more"):
        spend(offer, problem.weights, budget)
    with pytest.raises(ConfigError, match="cannot be spent"):
        cooling_curve(offer, problem.weights, np.array([1.0, budget]))


def test_nothing_to_spend_on_is_a_sentence():
    problem = chance_problem(np.random.default_rng(0), 5)
    curves, vectors = problem.responses, problem.vectors
    limits, price = problem.limits, problem.unit_cost
    with pytest.raises(ConfigError, match="No tract is chosen"):
        menu_of(curves, vectors, limits[:0], price[:0])
    with pytest.raises(ConfigError, match="No measure is available: choose"):
        menu_of(curves, vectors[:0], limits[:, :0], price[:, :0])
    with pytest.raises(ConfigError, match="every limit is 0"):
        menu_of(curves, vectors, 0 * limits, price)
    still = replace(curves, lowest=0 * curves.lowest, highest=0 * curves.highest)
    with pytest.raises(ConfigError, match="none of their proxies may move"):
        menu_of(still, vectors, limits, price)


def test_wrong_arrays_are_sentences():
    problem = chance_problem(np.random.default_rng(0), 5)
    curves, vectors = problem.responses, problem.vectors
    limits, price = problem.limits, problem.unit_cost
    for wrong, what in (
        ((vectors[:2], limits, price), "limits has the shape"),
        ((vectors, -limits, price), "limit is negative or no number"),
        ((vectors, limits * np.nan, price), "limit is negative or no number"),
        ((vectors, limits, 0 * price), "unit cost is not above 0"),
        ((vectors * np.nan, limits, price), "change of a proxy is no number"),
    ):
        with pytest.raises(ConfigError, match=what):
            menu_of(curves, *wrong)
    with pytest.raises(ConfigError, match="cannot be tried"):
        menu_of(curves, vectors, limits, price, levels=(0.0, 1.5))
    with pytest.raises(ConfigError, match="weights must be"):
        spend(menu(problem), 0 * problem.weights, 1.0)
    with pytest.raises(ConfigError, match="3 weights for 5 tracts"):
        spend(menu(problem), problem.weights[:3], 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_whole_metro_is_near_its_bound(seed):
    problem = chance_problem(np.random.default_rng(seed), 1300)
    offer = menu(problem)
    full = spend(offer, problem.weights, np.inf).best
    for part in (1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5):
        three = spend(offer, problem.weights, part * full.cost)
        assert three.best.gap < 0.01
        assert three.best.cooling >= max(three.greedy.cooling, three.uniform.cooling)
