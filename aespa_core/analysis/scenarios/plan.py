"""A budget spent within a scenario: on its tracts and measures, no more of each than it says."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget import spend
from aespa_core.analysis.budget_curve import CoolingCurve, cooling_curve
from aespa_core.analysis.budget_menu import Menu, menu_of
from aespa_core.analysis.budget_objective import MEAN, Objective, objective
from aespa_core.analysis.scenarios.asked import asked_of
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.costs import LAND, usd_a_tract
from aespa_core.analysis.scenarios.limits import limits_of
from aespa_core.analysis.scenarios.outcome import Plan
from aespa_core.analysis.scenarios.scenario import Amount, Budget, Scenario
from aespa_core.analysis.scenarios.selection import chosen_tracts
from aespa_core.errors import StudyError

WARMTH, PEOPLE, INCOME = "anomaly_c", "population", "median_household_income_usd"


def menu_for(scenario: Scenario, baseline: Baseline) -> Menu:
    """List what a budget may buy within a scenario; its own budget does not matter.

    Raises
    ------
    StudyError
        If the study has no land area, so that nothing has a price, or no such tracts.
    ConfigError
        If no measure can do anything in the chosen tracts.
    """
    price = usd_a_tract(scenario.costs, baseline).T  # (B, Q)
    known: npt.NDArray[np.bool_] = np.asarray(np.isfinite(price).all(-1), bool)
    if not known.any():
        raise StudyError(
            f"{baseline.study} has no land areas ({LAND}), so that nothing has a price and no "
            "budget can be spent: choose amounts instead, or a study that has them."
        )
    limits = limits_of(baseline)
    chosen = chosen_tracts(scenario.where, baseline)
    asked = asked_of(scenario, baseline, limits, chosen).share
    most = np.minimum(asked, limits.share).T  # (B, Q)
    return menu_of(
        baseline.responses,
        limits.vectors,
        np.where(known[:, None], most, 0.0),
        np.where(known[:, None], price, 0.0),
    )


def plan_of(budget: Budget, baseline: Baseline, menu: Menu) -> Plan:
    """Spend a budget."""
    whose = objective_of(budget.objective, baseline)
    return Plan(whose, spend(menu, whose.weights, budget.usd))


def objective_of(name: str, baseline: Baseline) -> Objective:
    """Weigh the tracts of a metro, all of them: who is not chosen does not cool, and counts."""
    return objective(
        name,
        baseline.column(PEOPLE),
        baseline.column(WARMTH),
        baseline.column(INCOME),
        baseline.column(LAND),
    )


def curve_of(baseline: Baseline, menu: Menu, name: str = MEAN) -> CoolingCurve:
    """Follow the metro's mean cooling by an objective as the budget grows."""
    return cooling_curve(menu, objective_of(name, baseline).weights)


def all_of(scenario: Scenario) -> Scenario:
    """Give the scenario in which each of its measures may go to its limit."""
    used = [amount.measure for amount in scenario.amounts if amount.share > 0]
    amounts = tuple(Amount(measure, 1.0, of_limit=True) for measure in used)
    return replace(scenario, amounts=amounts or scenario.amounts, budget=None)
