"""One way of spending a budget: the amounts, what they cost, what they do, and the bound."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget_menu import Menu
from aespa_core.analysis.units import CELSIUS, Shown
from aespa_core.errors import ConfigError

Array = npt.NDArray[np.float64]


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

    def words(self, shown: Shown = CELSIUS) -> str:
        """Say in a sentence what the budget does, in degrees as the reader wants them."""
        if self.budget == 0:
            return "A budget of 0 buys nothing: no tract cools."
        done = f"US$ {self.cost:,.0f} cool by {shown(self.cooling):.3f} {shown.unit} on average"
        if np.isinf(self.budget):
            return f"Without a limit every tract is treated as far as it cools: {done}."
        if self.cost == 0:
            return f"US$ {self.budget:,.0f} buy nothing here: the cheapest step costs more."
        return (
            f"{done}, of a budget of US$ {self.budget:,.0f}; nothing that this budget buys here "
            f"does more than {shown(self.bound):.3f} {shown.unit} (within {100 * self.gap:.2g} %)."
        )


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
