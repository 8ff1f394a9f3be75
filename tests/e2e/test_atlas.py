"""The atlas that ships: every metro draws in the browser, from the repository alone."""

import pytest

from aespa_core.schema import METRO_IDS, metro_label
from tests.e2e.test_heat_map import wait_for_map

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.mark.parametrize("metro", METRO_IDS)
def test_every_metro_of_the_atlas_draws(page, server, outside, metro):
    page.goto(f"{server}/?study=atlas&metro={metro}")
    page.wait_for_selector(f"h1:has-text('In {metro_label(metro)} the hottest tenth')")
    wait_for_map(page)
    assert outside == []


def test_a_tract_is_chosen_by_click_among_the_nearest_300(page, server):
    geoid = "53033007500"
    page.goto(f"{server}/?study=atlas&metro=seattle&tract={geoid}")
    page.wait_for_selector(f"h3:has-text('Tract {geoid}')")
    page.get_by_text("Zoom to the 300 tracts around it").click()
    page.wait_for_timeout(3000)
    wait_for_map(page)
    box = page.locator("canvas#deckgl-overlay").first.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for step in (40, 80, 120, 160):
        page.mouse.move(middle[0] + step, middle[1] + step)
        page.wait_for_timeout(1500)
        page.mouse.click(middle[0] + step, middle[1] + step)
        page.wait_for_timeout(3000)
        chosen = page.locator("h3:has-text('Tract ')").inner_text().removeprefix("Tract ").strip()
        if chosen != geoid:
            break
    assert chosen != geoid
    clicked = page.get_by_test_id("stMetricValue").inner_text()

    page.goto(f"{server}/?study=atlas&metro=seattle")
    page.get_by_role("combobox", name="Find a tract").click()
    page.keyboard.type(chosen)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h3:has-text('Tract {chosen}')")
    assert page.get_by_test_id("stMetricValue").inner_text() == clicked
