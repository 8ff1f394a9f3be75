"""A budget spread evenly, for comparison: the same share of its limits in every tract."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget_limits import reachable_share
from aespa_core.analysis.budget_menu import Mask, Menu
from aespa_core.analysis.budget_plan import Spending, bought

Array = npt.NDArray[np.float64]

UNIFORM: Final = "uniform"


def even_sets(menu: Menu, weights: Array) -> tuple[Mask, ...]:
    """List sets of measures to spread evenly: what does most per US$, the best two, and so on.

    Each is (J,). Spread over all alike, most money would go to the dearest: no fair comparison.
    """
    worth = np.zeros(len(menu.vectors))
    for j, one in enumerate(np.eye(len(worth))):
        amounts = np.where(weights > 0, 1.0, 0.0)[:, None] * menu.limits * one
        if cost := menu.cost_of(amounts):
            worth[j] = menu.cooling_of(amounts) @ weights / cost
    rank = np.argsort(np.argsort(-worth, kind="stable"))
    return tuple(rank <= last for last in range(len(worth)))


def even_amounts(menu: Menu, weights: Array, budget: float, measures: Mask) -> Array:
    """Give the same share of its limits to every tract that counts, as the budget allows, (B, J).

    A tract whose proxies cannot move so far gets as large a share as they allow.
    """
    limits = menu.limits * measures
    reach = reachable_share(limits @ menu.vectors, menu.responses)
    reach = np.where(weights > 0, reach, 0.0)  # (B,)
    price = (limits * menu.unit_cost).sum(-1)  # (B,) US$ of everything
    # the cost rises in straight pieces, which bend where a tract has reached its end
    order = np.argsort(reach)
    ends = np.concatenate([[0.0], reach[order]])
    still = np.cumsum(price[order][::-1])[::-1]
    cost = np.concatenate([[0.0], np.cumsum(np.diff(ends) * still)])
    share = np.interp(budget, cost, ends)
    return np.minimum(share, reach)[:, None] * limits


def uniform_spending(menu: Menu, weights: Array, budget: float, sets: tuple[Mask, ...]) -> Spending:
    """Spread a budget evenly, on whichever set of measures cools most."""
    ways = (
        bought(UNIFORM, menu, weights, budget, even_amounts(menu, weights, budget, measures))
        for measures in sets
    )
    return max(ways, key=lambda way: way.cooling)
