"""A scenario in a link: whatever it says, what is shown can be played, or the reader is told."""

from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.scenarios.answer import outcome_of
from aespa_core.analysis.scenarios.scenario import Amount
from aespa_core.analysis.scenarios.scenario_link import LINK_KEYS, scenario_as_link
from aespa_core.errors import StudyError
from dashboard.scenario_selection import (
    PLACE,
    first_scenario,
    linked_scenario,
    suggested_conditions,
)
from tests.analysis.scenarios.made_metro import made_baseline

BASELINE = made_baseline()
NO_TREES = made_baseline(("impervious",))
GEOID = BASELINE.frame.index[3]
VALUES = ("0.2", "1", "-1", "nan", "inf", "many", "", "yes", GEOID, "01001", "mean", "a above 1",
          "poverty_share above 0.2", "population below 9", f"{GEOID}|99")  # fmt: skip


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from([*LINK_KEYS, "zoom"]), st.sampled_from(VALUES), max_size=4))
def test_any_link_gives_a_scenario_that_plays_or_a_sentence(query):
    linked = linked_scenario(query, "town", BASELINE, None)
    said = {key: text for key, text in query.items() if key not in PLACE}
    if not said:
        assert linked.notice is None
    if linked.notice is None and said:
        kept = scenario_as_link(linked.scenario)
        assert set(said) - {"literature", "objective"} <= set(kept)
    try:
        outcome_of(linked.scenario, BASELINE)
    except StudyError as error:
        words = str(error)
    else:
        words = "The rule chooses no tract"
    assert "The rule chooses no tract" in words


def test_the_first_scenario_is_of_what_there_is():
    assert first_scenario("town", BASELINE, None).amounts == (Amount("planting", 0.5, True),)
    assert first_scenario("town", NO_TREES, None).amounts == (Amount("depaving", 0.5, True),)


def test_a_measure_without_a_curve_is_left_out_and_said():
    linked = linked_scenario(
        {"planting": "0.1", "depaving": "0.1", "hottest_share": "1"}, "town", NO_TREES, None
    )
    assert linked.scenario.amounts == (Amount("depaving", 0.1),)
    assert "Tree planting is off" in linked.notice


def test_suggestions_hold_for_some_tracts_and_not_for_all():
    suggested = suggested_conditions(BASELINE)
    assert len(suggested) >= 3
    for text in suggested:
        query = {"planting": "0.1", "conditions": text}
        linked = linked_scenario(query, "town", BASELINE, None)
        assert linked.notice is None
        assert 0 < outcome_of(linked.scenario, BASELINE).totals.chosen < 144
