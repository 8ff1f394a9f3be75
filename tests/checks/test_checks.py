"""A fixed sample of each long check; and the watch itself notices what it is there for."""

import resource
import socket
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.cases.doors import ROOT
from tests.checks.__main__ import row_of, run_part, write_table
from tests.checks.check import SEED, Check, PartResult, all_checks
from tests.checks.tripwires import Watch, fingerprint, lay_tripwires, watched

CHECKS = {check.name: check for check in all_checks()}


@pytest.fixture(scope="module")
def watch(tmp_path_factory):
    """Watch a sandbox; a hook stays until the process ends, and is off outside of a test."""
    found = Watch(tmp_path_factory.mktemp("sandbox"), ROOT, (ROOT / "runs",))
    sys.addaudithook(found)
    return found


def test_the_watch_sees_what_happens_outside(watch, tmp_path):
    outside = tmp_path / "outside"
    before = lay_tripwires(outside)
    inside = watch.sandbox / "a"
    with watched(watch) as touched:
        inside.write_text("x")
        inside.read_text()
        (ROOT / "README.md").read_text(encoding="utf-8")
    assert touched == []
    with watched(watch) as touched:
        (outside / "secret").read_text()
    assert touched == [f"read outside: {(outside / 'secret').resolve()}"]
    with watched(watch) as touched:
        (outside / "new").write_text("x")
        (outside / "folder").mkdir()
        (outside / "new").rename(watch.sandbox / "moved")
    assert len(touched) == 3
    assert fingerprint(outside) != before
    link = watch.sandbox / "link"
    link.symlink_to(outside / "secret")
    with watched(watch) as touched:
        link.read_text()
    assert touched == [f"read outside: {(outside / 'secret').resolve()}"]
    with watched(watch) as touched, socket.socket() as caller:
        caller.setblocking(False)
        caller.connect_ex(("192.0.2.1", 9))
    assert touched == ["connected to 192.0.2.1"]


def test_a_check_is_cut_into_parts_that_hold_every_case():
    for check in CHECKS.values():
        numbers = [n for first, last in check.parts for n in range(first, last)]
        assert numbers == list(range(check.cases))
    hostile = [check.cases for name, check in CHECKS.items() if name.startswith("hostile_")]
    assert sum(hostile) >= 1_000 + 2_000
    assert CHECKS["links_in_chromium"].cases >= 60


def test_a_stopped_run_goes_on_and_its_table_adds_up(monkeypatch, tmp_path):
    ran = []

    def run(first: int, last: int, seed: int) -> PartResult:
        ran.append(first)
        return PartResult(last - first, [f"{first}: wrong"] * 2, 1, 100 + first)

    made = Check("made", 25, 10, 0, run)
    run_part(tmp_path, made, 0, 10)
    results = [run_part(tmp_path, made, *part) for part in made.parts]
    assert ran == [0, 10, 20]
    row = row_of(made, results)
    assert [row[key] for key in ("check", "cases", "failures", "peak_mb")] == ["made", 25, 3, 120]
    monkeypatch.setattr("tests.checks.__main__.TABLE", tmp_path / "checks.csv")
    write_table([row | {"failures": 9}, row | {"check": "other"}])
    write_table([row])
    table = pd.read_csv(tmp_path / "checks.csv").set_index("check")
    assert table["failures"].to_dict() == {"other": 3, "made": 3}
    assert {"cases", "failures", "seed", "code_version", "machine"} <= set(table)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, check in CHECKS.items() if "hostile" in name])
def test_a_sample_of_what_is_hostile(name):
    result = CHECKS[name].run(0, CHECKS[name].sample, SEED)
    assert result.failures == []
    assert 0 < result.peak_mb <= 2_048
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


@pytest.mark.slow
def test_a_sample_of_stored_types():
    check = CHECKS["stored_types"]
    assert check.run(0, check.sample, SEED).failures == []


@pytest.mark.e2e
@pytest.mark.slow
def test_a_sample_of_links_in_chromium(chromium):
    assert Path(chromium).is_file()
    check = CHECKS["links_in_chromium"]
    assert check.run(0, check.sample, SEED).failures == []
