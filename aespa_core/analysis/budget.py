"""A budget spent on cooling: best, step by step, and evenly.

All three buy from the same limits under the same reach of the proxies. `best` and `greedy` buy the
menu's steps; `even` buys one share of all limits everywhere. Best is the better of the menu's best
and the even spending, so that it is never behind either; its bound holds for all of these.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget_knapsack import SECONDS, Choices, Rows, affordable, relaxed, solve
from aespa_core.analysis.budget_menu import Menu
from aespa_core.errors import ConfigError

Array = npt.NDArray[np.float64]

BEST: Final = "best"
GREEDY: Final = "greedy"
UNIFORM: Final = "uniform"
# of a budget: rounding in a sum of costs does not count as beyond it
ROUNDING: Final = 1e-12
CURVE_POINTS: Final = 21


@dataclass(frozen=True)
class Spending:
    """How a budget is spent in B tracts on J measures, and what it does by day.

    Attributes
    ----------
    way
        ``best``, ``greedy`` or ``uniform``.
    budget
        What may be spent, US$.
    amounts
        Of each measure, share of the tract's land, (B, J).
    cost
        What is spent, US$.
    tract_cooling
        °C of surface temperature, positive = cooler, mean over members, (B,).
    cooling
        Its mean by the objective's weights, °C, positive = cooler.
    bound
        No spending of this budget from this menu cools more, °C.
    gap
        Share of the bound that is missing to it, 0 where nothing cools.
    solver_seconds
        Spent on finding it; 0 for the ways that need no search.
    """

    way: str
    budget: float
    amounts: Array
    cost: float
    tract_cooling: Array
    cooling: float
    bound: float
    gap: float
    solver_seconds: float

    @property
    def words(self) -> str:
        """Say in a sentence what the budget does."""
        if self.budget == 0:
            return "A budget of 0 buys nothing: no tract cools."
        done = f"US$ {self.cost:,.0f} cool by {self.cooling:.2f} °C on average"
        if np.isinf(self.budget):
            return f"Without a limit every tract is treated as far as it cools: {done}."
        if self.cost == 0:
            return f"US$ {self.budget:,.0f} buy nothing here: the cheapest step costs more."
        return (
            f"{done}, of a budget of US$ {self.budget:,.0f}; nothing that this budget buys here "
            f"does more than {self.bound:.2f} °C (within {100 * self.gap:.2g} %)."
        )


@dataclass(frozen=True)
class Spendings:
    """The same budget spent in three ways."""

    best: Spending
    greedy: Spending
    uniform: Spending


@dataclass(frozen=True)
class CoolingCurve:
    """Cooling against budget, each (P,).

    Attributes
    ----------
    budget
        US$, rising.
    best
        °C by the objective's weights, positive = cooler: steps bought by cooling per US$, or evenly
        where that is better. Never falls. Without a search, hence at most `bound`.
    bound
        No spending from the menu cools more, °C.
    uniform
        °C of the even spending.
    """

    budget: Array
    best: Array
    bound: Array
    uniform: Array


def spend(menu: Menu, weights: Array, budget: float, seconds: float = SECONDS) -> Spendings:
    """Spend a budget in three ways.

    Parameters
    ----------
    menu
        What may be bought in B tracts.
    weights
        Of the tracts in the mean cooling that is made large, (B,); see `budget_objective`.
    budget
        US$; 0 and infinity are allowed.
    seconds
        The search stops here, with the best that it has and its gap.

    Raises
    ------
    ConfigError
        If the budget is negative or no number, or the weights are not usable.
    """
    check_budget(budget)
    check_weights(menu, weights)
    choices = menu.choices(weights)
    most = budget * (1 + ROUNDING)
    solved = solve(choices, most, seconds)
    found = bought(BEST, menu, weights, budget, menu.amounts(weights, solved.pick))
    greedy = bought(GREEDY, menu, weights, budget, menu.amounts(weights, greedy_pick(choices, most)))
    uniform = bought(UNIFORM, menu, weights, budget, uniform_amounts(menu, weights, budget))
    best = max((found, greedy, uniform), key=lambda way: way.cooling)
    bound = max(solved.bound, best.cooling)
    return Spendings(
        replace(bounded(best, bound), way=BEST, solver_seconds=solved.seconds),
        bounded(greedy, bound),
        bounded(uniform, bound),
    )


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
    share = weights / weights.sum()
    stepwise, bound, uniform = np.zeros((3, len(budgets)))
    for p, budget in enumerate(budgets):
        own = affordable(choices, budget * (1 + ROUNDING))
        within = Choices(choices.tract[own], choices.cost[own], choices.value[own])
        easy = relaxed(within, budget * (1 + ROUNDING))
        stepwise[p], bound[p] = within.value[easy.greedy].sum(), easy.bound
        uniform[p] = menu.cooling_of(uniform_amounts(menu, weights, float(budget))) @ share
    # what a smaller budget buys a larger one buys too
    best = np.maximum.accumulate(np.maximum(stepwise, uniform))
    return CoolingCurve(budgets, best, np.maximum(bound, best), uniform)


def check_budget(budget: float) -> None:
    """Raise ConfigError if a budget is negative or no number."""
    if not budget >= 0:
        raise ConfigError(
            f"A budget of {budget:,} US$ cannot be spent: give 0 or more, or 'inf' for no limit."
        )


def check_weights(menu: Menu, weights: Array) -> None:
    """Raise ConfigError if the weights give no mean."""
    if weights.shape != menu.limits.shape[:1]:
        raise ConfigError(
            f"{len(weights)} weights for {len(menu.limits)} tracts: give one for each."
        )
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise ConfigError("The objective's weights must be 0 or more, and above 0 somewhere.")


def greedy_pick(choices: Choices, budget: float) -> Rows:
    """Buy steps by cooling per US$ along each tract's hull until none fits; rows of choices."""
    own = affordable(choices, budget)
    within = Choices(choices.tract[own], choices.cost[own], choices.value[own])
    return own[relaxed(within, budget).greedy]


def uniform_amounts(menu: Menu, weights: Array, budget: float) -> Array:
    """Give the same share of its limits to every tract that counts, as the budget allows, (B, J).

    A tract whose proxies cannot move so far gets as large a share as they allow.
    """
    reach = np.where(weights > 0, menu.reach, 0.0)
    price = (menu.limits * menu.unit_cost).sum(-1)  # (B,) US$ of everything
    # the cost rises in straight pieces, which bend where a tract has reached its end
    order = np.argsort(reach)
    ends = np.concatenate([[0.0], reach[order]])
    still = price.sum() - np.concatenate([[0.0], np.cumsum(price[order])[:-1]])
    cost = np.concatenate([[0.0], np.cumsum(np.diff(ends) * still)])
    share = np.interp(budget, cost, ends)
    return np.minimum(share, reach)[:, None] * menu.limits


def bought(way: str, menu: Menu, weights: Array, budget: float, amounts: Array) -> Spending:
    """Say what amounts (B, J) cost and do."""
    tract_cooling = menu.cooling_of(amounts)
    cooling = float(tract_cooling @ weights / weights.sum())
    cost = menu.cost_of(amounts)
    return Spending(way, budget, amounts, cost, tract_cooling, cooling, np.inf, np.inf, 0.0)


def bounded(spending: Spending, bound: float) -> Spending:
    """Put a spending beside its bound."""
    gap = 1 - spending.cooling / bound if bound > 0 else 0.0
    return replace(spending, bound=bound, gap=max(gap, 0.0))
