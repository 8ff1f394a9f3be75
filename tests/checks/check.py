"""The long checks: what each runs, in how many parts, and what a part leaves."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.cases.doors import ROOT

SEED: Final = 14
PART_SECONDS: Final = 3_600


@dataclass(frozen=True)
class PartResult:
    """What a part of a check left.

    Attributes
    ----------
    cases
        How many it ran.
    failures
        Lines that say which case failed, and how; one case may have several.
    failed
        How many cases failed.
    peak_mb
        Largest resident memory of its process, MB; 0 where that is not measured.
    """

    cases: int
    failures: list[str] = field(default_factory=list)
    failed: int = 0
    peak_mb: int = 0


@dataclass(frozen=True)
class Check:
    """One check: numbered cases, run part by part.

    Attributes
    ----------
    name
        Id in ``checks.csv``.
    cases
        How many there are.
    size
        Cases of a part, which is what a stopped run keeps.
    sample
        How many cases every check of the project runs.
    run
        First and last case and the seed in, a result out.
    """

    name: str
    cases: int
    size: int
    sample: int
    run: Callable[[int, int, int], PartResult]

    @property
    def parts(self) -> list[tuple[int, int]]:
        """First and last case of each part, the last not included."""
        return [(at, min(at + self.size, self.cases)) for at in range(0, self.cases, self.size)]


def in_a_child(attack: str) -> Callable[[int, int, int], PartResult]:
    """Run attacks in a process of their own, under watch."""

    def run(first: int, last: int, seed: int) -> PartResult:
        with TemporaryDirectory(prefix="aespa_checks_") as base:
            job, out = Path(base) / "job.json", Path(base) / "result.json"
            words: dict[str, Any] = {
                "check": attack, "seed": seed, "first": first, "last": last,
                "sandbox": str(Path(base) / "ground"), "out": str(out),
            }  # fmt: skip
            job.write_text(json.dumps(words), encoding="utf-8")
            done = child([sys.executable, "-W", "ignore", "-m", "tests.checks.child", str(job)])
            if not out.is_file():
                return PartResult(last - first, [f"{first} to {last}: {done}"], last - first)
            found = json.loads(out.read_text("utf-8"))
        lines = [f"{f['case']}: {line}" for f in found["failures"] for line in f["wrong"]]
        return PartResult(found["cases"], lines, len(found["failures"]), found["peak_mb"])

    return run


def child(words: Sequence[str]) -> str:
    """Run a process to its end; say how it ended."""
    try:
        done = subprocess.run(
            words, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
            text=True, errors="replace", check=False, timeout=PART_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"did not end within {PART_SECONDS} s"
    return f"the process ended with {done.returncode}: {done.stderr.strip()[-500:]}"


def siblings(first: int, last: int, seed: int) -> PartResult:
    """Walk siblings of the reported cases; case n is sibling n of a round through all of them."""
    from tests.cases.sibling_walk import wrong_with_sibling
    from tests.cases.siblings import SIBLINGS

    listed = list(SIBLINGS.values())
    failures, failed = [], 0
    for number in range(first, last):
        sibling = listed[number % len(listed)]
        wrong = wrong_with_sibling(sibling, seed + number // len(listed))
        failed += bool(wrong)
        failures += [f"{number}: {sibling.name}: {line}" for line in wrong]
    return PartResult(last - first, failures, failed)


def stored_types(first: int, last: int, seed: int) -> PartResult:
    """Store columns of a study as other types; after the last variant comes the first again."""
    from tests.checks.stored_types import wrong_in

    wrong = wrong_in(range(first, last))
    lines = [f"{number}: {line}" for number, line in wrong.items()]
    return PartResult(last - first, lines, len(wrong))


def cases(first: int, last: int, seed: int) -> PartResult:
    """Walk the reported cases of ``AESPA_CASES``."""
    from tests.cases.case import cases_in, wrong_with

    folder = os.environ.get("AESPA_CASES")
    if not folder:
        return PartResult(1, ["no cases: set AESPA_CASES to their folder"], 1)
    found = {case.folder.name: wrong_with(case) for case in cases_in(Path(folder))}
    lines = [f"{name}: {line}" for name, wrong in found.items() for line in wrong]
    return PartResult(len(found), lines, sum(map(bool, found.values())))


def browser_links(first: int, last: int, seed: int) -> PartResult:
    """Open hostile links in Chromium with its network log."""
    from tests.checks.browser import wrong_in_browser

    # in a thread of its own: whoever drives a browser in this one has its loop
    with ThreadPoolExecutor(1) as alone:
        wrong = alone.submit(wrong_in_browser, range(first, last), seed).result()
    lines = [f"{number}: {line}" for number, found in wrong.items() for line in found]
    return PartResult(last - first, lines, len(wrong))


def all_checks() -> tuple[Check, ...]:
    """List the long checks, the quick ones first."""
    from tests.cases.siblings import SIBLINGS

    return (
        Check("reported_cases", 1, 1, 0, cases),
        Check("links_in_chromium", 60, 60, 3, browser_links),
        Check("stored_types", 2_000, 200, 20, stored_types),
        Check("hostile_scenarios", 250, 25, 8, in_a_child("scenario")),
        Check("hostile_specifications", 250, 25, 4, in_a_child("specification")),
        Check("hostile_studies", 500, 25, 4, in_a_child("study")),
        Check("hostile_links", 2_000, 100, 8, in_a_child("link")),
        Check("siblings", 2 * len(SIBLINGS), 20, 0, siblings),
    )
