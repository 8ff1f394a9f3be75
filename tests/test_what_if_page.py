"""The What-if page answers what the core answers, follows its link, and never shows a stack."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aespa_core.analysis.scenarios.answer import outcome_of
from aespa_core.analysis.scenarios.baseline import baseline_of
from aespa_core.analysis.scenarios.scenario import Amount, Scenario, Where
from aespa_core.analysis.scenarios.words import headline
from aespa_core.schema import PROXY_IDS
from tests.analysis.scenarios.made_metro import write_made_study

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ATLAS = {"study": "atlas", "metro": "washington"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Write the made town with responses."""
    return write_made_study(tmp_path_factory.mktemp("what_if") / "town")


@pytest.fixture
def my_town(town, monkeypatch):
    """Let the dashboard find it."""
    monkeypatch.setenv("AESPA_STUDIES", str(town.path.parent))
    return town


def open_page(**query: str) -> AppTest:
    """Run the page with parameters in its link; nothing may be thrown."""
    page = AppTest.from_file(str(ROOT / "pages" / "what_if.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    return quiet(page.run())


def quiet(page: AppTest) -> AppTest:
    """Check that a page shows no stack trace."""
    assert [error.value for error in page.exception] == []
    return page


def link_of(page: AppTest) -> dict[str, str]:
    """Parameters of the page's link."""
    return {key: "".join(value) for key, value in page.query_params.items()}


def numbers(page: AppTest) -> list[str]:
    """Read the answer: first line and the four numbers."""
    return [page.title[0].value, *(metric.value for metric in page.metric)]


def said(page: AppTest) -> str:
    """Join what the page says."""
    texts = (*page.title, *page.markdown, *page.caption, *page.info, *page.warning)
    return " ".join(text.value for text in texts)


def test_the_page_says_what_the_core_says(my_town):
    page = open_page(study="town")
    page.slider(key="cool_roofs").set_value(30.0)
    page.slider(key="hottest_share").set_value(40.0)
    quiet(page.run())
    asked = Scenario(
        "town",
        "gridville",
        Where(hottest_share=0.4),
        (Amount("planting", 0.5, of_limit=True), Amount("cool_roofs", 0.3, of_limit=True)),
    )
    outcome = outcome_of(asked, baseline_of(my_town, "gridville"))
    assert page.title[0].value == f"{headline(outcome)}."
    assert page.metric[0].value == f"{outcome.totals.treated_c.mean:+.2f} °C"
    assert page.metric[1].value == f"{outcome.totals.people:,.0f}"
    assert page.metric[2].value == f"{outcome.gap.change_c.mean:+.2f} °C"
    assert page.metric[3].label == "Cost, US$"
    assert page.metric[3].value == f"{outcome.totals.cost_usd / 1e6:,.1f} million"
    text = said(page)
    assert "Surface temperature seen from above by day, not air temperature or comfort" in text
    assert "Direct effect: context, area means, neighbours and the base are frozen" in text
    assert text.count("Simulated") == 2
    assert len(page.get("deck_gl_json_chart")) == 3
    labels = [button.label for button in page.get("download_button")]
    assert labels == [
        "Report (HTML)", "Tracts (CSV)", "Map (GeoPackage)", "Numbers (JSON)", "Scenario (TOML)"
    ]  # fmt: skip


def test_its_link_gives_the_same_numbers(my_town):
    page = open_page(study="town")
    page.slider(key="depaving").set_value(70.0)
    page.radio(key="planting_unit").set_value("of a tract's land")
    page.number_input(key="depaving_cost").set_value(12.5)
    page.multiselect(key="conditions").set_value(["poverty_share above 0.2"])
    quiet(page.run())
    link = link_of(page)
    assert link["depaving_of_limit"] == "0.7"
    assert link["cost_depaving"] == "12.5"
    assert link["conditions"] == "poverty_share above 0.2"
    again = open_page(**link)
    assert numbers(again) == numbers(page)
    assert link_of(again) == link
    assert not [w.value for w in again.warning if "link" in w.value]


def test_listed_tracts_and_counties(my_town):
    geoid = my_town.read("tracts")["geoid"]
    page = open_page(study="town", tracts=f"{geoid[3]}|{geoid[5]}", planting_of_limit="1.0")
    assert "2 of 144 tracts" in said(page) or "2 listed tracts" in said(page)
    page.multiselect(key="tracts").set_value([]).run()
    assert "none is chosen" in quiet(page).info[0].value
    page.selectbox(key="where").set_value("counties").run()
    page.multiselect(key="counties").set_value(["01001"]).run()
    assert "144 of 144 tracts" in said(quiet(page))


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"nonsense": "1"}, "nonsense"),
        ({"planting_of_limit": "lots"}, "lots"),
        ({"planting_of_limit": "0.5", "tracts": "99999999999"}, "99999999999"),
        ({"planting": "0.1", "hottest_share": "7"}, "hottest_share is 7"),
        ({"planting": "0.1", "hottest_share": "1", "conditions": "wealth above 3"}, "wealth"),
        ({"planting": "0.1", "hottest_share": "1", "budget": "-1"}, "-1"),
    ],
)
def test_a_bad_link_shows_a_notice_and_the_default(my_town, query, word):
    page = open_page(study="town", **query)
    assert any(word in warning.value for warning in page.warning)
    assert page.slider(key="planting").value == 50.0
    assert page.slider(key="hottest_share").value == 20.0


