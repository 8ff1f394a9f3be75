"""The launcher says what opens, passes every setting on, and ends with 2 on a broken study."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dashboard.__main__ import CONFIG, flags, summary

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def only_gridville(tiny_study, monkeypatch, nothing_shipped):
    monkeypatch.setenv("AESPA_STUDIES", str(tiny_study.path.parent))
    return tiny_study


def test_the_summary_counts_tracts_and_says_how_much_warmer(only_gridville):
    estimates = only_gridville.read_run("tract_model")["anomaly_c"]
    warmer = estimates.nlargest(14).mean() - estimates.median()
    assert summary().startswith("Gridville: 144 tracts in 1 metro;")
    assert f"{warmer:.1f} °C" in summary()


def test_every_setting_of_the_config_becomes_a_flag():
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    made = list(flags(settings))
    assert made[made.index("--server.address") + 1] == "localhost"
    assert made[made.index("--browser.gatherUsageStats") + 1] == "false"
    assert "--theme.light.primaryColor" in made


def test_check_serves_the_page_and_ends_well(tiny_study):
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--check", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "AESPA_STUDIES": str(tiny_study.path.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "The page answers." in done.stdout
