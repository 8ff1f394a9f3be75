"""A spent budget in sentences and as a small table: best, greedy, uniform, and the bound."""

import pandas as pd

from aespa_core.analysis.budget import BEST, GREEDY
from aespa_core.analysis.budget_objective import LABELS
from aespa_core.analysis.budget_uniform import UNIFORM
from aespa_core.analysis.scenarios.outcome import Plan
from aespa_core.analysis.units import CELSIUS, Shown

WAYS = {
    BEST: "best",
    GREEDY: "step by step, the most cooling for each dollar first",
    UNIFORM: "evenly, the same share of the limit everywhere",
}


def plan_sentences(plan: Plan, shown: Shown = CELSIUS) -> tuple[str, ...]:
    """Say what the best spending does, how near it is to the bound, and what it gains."""
    best, greedy, uniform = plan.ways.best, plan.ways.greedy, plan.ways.uniform
    said = [f"{LABELS[plan.objective.name]}. {best.words(shown)}"]
    if best.cost > 0:
        said.append(
            f"The same budget spent {WAYS[GREEDY]}, cools by {shown(greedy.cooling):.3f} "
            f"{shown.unit}; spent {WAYS[UNIFORM]}, by {shown(uniform.cooling):.3f} {shown.unit}. "
            "Averages are over the whole metro."
        )
    return (*said, *plan.objective.notes)


def plan_table(plan: Plan) -> pd.DataFrame:
    """Lay the three ways out: US$ spent, mean cooling in °C, share of the bound missing."""
    ways = (plan.ways.best, plan.ways.greedy, plan.ways.uniform)
    return pd.DataFrame(
        {
            "way": [WAYS[way.way] for way in ways],
            "spent_usd": [way.cost for way in ways],
            "cooling_c": [way.cooling for way in ways],
            "bound_c": [way.bound for way in ways],
            "gap_share": [way.gap for way in ways],
        }
    )
