"""What tests need from the machine: asked for by fixture, skipped with a reason where missing."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from aespa_core.__main__ import main
from tests.made_leaderboard import write_benchmark
from tests.tiny_study import write_tiny_study

# A busy machine is no fault: how long an example takes, or its making, fails no test.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def missing(what: str) -> None:
    """Skip for want of ``what``; under ``AESPA_TEST_STRICT=1`` such a skip is a failure."""
    if os.environ.get("AESPA_TEST_STRICT") == "1":
        pytest.fail(f"{what} (AESPA_TEST_STRICT=1: nothing may be skipped)")
    pytest.skip(what)


@pytest.fixture(autouse=True)
def own_main(monkeypatch):
    """Keep ``__main__``: AppTest leaves its page there, which spawned processes would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def nothing_shipped(monkeypatch, tmp_path):
    """Hide the studies that ship with the program."""
    for name in ("ATLAS", "DEMO"):
        monkeypatch.setattr(f"aespa_core.studies.catalogue.{name}", tmp_path / "not shipped")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder of the real open data."""
    value = os.environ.get("AESPA_DATA_MIRROR")
    if not value or not Path(value).is_dir():
        missing("real data: set AESPA_DATA_MIRROR to the folder of the open-data mirror")
    return Path(value)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium to drive."""
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        missing("no Chromium: install your system's `chromium` package")
    return path


@pytest.fixture(scope="session")
def tiny_study(tmp_path_factory):
    """Write the town of ``tests/tiny_study.py`` once."""
    return write_tiny_study(tmp_path_factory.mktemp("studies") / "gridville")


@pytest.fixture(scope="session")
def made_benchmark(tmp_path_factory) -> Path:
    """Write the tables of ``tests/made_leaderboard.py`` once."""
    return write_benchmark(tmp_path_factory.mktemp("benchmarks"))


@pytest.fixture(scope="session")
def nation():
    """Make the nation of ``tests/made_nation.py`` once."""
    # here and not above: most tests do not need torch
    import torch

    from tests.made_nation import made_nation

    # matrices so small that threads cost more than they bring
    torch.set_num_threads(1)
    return made_nation()


@pytest.fixture(scope="session")
def labelled(nation):
    """Build the features of the made nation's labelled tracts."""
    from aespa_core.datasets.tract_training import training_tracts

    return training_tracts(nation)


@pytest.fixture
def aespa(monkeypatch, capsys, tmp_path):
    """Run a command in this process: exit code, standard output, standard error."""
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path / "studies"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aespa", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
