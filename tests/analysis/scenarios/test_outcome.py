"""Outcomes against sums made by hand, and the sentences of what cannot be answered."""

import numpy as np
import pytest

from aespa_core.analysis.exposure.income_fifths import weighted_quintiles
from aespa_core.analysis.scenarios.answer import outcome_for, outcome_of
from aespa_core.analysis.scenarios.asked import asked_by_tract
from aespa_core.analysis.scenarios.baseline import baseline_of
from aespa_core.analysis.scenarios.costs import usd_a_tract
from aespa_core.analysis.scenarios.limits import limits_of
from aespa_core.analysis.scenarios.measures import MEASURES, VECTORS
from aespa_core.analysis.scenarios.scenario import Amount, Condition, Scenario, UnitCost, Where
from aespa_core.analysis.scenarios.words import (
    DIRECT,
    NO_LAND,
    NO_PEOPLE,
    SURFACE,
    headline,
    sentences,
)
from aespa_core.errors import StudyError
from aespa_core.spread import spread_of
from tests.analysis.scenarios.made_metro import (
    FULL,
    NO_CANOPY,
    NO_CURVE,
    OUTSIDE,
    RUN,
    made_baseline,
    with_plantable,
    write_made_atlas,
    write_made_study,
)
from tests.tiny_study import METRO

BASELINE = made_baseline()
GEOID = BASELINE.frame.index.to_numpy(str)
ALL = Where(hottest_share=1.0)


def scenario(where: Where = ALL, *amounts: Amount, **more: object) -> Scenario:
    return Scenario("gridville", METRO, where, amounts or (Amount("planting", 0.05),), **more)


def test_the_effect_is_that_of_the_curves():
    share = 1e-4  # fits everywhere but where nothing does
    asked = scenario(ALL, Amount("planting", share), Amount("cool_roofs", share))
    outcome = outcome_of(asked, BASELINE)
    table = outcome.table
    change = share * (VECTORS[0] + VECTORS[1])[None] * np.ones((len(GEOID), 1))
    change[[OUTSIDE, NO_CURVE]] = 0.0
    change[[NO_CANOPY, FULL]] = share * VECTORS[1]
    members = BASELINE.responses.effect_c(change)
    expected = spread_of(members)
    high = np.minimum(expected.high90, 0.0)  # no member can warm
    assert (high < expected.high90).any()
    np.testing.assert_array_equal(table["effect_c"], expected.mean)
    np.testing.assert_array_equal(table["low90_c"], expected.low90)
    np.testing.assert_array_equal(table["high90_c"], high)
    np.testing.assert_array_equal(table["change_canopy"], change[:, 1])
    assert not table["held"].any()
    assert table["treated"].sum() == len(GEOID) - 2
    assert table["why_not"].iloc[NO_CURVE].startswith("planting: no curve of tree canopy")
    assert "cool_roofs: the tract lies outside" in table["why_not"].iloc[OUTSIDE]
    assert (table["why_not"] != "").sum() == 4


def test_totals_are_what_a_hand_adds_up():
    chosen = (3, 8, 30, 31)
    where = Where(tracts=tuple(GEOID[list(chosen)]))
    limits = limits_of(BASELINE).share
    outcome = outcome_of(
        scenario(where, Amount("planting", 0.5, of_limit=True), costs=(UnitCost("planting", 7.0),)),
        BASELINE,
    )
    people = BASELINE.frame["population"].to_numpy()
    share = np.zeros(len(GEOID))
    share[list(chosen)] = 0.5 * limits[0, list(chosen)]
    members = BASELINE.responses.effect_c(share[:, None] * VECTORS[0])
    totals = outcome.totals
    assert (totals.chosen, totals.treated, totals.tracts) == (4, 4, 144)
    assert totals.people == people[list(chosen)].sum()
    treated = sum(people[i] * members[:, i] for i in chosen) / people[list(chosen)].sum()
    assert totals.treated_c.mean == pytest.approx(treated.mean())
    # t of 2 degrees of freedom at 95 %, from a printed table
    reach = 2.919986 * treated.std(ddof=1) * np.sqrt(4 / 3)
    assert totals.treated_c.high90 == pytest.approx(treated.mean() + reach, rel=1e-6)
    assert totals.metro_c.mean == pytest.approx((members @ people / people.sum()).mean())
    assert totals.tract_mean_c.mean == pytest.approx(members[:, list(chosen)].mean())
    assert totals.area_m2 == pytest.approx(1e6 * share.sum())
    assert totals.cost_usd == pytest.approx(7e6 * share.sum())
    assert (outcome.measures[0].tracts, outcome.measures[0].held) == (4, 0)
    unit = usd_a_tract(outcome.scenario.costs, BASELINE)
    assert (unit[0] @ share, unit[1, 0]) == pytest.approx((totals.cost_usd, 12e6))


