"""A planner's visit: pick a metro, see a map, choose a tract in two ways, take a file home."""

import io
import re
import sqlite3
import time

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from aespa_core.benchmarks.load import served

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

CANVAS = "canvas#deckgl-overlay"


def canvas_pixels(page) -> np.ndarray:
    """Screenshot of the map, shape (H, W, 3)."""
    picture = page.locator(CANVAS).first.screenshot()
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))


def wait_for_map(page) -> np.ndarray:
    """Wait until the map shows more than a few colours; fail on a flat canvas.

    The browser draws without a graphics card: on a busy machine the first picture takes its time.
    """
    page.wait_for_selector(CANVAS)
    for _ in range(240):
        pixels = canvas_pixels(page)
        packed = pixels.astype(np.int32) @ (65_536, 256, 1)
        colours, counts = np.unique(packed, return_counts=True)
        if (counts > 200).sum() >= 5:
            return pixels
        time.sleep(0.5)
    raise AssertionError(f"the map stays flat: {len(colours)} colours")


def estimate_on_panel(page) -> str:
    """Read the number in the chosen tract's panel."""
    return page.get_by_test_id("stMetricValue").inner_text().strip()


def test_webgl_lives_and_the_canvas_is_not_flat(page, server, outside):
    page.goto(f"{server}/?study=gridville")
    wait_for_map(page)
    alive = page.evaluate(
        f"() => {{ const gl = document.querySelector('{CANVAS}').getContext('webgl2');"
        " return gl !== null && !gl.isContextLost(); }"
    )
    assert alive
    assert outside == []


def test_click_and_box_choose_the_same_tract_with_the_same_number(page, server):
    page.goto(f"{server}/?study=gridville")
    wait_for_map(page)
    box = page.locator(CANVAS).first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2 + 12)
    time.sleep(1.5)
    page.mouse.click(box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2 + 12)
    page.wait_for_selector("h3:has-text('Tract ')")
    clicked = estimate_on_panel(page)
    geoid = re.search(r"tract=(\d{11})", page.url)[1]

    page.goto(f"{server}/?study=gridville")
    page.get_by_role("combobox", name="Find a tract").click()
    page.keyboard.type(geoid)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h3:has-text('Tract {geoid}')")
    assert estimate_on_panel(page) == clicked


def test_downloads_open(page, server, tmp_path):
    page.goto(f"{server}/?study=gridville")
    with page.expect_download() as table:
        page.get_by_role("button", name="Table (CSV)").click()
    table.value.save_as(tmp_path / "tracts.csv")
    frame = pd.read_csv(tmp_path / "tracts.csv", comment="#", dtype={"geoid": str})
    assert len(frame) == 144
    assert frame["geoid"].str.len().eq(11).all()

    with page.expect_download() as package:
        page.get_by_role("button", name="Map (GeoPackage)").click()
    package.value.save_as(tmp_path / "tracts.gpkg")
    with sqlite3.connect(tmp_path / "tracts.gpkg") as connection:
        assert connection.execute("select count(*) from tracts").fetchone() == (144,)


def test_without_static_serving_the_page_sends_the_map_inline_and_says_so(page, tiny_study):
    with served(static=False, studies=tiny_study.path.parent) as address:
        page.goto(f"{address}/?study=gridville")
        page.wait_for_selector("text=sent inline")
        wait_for_map(page)
