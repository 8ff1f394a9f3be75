"""A scenario travels: built by the controls, opened by its link elsewhere, read offline."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from aespa_core.analysis.scenarios.scenario import condition_of
from aespa_core.benchmarks.load import served
from tests.analysis.scenarios.made_metro import write_made_study
from tests.e2e.test_heat_map import wait_for_map

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
NUMBER = re.compile(r"[-+]?\d[\d,.]*\d")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve the made town with responses."""
    folder = tmp_path_factory.mktemp("what_if")
    write_made_study(folder / "town")
    with served(studies=folder) as found:
        yield found


def numbers(page) -> list[str]:
    """Read the answer: the first line and the four numbers below."""
    metrics = page.get_by_test_id("stMetricValue").all_inner_texts()
    return [page.locator("h1").inner_text().strip(), *(text.strip() for text in metrics)]


def press(page, label: str, key: str, times: int) -> None:
    """Move a slider by the keyboard, as a reader without a mouse would."""
    slider = page.get_by_role("slider", name=label)
    for _ in range(times):
        slider.press(key)


def after_map(page) -> bytes:
    """Picture of the map *after*."""
    return page.locator("canvas#deckgl-overlay").nth(1).screenshot()


def settled(page) -> None:
    """Wait until the server has answered."""
    page.wait_for_timeout(1500)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def test_a_scenario_is_a_link_and_a_report(page, browser, address, outside, tmp_path):
    page.goto(f"{address}/what_if?study=town")
    page.wait_for_selector("h1:has-text('In simulated Gridville tree planting')")
    wait_for_map(page)
    page.wait_for_timeout(4000)  # so that the second map is drawn, too
    first, painted = numbers(page), after_map(page)
    press(page, "Tree planting", "ArrowRight", 12)
    press(page, "Cool roofs", "ArrowRight", 7)
    settled(page)
    page.wait_for_url("**cool_roofs_of_limit=0.07**")
    page.wait_for_selector("h1:has-text('tree planting and cool roofs')")
    built = numbers(page)
    assert built != first
    assert "planting_of_limit=0.62" in page.url
    for _ in range(20):  # the map follows, on borders that it has already
        if after_map(page) != painted:
            break
        page.wait_for_timeout(500)
    assert after_map(page) != painted

    other = browser.new_context(viewport={"width": 1440, "height": 1200})
    second = other.new_page()
    second.set_default_timeout(60_000)
    second.goto(page.url)
    second.wait_for_selector("h1:has-text('tree planting and cool roofs')")
    second.wait_for_selector('[data-testid="stMetricValue"] >> nth=3')
    assert numbers(second) == built

    with second.expect_download() as file:
        second.get_by_role("button", name="Report (HTML)").click()
    file.value.save_as(tmp_path / "report.html")
    other.close()
    offline = browser.new_context(offline=True)
    report = offline.new_page()
    asked = []
    report.on("request", lambda request: asked.append(request.url))
    report.goto((tmp_path / "report.html").as_uri())
    assert report.locator("h1").inner_text() == built[0]
    shown = report.locator(".numbers b").all_inner_texts()
    for told, written in zip(built[1:], shown, strict=True):
        digits = NUMBER.search(told)[0]
        assert digits in written
    assert len(asked) == 1
    # the maps are there, in more than one colour
    box = report.locator("figure svg").first.bounding_box()
    assert box["height"] > 100
    assert report.locator("figure svg g[fill] use").count() == 3 * 144
    offline.close()
    assert outside == []


def test_a_budget_is_spent_in_the_browser(page, address):
    page.goto(f"{address}/what_if?study=town&hottest_share=0.5&planting_of_limit=1.0")
    page.wait_for_selector("h1:has-text('tree planting')")
    page.get_by_text("A budget", exact=True).click()
    page.wait_for_selector("h1:has-text('for US$')")
    page.wait_for_selector("text=nothing that this budget buys here does more")
    assert "budget=10000000.0" in page.url
    assert page.get_by_test_id("stException").count() == 0


def rules(page) -> list[str]:
    """Read the conditions of the link."""
    said = parse_qs(urlsplit(page.url).query).get("conditions", [""])[0]
    return [text for text in said.split("|") if text]


def test_a_rule_that_is_typed_wins_over_one_that_is_like_it(page, address):
    page.goto(f"{address}/what_if?study=town")
    page.wait_for_selector('[data-testid="stMetricValue"] >> nth=3')
    field = page.get_by_role("combobox", name="Of those, only tracts")
    field.click()
    page.get_by_role("option", name="with poverty_share above").first.wait_for()
    offered = page.get_by_role("option").all_inner_texts()
    like = next(text for text in offered if text.startswith("with poverty_share above 0."))
    # a digit fewer is the start of what is offered; another number is like it
    for typed in (like.removeprefix("with ")[:-1], "poverty_share above 0.05"):
        field.click()
        page.keyboard.type(typed, delay=20)
        page.keyboard.press("Enter")
        settled(page)
        assert rules(page)[-1] == str(condition_of(typed))
    both = rules(page)
    page.reload()
    page.wait_for_selector('[data-testid="stMetricValue"] >> nth=3')
    chosen = page.get_by_test_id("stMultiSelect")
    for text in both:
        chosen.get_by_text(f"with {text}", exact=True).wait_for()
    assert rules(page) == both
    # what is offered is taken by its first letters, and taken away from behind
    field.focus()
    page.keyboard.type("with median", delay=20)
    page.keyboard.press("Enter")
    settled(page)
    assert rules(page)[-1].startswith("median_household_income_usd below")
    for left in (2, 1, 0):
        field.focus()
        page.keyboard.press("Backspace")
        settled(page)
        assert len(rules(page)) == left
