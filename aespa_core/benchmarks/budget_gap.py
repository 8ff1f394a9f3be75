"""What the best spending is worth: gap to the bound, seconds, gain over simpler ways."""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget import spend
from aespa_core.analysis.budget_curve import cooling_curve
from aespa_core.analysis.budget_menu import menu_of
from aespa_core.analysis.response import Responses
from aespa_core.benchmarks.table import Row

Array = npt.NDArray[np.float64]

# budgets, of what everything that cools would cost
PARTS: Final = (0.0001, 0.001, 0.01, 0.1, 0.5)


@dataclass(frozen=True)
class BudgetCase:
    """A metro's tracts B, measures J and whose cooling counts; arrays as in `menu_of`.

    Attributes
    ----------
    study, metro, objective
        Plain ids for the rows.
    responses
        Curves of the metro.
    vectors
        (J, K).
    limits
        Share of land, (B, J).
    unit_cost
        US$ per unit amount, (B, J).
    weights
        (B,).
    """

    study: str
    metro: str
    objective: str
    responses: Responses
    vectors: Array
    limits: Array
    unit_cost: Array
    weights: Array


def budget_rows(case: BudgetCase, parts: tuple[float, ...] = PARTS) -> list[Row]:
    """Spend several budgets in a metro in three ways.

    Returns
    -------
    Rows of split ``<part>_of_everything`` and target ``budget_<objective>``, by method ``best``,
    ``greedy`` and ``uniform``: ``cooling`` (°C, positive = cooler), ``cost`` (US$), ``gap`` (share
    of the bound); of ``best`` also ``bound`` (°C), ``seconds`` of the search, ``seconds_all`` of
    the three ways, ``gain_over_greedy`` and ``gain_over_uniform`` (°C). Of split ``everything``:
    ``seconds_menu``, ``seconds_curve``, ``tracts``, ``choices``, ``cost``, ``cooling``.
    """
    start = time.perf_counter()
    menu = menu_of(case.responses, case.vectors, case.limits, case.unit_cost)
    made = time.perf_counter()
    cooling_curve(menu, case.weights)
    drawn = time.perf_counter()
    everything = spend(menu, case.weights, np.inf).best

    def row(method: str, split: str, metric: str, value: float, unit: str) -> Row:
        target = f"budget_{case.objective}"
        return Row(case.study, method, case.metro, split, target, 0, metric, value, unit)

    rows = [
        row("best", "everything", "seconds_menu", made - start, "s"),
        row("best", "everything", "seconds_curve", drawn - made, "s"),
        row("best", "everything", "tracts", len(case.limits), "1"),
        row("best", "everything", "choices", len(menu.tract), "1"),
        row("best", "everything", "cost", everything.cost, "US$"),
        row("best", "everything", "cooling", everything.cooling, "°C"),
    ]
    for part in parts:
        split = f"{part:g}_of_everything"
        begun = time.perf_counter()
        three = spend(menu, case.weights, part * everything.cost)
        seconds = time.perf_counter() - begun
        for way in (three.best, three.greedy, three.uniform):
            rows += [
                row(way.way, split, "cooling", way.cooling, "°C"),
                row(way.way, split, "cost", way.cost, "US$"),
                row(way.way, split, "gap", way.gap, "1"),
            ]
        best = three.best
        rows += [
            row("best", split, "bound", best.bound, "°C"),
            row("best", split, "seconds", best.solver_seconds, "s"),
            row("best", split, "seconds_all", seconds, "s"),
            row("best", split, "gain_over_greedy", best.cooling - three.greedy.cooling, "°C"),
            row("best", split, "gain_over_uniform", best.cooling - three.uniform.cooling, "°C"),
        ]
    return rows
