"""A budget within a scenario: what it buys, against sums made by hand."""

import math

import numpy as np
import pytest

from aespa_core.analysis.scenarios.answer import outcome_of
from aespa_core.analysis.scenarios.limits import limits_of
from aespa_core.analysis.scenarios.plan import all_of, curve_of, menu_for
from aespa_core.analysis.scenarios.plan_words import plan_sentences, plan_table
from aespa_core.analysis.scenarios.scenario import Amount, Budget, Scenario, UnitCost, Where
from aespa_core.analysis.scenarios.words import headline, sentences
from aespa_core.errors import ConfigError, StudyError
from tests.analysis.scenarios.made_metro import made_baseline
from tests.tiny_study import METRO

BASELINE = made_baseline()
HALF = Where(hottest_share=0.5)
MOST = (Amount("planting", 0.8, of_limit=True), Amount("depaving", 0.02))


def scenario(usd: float, objective: str = "mean", **more: object) -> Scenario:
    return Scenario("town", METRO, HALF, MOST, budget=Budget(usd, objective), **more)


@pytest.mark.parametrize("usd", [1e6, 3e7])
def test_the_outcome_is_the_plan(usd):
    outcome = outcome_of(scenario(usd), BASELINE)
    best = outcome.plan.ways.best
    table = outcome.table
    assert outcome.totals.cost_usd == pytest.approx(best.cost, rel=1e-9)
    assert best.cost <= usd * (1 + 1e-9)
    people = table["population"]
    assert best.cooling == pytest.approx(-(table["effect_c"] @ people) / people.sum(), rel=1e-9)
    assert not table.loc[~table["chosen"], "treated"].any()
    # never more than the scenario allows
    limit = limits_of(BASELINE).share
    assert (table["planting_share"] <= 0.8 * limit[0] + 1e-12).all()
    assert (table["depaving_share"] <= 0.02 + 1e-12).all()
    assert best.cooling >= max(outcome.plan.ways.greedy.cooling, outcome.plan.ways.uniform.cooling)
    assert plan_sentences(outcome.plan)[0] in sentences(outcome)
    assert plan_table(outcome.plan)["gap_share"].min() >= 0


def test_without_a_limit_each_tract_gets_what_the_scenario_allows():
    endless = outcome_of(scenario(math.inf), BASELINE)
    plain = outcome_of(Scenario("town", METRO, HALF, MOST), BASELINE)
    np.testing.assert_allclose(endless.totals.metro_c.mean, plain.totals.metro_c.mean, rtol=0.02)
    assert "for US$" in headline(endless)


def test_nothing_is_bought_for_nothing():
    outcome = outcome_of(scenario(0.0), BASELINE)
    assert (outcome.totals.treated, outcome.totals.cost_usd) == (0, 0.0)
    assert "changes nothing" in headline(outcome)


def test_a_dearer_measure_is_bought_less():
    dear = (UnitCost("planting", 3_000.0),)
    cheap, costly = (outcome_of(scenario(1e7, costs=c), BASELINE) for c in ((), dear))
    assert costly.table["planting_share"].sum() < cheap.table["planting_share"].sum()


def test_the_curve_rises_to_all_that_cools():
    full = all_of(scenario(1e6))
    assert (full.budget, {a.share for a in full.amounts}) == (None, {1.0})
    curve = curve_of(BASELINE, menu_for(full, BASELINE))
    assert (np.diff(curve.best) >= 0).all()
    whole = outcome_of(full, BASELINE)
    assert curve.best[-1] == pytest.approx(-whole.totals.metro_c.mean, rel=0.02)


def test_what_cannot_be_spent_is_a_sentence():
    with pytest.raises(StudyError, match="no land areas"):
        outcome_of(scenario(1e6), made_baseline(people=False))
    with pytest.raises(ConfigError, match="cannot be spent"):
        Budget(-1.0)
    with pytest.raises(ConfigError, match="objective is 'beauty'"):
        Budget(1.0, "beauty")
    nothing = Scenario("town", METRO, HALF, (Amount("planting", 0.0),), budget=Budget(1e6))
    with pytest.raises(ConfigError, match="every limit is 0"):
        outcome_of(nothing, BASELINE)
