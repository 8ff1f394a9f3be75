"""A budget spent on cooling: best, step by step, and evenly.

All three buy from the same limits under the same reach of the proxies. `best` and `greedy` buy the
menu's steps; `uniform` buys one share of the limits everywhere. Best is the better of the menu's
best and the uniform spending, so that it is behind neither; its bound holds for all of these.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget_knapsack import ROUNDING, SECONDS, greedy_pick, solve
from aespa_core.analysis.budget_menu import Menu
from aespa_core.analysis.budget_plan import Spending, bought, bounded, check_budget, check_weights
from aespa_core.analysis.budget_uniform import even_sets, uniform_spending

Array = npt.NDArray[np.float64]

BEST: Final = "best"
GREEDY: Final = "greedy"


@dataclass(frozen=True)
class Spendings:
    """The same budget spent in three ways."""

    best: Spending
    greedy: Spending
    uniform: Spending


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
    greedy = bought(
        GREEDY, menu, weights, budget, menu.amounts(weights, greedy_pick(choices, most))
    )
    uniform = uniform_spending(menu, weights, budget, even_sets(menu, weights))
    best = max((found, greedy, uniform), key=lambda way: way.cooling)
    bound = max(solved.bound, best.cooling)
    return Spendings(
        replace(bounded(best, bound), way=BEST, solver_seconds=solved.seconds),
        bounded(greedy, bound),
        bounded(uniform, bound),
    )
