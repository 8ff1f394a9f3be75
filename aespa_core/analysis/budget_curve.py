"""Cooling against budget: what the next dollar still does."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget_knapsack import ROUNDING, affordable, greedy_pick, relaxed
from aespa_core.analysis.budget_menu import Menu
from aespa_core.analysis.budget_plan import check_budget, check_weights
from aespa_core.analysis.budget_uniform import even_sets, uniform_spending

Array = npt.NDArray[np.float64]

CURVE_POINTS: Final = 21


@dataclass(frozen=True)
class CoolingCurve:
    """Cooling against budget, each (P,).

    Attributes
    ----------
    budget
        US$, rising.
    best
        °C by the objective's weights, positive = cooler: steps bought by cooling per US$, or the
        uniform spending where that does more. Found without a search, so that `bound` may be above
        it; it never falls.
    bound
        No spending from the menu cools more, °C.
    uniform
        °C of the same share of the limits everywhere.
    """

    budget: Array
    best: Array
    bound: Array
    uniform: Array


def cooling_curve(menu: Menu, weights: Array, budgets: Array | None = None) -> CoolingCurve:
    """Follow the cooling as the budget grows.

    Parameters
    ----------
    menu, weights
        As for `spend`.
    budgets
        US$, (P,), in any order; from 0 to the cost of all that cools if None, closer together at
        the low end, where the curve is steep.
    """
    check_weights(menu, weights)
    choices = menu.choices(weights)
    if budgets is None:
        everything = choices.cost[greedy_pick(choices, np.inf)].sum()
        budgets = np.linspace(0, 1, CURVE_POINTS) ** 2 * everything
    for budget in budgets:
        check_budget(float(budget))
    budgets = np.sort(np.asarray(budgets, float))
    sets = even_sets(menu, weights)
    stepwise, bound, uniform = np.zeros((3, len(budgets)))
    for p, budget in enumerate(budgets):
        within = choices.rows(affordable(choices, budget * (1 + ROUNDING)))
        easy = relaxed(within, budget * (1 + ROUNDING))
        stepwise[p], bound[p] = within.value[easy.greedy].sum(), easy.bound
        uniform[p] = uniform_spending(menu, weights, float(budget), sets).cooling
    # what a smaller budget buys a larger one buys too
    best = np.maximum.accumulate(np.maximum(stepwise, uniform))
    return CoolingCurve(budgets, best, np.maximum(bound, best), uniform)