def test_a_rule_that_chooses_nobody_is_a_sentence(my_town):
    page = open_page(study="town")
    page.multiselect(key="conditions").set_value(["poverty_share above 7"]).run()
    said_so = quiet(page).info[0].value
    assert "The rule chooses no tract" in said_so
    # 7 % is what a reader means who writes 7
    assert "Shares run from 0 to 1" in said_so
    assert "poverty_share above 0.07" in said_so
    page.multiselect(key="conditions").set_value(["poverty_share below 20"]).run()
    assert "poverty_share below 0.2" in quiet(page).info[0].value
    page.multiselect(key="conditions").set_value(["housing_density_km2 above 5000"]).run()
    assert quiet(page).info[0].value.endswith("Loosen it.")
    page.multiselect(key="conditions").set_value(["poor people"]).run()
    assert "is no condition" in quiet(page).info[0].value
    page.multiselect(key="conditions").set_value([]).run()
    assert page.metric


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        ("0", "A budget of 0 buys nothing"),
        ("inf", "Without a limit every tract is treated"),
        ("3e7", "nothing that this budget buys here does more"),
    ],
)
def test_a_budget_is_spent_and_said(my_town, usd, words):
    query = {"hottest_share": "0.5", "planting_of_limit": "1", "cool_roofs_of_limit": "1"}
    page = open_page(study="town", budget=usd, objective="equity", **query)
    assert words in said(page)
    assert "Poorer people count more" in said(page)
    ways = page.dataframe[0].value
    best, greedy, uniform = ways["cooling_c"]
    assert best >= max(greedy, uniform)
    assert (ways["cooling_c"] <= ways["bound_c"] + 1e-12).all()
    assert (ways["spent_usd"] <= float(usd) * (1 + 1e-9)).all()
    again = open_page(**link_of(page))
    assert numbers(again) == numbers(page)


def test_a_chosen_tract_is_told(my_town):
    geoid = my_town.read("tracts")["geoid"][65]
    page = open_page(study="town", tract=geoid)
    assert f"**Tract {geoid}:**" in said(page)


def test_the_atlas_answers_and_says_why_a_measure_is_off():
    page = open_page(**ATLAS)
    assert page.title[0].value.startswith("In Washington tree planting would cool the surface of")
    assert page.slider(key="cool_roofs").disabled
    assert "Cool roofs is off: no curve of albedo" in said(page)
    assert "no budget can be spent" in said(page)
    assert page.metric[1].value == "unknown"
    spent = open_page(**ATLAS, hottest_share="0.2", planting_of_limit="1", budget="1000000")
    assert "no budget can be spent" in spent.info[0].value


def test_published_coefficients_are_marked_as_not_estimated_here():
    page = open_page(study="atlas", metro="dallas")
    assert page.slider(key="planting").disabled
    page.checkbox(key="literature").set_value(True).run()
    page.slider(key="planting").set_value(50.0).run()
    assert "not estimated here" in quiet(page).slider(key="planting").label
    assert "Not estimated here, from published studies of other places" in said(page)
    assert "not an estimate here" in page.title[0].value
    assert link_of(page)["literature"] == "yes"


def test_a_linked_measure_without_a_curve_is_left_out():
    page = open_page(study="atlas", metro="boston", hottest_share="0.2", planting_of_limit="0.5")
    assert any("Tree planting is off" in warning.value for warning in page.warning)
    assert "changes nothing" in page.title[0].value


def test_without_curves_the_page_names_the_command(tiny_study, monkeypatch, nothing_shipped):
    monkeypatch.setenv("AESPA_STUDIES", str(tiny_study.path.parent))
    assert "aespa attribute" in open_page().info[0].value


def test_a_metro_without_any_measure_can_be_opened(tmp_path, monkeypatch, nothing_shipped):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    write_made_study(tmp_path / "town", PROXY_IDS[:1])
    page = open_page()
    assert "changes nothing" in page.title[0].value
    assert all(s.disabled for s in page.slider if s.key != "hottest_share")


def test_degrees_are_the_readers_and_stay_in_the_link(my_town):
    celsius = open_page(study="town", tract=my_town.read("tracts")["geoid"][0])
    page = open_page(**(link_of(celsius) | {"degrees": "°F"}))
    assert link_of(page)["degrees"] == "°F"
    assert link_of(page) == link_of(celsius) | {"degrees": "°F"}
    for place in (0, 2):
        cool, warm = (float(one.metric[place].value.split()[0]) for one in (celsius, page))
        assert warm == pytest.approx(1.8 * cool, abs=0.015)
        assert page.metric[place].value.endswith("°F")
    # nothing on the page is left in the other unit, and files stay in theirs
    texts = (*page.title, *page.markdown, *page.caption, *page.main.metric)
    assert [text.value for text in texts if "°C" in text.value] == []
    shown, data = (one.dataframe[0].value["effect_c"].to_numpy() for one in (page, celsius))
    assert shown == pytest.approx(1.8 * data, rel=1e-5)
    assert not any("°C" in str(chart.proto) for chart in page.get("plotly_chart"))
