"""From a scenario to its outcome: the same question, the same answer.

The effect is the direct one: context, area means, neighbours and the base stay as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.budget_menu import Menu
from aespa_core.analysis.exposure.censored_incomes import censored_words
from aespa_core.analysis.scenarios.asked import Asked, asked_by_tract, asked_of
from aespa_core.analysis.scenarios.availability import availability
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.costs import LAND, usd_m2_of
from aespa_core.analysis.scenarios.limits import Given, Limits, given_of, limits_of
from aespa_core.analysis.scenarios.measures import MEASURE_IDS, MEASURES
from aespa_core.analysis.scenarios.outcome import MeasureTotal, Outcome
from aespa_core.analysis.scenarios.plan import menu_for, plan_of
from aespa_core.analysis.scenarios.published import published_of, with_published
from aespa_core.analysis.scenarios.refusals import reasons, refusals
from aespa_core.analysis.scenarios.scenario import Scenario
from aespa_core.analysis.scenarios.selection import chosen_tracts
from aespa_core.analysis.scenarios.totals import PEOPLE, WARMTH, gap_change, totals_of
from aespa_core.errors import StudyError
from aespa_core.schema import PROXY_IDS
from aespa_core.spread import Spread, spread_below

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def outcome_of(scenario: Scenario, baseline: Baseline, menu: Menu | None = None) -> Outcome:
    """Play a scenario.

    Parameters
    ----------
    scenario, baseline
        What is asked, of which metro.
    menu
        `menu_for` the scenario, if it is at hand; a budget is spent from it.

    Raises
    ------
    StudyError
        If the metro has no such tracts, or a measure cannot be answered.
    ConfigError
        If there is a budget and nothing to spend it on.
    """
    limits = limits_of(baseline)
    chosen = chosen_tracts(scenario.where, baseline)
    asked = asked_of(scenario, baseline, limits, chosen)
    if scenario.budget is None:
        return outcome_for(scenario, baseline, limits, chosen, asked)
    plan = plan_of(scenario.budget, baseline, menu or menu_for(scenario, baseline))
    spent = asked_by_tract(plan.ways.best.amounts.T)
    return replace(outcome_for(scenario, baseline, limits, chosen, spent), plan=plan)


def outcome_for(
    scenario: Scenario, baseline: Baseline, limits: Limits, chosen: Bools, asked: Asked
) -> Outcome:
    """Play amounts that differ from tract to tract, such as the best spending of a budget.

    Parameters
    ----------
    scenario
        Says which measures are reported and what they cost.
    baseline, limits
        The metro.
    chosen
        Tracts that are meant, (B,).
    asked
        Amounts; what does not fit is scaled back.
    """
    given = given_of(asked.share, limits)
    effect_c = baseline.responses.effect_c(given.change)  # (M, B)
    used = [MEASURE_IDS.index(amount.measure) for amount in scenario.amounts]
    measures = tuple(measure_total(q, scenario, baseline, limits, given, asked) for q in used)
    treated = np.asarray((given.share > 0).any(0), bool)
    estimated = [total for total in measures if total.estimated]
    totals = totals_of(
        baseline,
        chosen,
        treated,
        effect_c,
        float(sum(total.area_m2 for total in estimated)),
        float(sum(total.cost_usd for total in estimated)),
    )
    why_no_gap, gap = "", None
    try:
        gap = gap_change(baseline, effect_c)
    except StudyError as error:
        why_no_gap = str(error)
    published = published_of(asked.published, baseline)
    table = table_of(baseline, chosen, treated, spread_below(effect_c), given, asked, used)
    table["why_not"] = reasons(used, limits, given, asked)
    if published is not None:
        table = with_published(table, asked.published)
    return Outcome(
        scenario,
        baseline.study,
        baseline.kind,
        baseline.metro,
        baseline.run,
        len(effect_c),
        table,
        totals,
        measures,
        refusals(used, limits, given, asked),
        gap,
        why_no_gap,
        published,
        trends=baseline.trends.of(proxies_of(total.measure for total in estimated if total.tracts)),
        notices=notices_of(baseline, told_gap=gap is not None),
    )


def notices_of(baseline: Baseline, *, told_gap: bool) -> tuple[str, ...]:
    """Name what was found when the study was opened, who is not counted, and blunted incomes."""
    blunted = censored_words(baseline.frame) if told_gap else None
    return (*baseline.notices, *uncounted(baseline), *filter(None, [blunted]))


def uncounted(baseline: Baseline) -> tuple[str, ...]:
    """Say of how many tracts the people, or all, are in no number.

    Where nobody's residents are known another sentence says so.
    """
    said, tracts = [], len(baseline.frame)
    unknown = int(np.isnan(baseline.column(PEOPLE)).sum())
    if 0 < unknown < tracts:
        said.append(
            f"The residents of {unknown:,} of {tracts:,} tracts are unknown: they are not among "
            "the people who live there, nor in comparisons between fifths."
        )
    if baseline.unestimated:
        said.append(
            f"{baseline.unestimated:,} of {tracts + baseline.unestimated:,} tracts of the metro "
            "are without an estimate: they are in no number and on no list."
        )
    return tuple(said)


def proxies_of(measures: Iterable[str]) -> set[str]:
    """Ids of the proxies that some measures move."""
    used = (MEASURES[MEASURE_IDS.index(name)] for name in measures)
    return {coupling.proxy for measure in used for coupling in measure.couplings}


def measure_total(
    q: int, scenario: Scenario, baseline: Baseline, limits: Limits, given: Given, asked: Asked
) -> MeasureTotal:
    """Add up one measure."""
    here = availability(MEASURES[q], baseline.responses, baseline.metro)
    share = given.share[q] + asked.published[q]
    some = share > 0
    area = float((share[some] * baseline.column(LAND)[some]).sum())
    usd_m2 = float(usd_m2_of(scenario.costs)[q])
    limit = limits.basis[q] if here.estimated else "what the published coefficient is used for"
    return MeasureTotal(
        MEASURES[q].id,
        here.estimated,
        int(some.sum()),
        int((given.held[q] | asked.published_held[q]).sum()),
        area,
        usd_m2,
        area * usd_m2,
        limit,
        here.left_out,
    )


def table_of(
    baseline: Baseline,
    chosen: Bools,
    treated: Bools,
    effect: Spread,
    given: Given,
    asked: Asked,
    used: Sequence[int],
) -> pd.DataFrame:
    """Lay the tracts out, one row each."""
    share = given.share + asked.published
    warmth = baseline.column(WARMTH)
    return pd.DataFrame(
        {
            "chosen": chosen,
            "treated": treated,
            "held": given.held.any(0),
            **{f"{MEASURES[q].id}_share": share[q] for q in used},
            **{f"change_{name}": given.change[:, k] for k, name in enumerate(PROXY_IDS)},
            "anomaly_c": warmth,
            "effect_c": effect.mean,
            "low90_c": effect.low90,
            "high90_c": effect.high90,
            "after_c": warmth + effect.mean,
            "population": baseline.column(PEOPLE),
        },
        index=pd.Index(baseline.frame.index, name="geoid"),
    )