def test_the_gap_changes_by_what_the_fifths_change_by():
    where = Where(conditions=(Condition("median_household_income_usd", False, 60_000.0),))
    outcome = outcome_of(scenario(where), BASELINE)
    frame, gap = BASELINE.frame, outcome.gap
    assert gap is not None
    assert gap.after.mean_c - gap.before.mean_c == pytest.approx(gap.change_c.mean)
    assert gap.change_c.mean < 0
    assert gap.change_c.low90 < gap.change_c.mean < gap.change_c.high90
    people = frame["population"].to_numpy()
    fifth = weighted_quintiles(frame["median_household_income_usd"].to_numpy(), people)
    effect = outcome.table["effect_c"].to_numpy()
    poor, rich = (np.average(effect[fifth == k], weights=people[fifth == k]) for k in (0, 4))
    assert gap.change_c.mean == pytest.approx(poor - rich)


def test_ranges_of_a_cooling_end_where_no_member_can_go_and_the_gaps_do_not():
    """Curves never warm; three members that differ would, by t, reach far beyond 0."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        where = Where(tracts=tuple(rng.choice(GEOID, 20, replace=False)))
        outcome = outcome_of(scenario(where, Amount("depaving", 0.02)), BASELINE)
        table, totals = outcome.table, outcome.totals
        assert (table[["low90_c", "effect_c", "high90_c"]].max(axis=1) == table["high90_c"]).all()
        assert table["high90_c"].max() <= 0
        assert max(totals.treated_c.high90, totals.metro_c.high90, totals.tract_mean_c.high90) <= 0
        gap = outcome.gap.change_c
        assert gap.high90 - gap.mean == pytest.approx(gap.mean - gap.low90)
    assert (table["high90_c"][table["treated"]] == 0).any()
    said = " ".join(sentences(outcome))
    assert "no member's curves can warm" in said
    assert " to +0.00" not in said
    assert "-0.00" not in headline(outcome)


def test_amounts_of_a_plan_may_differ_from_tract_to_tract():
    rng, limits = np.random.default_rng(0), limits_of(BASELINE)
    share = limits.share * rng.uniform(0, 0.2, limits.share.shape)
    every = scenario(ALL, *(Amount(measure.id, 0.0) for measure in MEASURES))
    chosen = np.ones(len(GEOID), bool)
    outcome = outcome_for(every, BASELINE, limits, chosen, asked_by_tract(share))
    change = np.einsum("qb,qk->bk", share, VECTORS)
    # tract 11 has no curve of canopy: its limit for trees is 0
    np.testing.assert_allclose(
        outcome.table["effect_c"], BASELINE.responses.effect_c(change).mean(0), atol=1e-12
    )
    assert outcome.totals.cost_usd == pytest.approx((usd_a_tract((), BASELINE) * share).sum())


def test_land_is_treated_once():
    """Four measures at their limits would take more land than a tract has."""
    limits = limits_of(BASELINE)
    crowded = limits.share.sum(0) > 1
    assert crowded.sum() > 10
    everything = tuple(Amount(measure.id, 1.0, of_limit=True) for measure in MEASURES)
    table = outcome_of(scenario(ALL, *everything), BASELINE).table
    land = table[[f"{measure.id}_share" for measure in MEASURES]].sum(axis=1)
    assert land.max() <= 1 + 1e-12
    assert table["held"][crowded].all()


def test_nothing_asked_is_nothing_changed():
    asked = scenario(ALL, Amount("planting", 0.0), Amount("depaving", 0.0, of_limit=True))
    outcome = outcome_of(asked, BASELINE)
    assert (outcome.table["effect_c"] == 0).all()
    assert (outcome.table["after_c"] == outcome.table["anomaly_c"]).all()
    assert outcome.totals.treated == outcome.totals.cost_usd == outcome.totals.people == 0
    assert outcome.totals.metro_c.mean == 0
    assert outcome.refusals == ()
    assert "nothing changes" in " ".join(sentences(outcome))


def test_too_much_is_held_at_the_limit_and_counted():
    outcome = outcome_of(scenario(ALL, Amount("planting", 1.0)), BASELINE)
    limit = limits_of(BASELINE).share[0]
    np.testing.assert_allclose(outcome.table["planting_share"], limit)
    assert outcome.measures[0].held == (limit > 0).sum() == 140
    refused = {refusal.reason: refusal.tracts for refusal in outcome.refusals}
    assert list(refused.values()) == [2, 1, 1]
    said = " ".join(sentences(outcome))
    assert "held at the limit in 140 tracts (ninetieth percentile of tree canopy" in said
    assert "nothing in 2 chosen tracts, no curve of tree canopy in this tract." in said
    # a share of a limit of nothing is refused for the same reasons
    of_limit = outcome_of(scenario(ALL, Amount("planting", 1.0, of_limit=True)), BASELINE)
    assert of_limit.refusals == outcome.refusals
    assert of_limit.measures[0].held == 0


def test_rules_choose_the_hottest_and_then_by_conditions():
    frame = BASELINE.frame
    hottest = frame["anomaly_c"].nlargest(29).index
    poor = hottest[frame.loc[hottest, "poverty_share"] > 0.25]
    rule = Where(hottest_share=0.2, conditions=(Condition("poverty_share", True, 0.25),))
    outcome = outcome_of(scenario(rule), BASELINE)
    assert set(outcome.table.index[outcome.table["chosen"]]) == set(poor)
    county = outcome_of(scenario(Where(counties=("01001",))), BASELINE)
    assert county.totals.chosen == 144


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (Where(tracts=("01001999999", GEOID[0])), "has no estimated tract 01001999999: a tract"),
        (
            Where(counties=("99999",)),
            "no estimated county 99999: a county that it has is 01001",
        ),
        (
            Where(urban_areas=("Gridville, AL",)),
            "has no urban_area in 'gridville': choose",
        ),
        (Where(conditions=(Condition("rain", True, 1.0),)), "has no rain in 'gridville'"),
        (Where(conditions=(Condition("measured", True, 1.0),)), "which holds no numbers"),
        (
            Where(hottest_share=0.1, conditions=(Condition("poverty_share", True, 0.99),)),
            "The rule chooses no tract of 'gridville': the hottest 10 % of the metro's tracts, of",
        ),
    ],
)
def test_places_that_are_not_there(where, sentence):
    with pytest.raises(StudyError) as error:
        outcome_of(scenario(where), BASELINE)
    assert sentence in str(error.value)


def test_a_measure_without_a_curve_is_off_or_published_but_never_both():
    baseline = made_baseline(("ndvi", "impervious"), people=False)
    trees, roofs = Amount("planting", 0.5), Amount("cool_roofs", 0.1)
    with pytest.raises(StudyError, match="no curve of tree canopy was learned for 'gridville'"):
        outcome_of(scenario(ALL, trees), baseline)
    with pytest.raises(StudyError, match=r"Cool roofs is off.*No published effect"):
        outcome_of(scenario(ALL, roofs, literature=True), baseline)
    unpaved = Amount("depaving", 0.02)
    alone = outcome_of(scenario(ALL, unpaved), baseline)
    both = outcome_of(scenario(ALL, trees, unpaved, literature=True), baseline)
    assert both.totals.treated_c == both.totals.metro_c  # unknown, not 0
    assert both.totals.tract_mean_c == alone.totals.tract_mean_c
    np.testing.assert_array_equal(both.table["effect_c"], alone.table["effect_c"])
    coefficient = MEASURES[0].literature
    assert coefficient is not None
    np.testing.assert_allclose(both.table["published_c"], -6.3 * coefficient.up_to)
    assert both.published is not None
    assert both.published.treated_c == pytest.approx(-6.3 * 0.2)
    assert both.measures[0].held == 144
    assert (both.measures[0].estimated, both.measures[1].estimated) == (False, True)
    said = " ".join(sentences(both))
    assert (
        "Not estimated here, from published studies of other places: tree planting in 144" in said
    )
    assert alone.published is None
    assert "published_c" not in alone.table
    # plantable ground bounds it too
    plantable = with_plantable(baseline, 0.01)
    some = outcome_of(scenario(ALL, trees, literature=True), plantable)
    assert some.table["planting_share"].iloc[1:].eq(0.01).all()


def test_what_the_atlas_lacks_is_missing_and_said():
    outcome = outcome_of(
        scenario(ALL, Amount("depaving", 0.02)), made_baseline(("ndvi", "impervious"), people=False)
    )
    totals = outcome.totals
    unknown = (totals.people, totals.treated_c.mean, totals.metro_c.mean, totals.area_m2)
    assert np.isnan((*unknown, totals.cost_usd)).all()
    assert totals.tract_mean_c.mean < 0
    assert outcome.gap is None
    said = sentences(outcome)
    assert {SURFACE, DIRECT, NO_PEOPLE, NO_LAND} <= set(said)
    assert "No gap between income groups: The study has no population" in " ".join(said)


def test_one_member_has_no_interval():
    outcome = outcome_of(scenario(), made_baseline(members=1))
    assert outcome.totals.treated_c.mean < 0
    assert np.isnan(outcome.totals.treated_c.low90)
    assert "single member, so there are no ranges" in " ".join(sentences(outcome))


def test_a_folder_says_the_same_as_memory(tmp_path):
    study = write_made_study(tmp_path / "gridville")
    baseline = baseline_of(study, METRO)
    assert baseline.run == RUN
    asked = scenario(ALL, *(Amount(measure.id, 0.03) for measure in MEASURES))
    read, made = outcome_of(asked, baseline), outcome_of(asked, BASELINE)
    np.testing.assert_allclose(read.table["effect_c"], made.table["effect_c"])
    with pytest.raises(StudyError, match="no responses of the run 'other'"):
        baseline_of(study, METRO, "other")
    with pytest.raises(StudyError, match="has no response in 'boston'"):
        baseline_of(study, "boston")


def test_an_atlas_answers_without_people(tmp_path):
    study = write_made_atlas(tmp_path / "atlas")
    baseline = baseline_of(study, METRO)
    assert baseline.responses.proxies == ("ndvi", "impervious")
    assert outcome_of(scenario(ALL, Amount("depaving", 0.02)), baseline).totals.treated == 142


def test_a_study_without_responses_names_the_command(tiny_study):
    with pytest.raises(StudyError, match="no responses of any run: make them with `aespa attrib"):
        baseline_of(tiny_study, METRO)
