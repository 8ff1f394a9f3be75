"""Run the long checks: ``python -m tests.checks [--only NAME] [--fresh]``.

What is finished lies under ``runs/checks`` by version of the code, so that a stopped run goes on
from there. The table goes to ``assets/benchmarks/checks.csv``.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.benchmarks.table import FOLDER, machine_words
from aespa_core.inference.code_version import code_version
from aespa_core.studies.atomic import write_text
from tests.cases.doors import ROOT
from tests.checks.check import SEED, Check, PartResult, all_checks, child

TABLE: Final = FOLDER / "checks.csv"
KEPT: Final = ROOT / "runs" / "checks"
# one for each core of the smallest machine that the project is built on
AT_ONCE: Final = 2


def version() -> str:
    """Version of the code that is checked: package and pages."""
    return code_version(("**/*.py", "**/*.toml", "../dashboard/*.py", "../pages/*.py"))


def part_file(folder: Path, check: Check, first: int) -> Path:
    """File of a finished part."""
    return folder / check.name / f"{first:05d}.json"


def run_part(folder: Path, check: Check, first: int, last: int) -> PartResult:
    """Take a part that is finished, else run it and keep it."""
    path = part_file(folder, check, first)
    if path.is_file():
        return PartResult(**json.loads(path.read_text("utf-8")))
    start = time.perf_counter()
    result = check.run(first, last, SEED)
    write_text(path, json.dumps(asdict(result), indent=1))
    seconds = time.perf_counter() - start
    print(f"{check.name} {first} to {last}: {result.failed} failed, {seconds:.0f} s", flush=True)
    return result


def run_check(folder: Path, check: Check) -> list[PartResult]:
    """Run a check's parts, two at a time, each in a process of its own."""

    def one(part: tuple[int, int]) -> PartResult:
        path = part_file(folder, check, part[0])
        if not path.is_file():
            words = ["--part", check.name, str(part[0]), str(part[1]), "--folder", str(folder)]
            ended = child([sys.executable, "-W", "ignore", "-m", "tests.checks", *words])
            if not path.is_file():
                size = part[1] - part[0]
                return PartResult(size, [f"{part[0]} to {part[1]}: {ended}"], size)
        return run_part(folder, check, *part)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, check.parts))


def row_of(check: Check, results: Sequence[PartResult]) -> dict[str, object]:
    """Sum up a check."""
    return {
        "check": check.name,
        "cases": sum(result.cases for result in results),
        "failures": sum(result.failed for result in results),
        "peak_mb": max((result.peak_mb for result in results), default=0),
        "seed": SEED,
        "code_version": version(),
        "machine": machine_words(),
    }


def write_table(rows: Sequence[dict[str, object]]) -> None:
    """Write the rows of these checks; those of others stay."""
    table = pd.DataFrame(rows)
    if TABLE.is_file():
        old = pd.read_csv(TABLE)
        table = pd.concat([old[~old["check"].isin(table["check"])], table], ignore_index=True)
    write_text(TABLE, table.to_csv(index=False))


def main(words: Sequence[str] | None = None) -> int:
    """Run the checks and write their table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="name of a check; repeat for several")
    parser.add_argument("--fresh", action="store_true", help="forget what is finished")
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    checks = {check.name: check for check in all_checks()}
    if asked.part:
        name, first, last = asked.part
        run_part(asked.folder, checks[name], int(first), int(last))
        return 0
    if strange := set(asked.only or ()) - set(checks):
        print(f"There is no check {', '.join(strange)}: {', '.join(checks)}.", file=sys.stderr)
        return 2
    folder = KEPT / version()
    if asked.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    failed = 0
    for name in asked.only or checks:
        results = run_check(folder, checks[name])
        row = row_of(checks[name], results)
        write_table([row])
        failed += int(str(row["failures"]))
        print(f"{name}: {row['failures']} of {row['cases']} failed, {row['peak_mb']} MB at most")
        for line in [line for result in results for line in result.failures][:40]:
            print(f"    {line}")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
