"""A referee's visit: the leaderboard draws, every block opens, the table goes home as a file."""

import pandas as pd
import pytest

from aespa_core.benchmarks.load import served

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def address(made_benchmark, tiny_study, monkeypatch):
    """Serve a dashboard that finds the made tables."""
    monkeypatch.setenv("AESPA_BENCHMARKS", str(made_benchmark))
    with served(studies=tiny_study.path.parent) as found:
        yield found


def test_every_block_draws_and_the_table_goes_home(page, address, outside, tmp_path):
    page.goto(f"{address}/baselines?metro=miami")
    page.wait_for_selector("h1:has-text('In simulated Miami AESPA’s mean absolute error is')")
    page.wait_for_selector(".js-plotly-plot .scatterlayer .point")
    page.wait_for_selector("h3:has-text('Where the estimates are off in Miami')")
    for block, title in (
        ("Metro by metro", "MAE by metro"),
        ("What each part brings", "How much the mean error grows"),
        ("From one metro to another", "Mean absolute error within the metro"),
    ):
        page.get_by_role("tab", name=block).click()
        page.wait_for_selector(f".js-plotly-plot .gtitle:has-text('{title}')")
    with page.expect_download() as table:
        page.get_by_role("button", name="CSV", exact=True).first.click()
    table.value.save_as(tmp_path / "board.csv")
    board = pd.read_csv(tmp_path / "board.csv", comment="#")
    assert board["id"].iloc[0].startswith("aespa")
    assert board["error_c"].is_monotonic_increasing
    assert outside == []
