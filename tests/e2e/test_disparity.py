"""A researcher's visit: exposure, maps that draw, a specification that makes the same tables."""

import json
import tomllib

import pytest
from typer.testing import CliRunner

from aespa_core.commands.every_command import app
from tests.e2e.test_heat_map import wait_for_map

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_what_was_clicked_is_run_again(page, server, outside, tiny_study, tmp_path):
    page.goto(f"{server}/disparity?study=gridville&weights=none")
    page.wait_for_selector("h1:has-text('the poorest fifth of residents live')")
    page.wait_for_selector(".js-plotly-plot .gtitle:has-text('Where each group lives')")
    page.get_by_role("tab", name="Neighbours").click()
    page.wait_for_selector("text=form hot clusters")
    wait_for_map(page)
    page.get_by_role("tab", name="What goes with heat").click()
    page.wait_for_selector("section#T3 td:has-text('HC1')")
    shown = page.locator("section#T3 tr:has(th:has-text('Median household income')) td.n")
    last = shown.last.inner_text()

    page.get_by_role("tab", name="Files").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Specification (TOML)").click()
    specification = tmp_path / "specification.toml"
    download.value.save_as(specification)
    assert tomllib.loads(specification.read_text("utf-8"))["weights"] == "none"
    assert outside == []

    out = tmp_path / "out"
    arguments = ["disparity", "--spec", str(specification), "--study", str(tiny_study.path)]
    result = CliRunner().invoke(app, [*arguments, "--formats", "json,html", "--out", str(out)])
    assert result.exit_code == 0, result.output
    tables = {t["id"]: t for t in json.loads((out / "tables.json").read_text("utf-8"))["tables"]}
    assert tables["T3"]["records"]
    assert last in (out / "tables.html").read_text("utf-8")
    page.goto(f"file://{out / 'report.html'}")
    page.wait_for_selector(".js-plotly-plot .gtitle")
    assert [address for address in outside if not address.startswith("file:")] == []
