"""One part of a check in a process of its own: ``python -m tests.checks.child JOB``.

JOB is a JSON file: check, seed, first and last case, sandbox, where the result goes. Within, what
is opened, written and connected to is watched, and the memory of the process is read after each
case.
"""

import json
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.cases.doors import ROOT
from tests.checks.attacks import ATTACKS, lay_ground, quiet_surroundings
from tests.checks.tripwires import Watch, fingerprint, lay_tripwires, watched

LIMIT_MB: Final = 2_048
# so that what goes wrong does not take the machine along
DATA: Final = 8 * 2**30
SLOW_SECONDS: Final = 60.0


def memory_mb() -> float:
    """Largest resident memory of this process until now, MB."""
    status = Path("/proc/self/status")
    if status.is_file():
        # of this program alone: the other count goes on from what started it
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return float(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_part(job: dict[str, Any]) -> dict[str, Any]:
    """Run the cases of a part; say what went wrong with each."""
    base = Path(job["sandbox"])
    sandbox, outside = base / "sandbox", base / "outside"
    sandbox.mkdir(parents=True)
    quiet_surroundings(sandbox)
    tempfile.tempdir = str(sandbox / "tmp")
    before = lay_tripwires(outside)
    ground = lay_ground(sandbox)
    attack = ATTACKS[job["check"]]
    watch = Watch(sandbox, ROOT, (ROOT / "dashboard" / "static", ROOT / "runs"))
    sys.addaudithook(watch)
    failures: list[dict[str, Any]] = []
    peak = memory_mb()
    for number in range(job["first"], job["last"]):
        work = ground.work / str(number)
        work.mkdir()
        rng = np.random.default_rng([job["seed"], number])
        start = time.perf_counter()
        with watched(watch) as touched:
            wrong = attack(ground, rng, work)
        seconds = time.perf_counter() - start
        wrong += sorted(set(touched))
        now = memory_mb()
        if now > LIMIT_MB and now > peak * 1.01:
            wrong.append(f"memory rose to {now:,.0f} MB")
        if seconds > SLOW_SECONDS:
            wrong.append(f"took {seconds:.0f} s")
        peak = max(peak, now)
        if wrong:
            failures.append({"case": number, "wrong": wrong})
        shutil.rmtree(work, ignore_errors=True)
    if fingerprint(outside) != before:
        failures.append({"case": -1, "wrong": ["files outside were changed"]})
    return {"cases": job["last"] - job["first"], "failures": failures, "peak_mb": round(peak)}


def main(path: Path) -> None:
    """Run the job of a file and write its result beside it."""
    resource.setrlimit(resource.RLIMIT_DATA, (DATA, DATA))
    job = json.loads(path.read_text("utf-8"))
    result = run_part(job)
    out = Path(job["out"])
    out.with_suffix(".part").write_text(json.dumps(result), encoding="utf-8")
    out.with_suffix(".part").replace(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
