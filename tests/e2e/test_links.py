"""A link to what is not there, in the browser: the reader is told once, where he looks first."""

import shutil
from collections.abc import Iterator

import pytest

from aespa_core.benchmarks.load import served

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ALERT = "[data-testid=stMain] [data-testid=stAlert]"
SIDE = "[data-testid=stSidebar]"


@pytest.fixture(scope="module")
def with_a_broken_one(tiny_study, tmp_path_factory) -> Iterator[str]:
    """Address of a dashboard that finds a sound study and a broken one."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(tiny_study.path, folder / "gridville")
    shutil.copytree(tiny_study.path, folder / "torn")
    (folder / "torn" / "tracts.parquet").write_bytes(b"PAR1 torn")
    with served(studies=folder) as address:
        yield address


def test_a_study_in_vain_is_said_above_the_title_and_stays(page, server):
    page.goto(f"{server}/?study=*nope*")
    page.wait_for_selector("h1")
    first = page.locator(ALERT).first
    assert (
        first.inner_text() == "The link asks for study '*nope*', which is not here: showing atlas."
    )
    title = page.locator("h1").first.bounding_box()
    assert first.bounding_box()["y"] < title["y"]
    assert page.locator(f"{SIDE} [data-testid=stAlert]").count() == 0
    # a further run, as the browser asks for many
    page.get_by_role("tab", name="How values are spread").click()
    page.wait_for_selector("[data-testid=stPlotlyChart]")
    assert page.locator(ALERT).first.inner_text().startswith("The link asks for study '*nope*'")


def test_a_page_in_vain_is_named(page, server):
    page.goto(f"{server}/no*page?study=gridville")
    page.wait_for_selector("h1")
    wanted = "The link asks for the page 'no*page', which is not here: showing Heat map."
    assert page.locator(ALERT).first.inner_text() == wanted
    page.keyboard.press("Escape")
    page.get_by_role("link", name="What if").click()
    page.wait_for_selector("h1:has-text('would cool')")
    assert "no*page" not in page.locator("[data-testid=stMain]").inner_text()


@pytest.mark.parametrize("path", ["", "disparity"])
def test_a_refused_study_is_in_red_with_what_to_run(page, with_a_broken_one, path):
    page.goto(f"{with_a_broken_one}/{path}?study=torn")
    page.wait_for_selector("h2:has-text('This page stops here')")
    assert "tracts.parquet" in page.locator("[data-testid=stAlertContentError]").inner_text()
    command = page.locator("[data-testid=stMain] code").first.inner_text()
    assert command.startswith("aespa study validate /")
    assert command.endswith("/torn")
    side = page.locator(f"{SIDE} [data-testid=stExpander]").first
    assert "Refused so far: 1 of 4 studies (torn)" in side.inner_text()
