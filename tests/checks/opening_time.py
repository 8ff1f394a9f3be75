"""What opening a study costs in this checkout against another, in pairs.

``python -m tests.checks.opening_time OTHER [STUDY]``: OTHER is a checkout, such as one made by
``git worktree add ../base f233f06``; STUDY a study folder, the largest under ``AESPA_STUDIES`` if
none. Each open runs in a process of its own, this and that checkout by turns, so that a busy
machine slows both. *Cold*: what examining left is forgotten first; *warm*: it is there. Standard
output gets the medians, and a line that can be copied into a report.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aespa_core.studies.kept_examination import FOLDER, key_of
from tests.cases.doors import ROOT

PAIRS: Final = 10
COLD_S: Final = 0.3
WARM_S: Final = 0.02
# imports are no part of it: both sides have imported what opening needs
OPEN: Final = """
import json, sys, time
from pathlib import Path
import geopandas, pandas, pyarrow.dataset, pyarrow.pandas_compat, pyarrow.parquet
from aespa_core.studies.folder import open_study
import aespa_core
folder = Path(sys.argv[1])
times = []
for _ in range(2):
    start = time.perf_counter()
    open_study(folder)
    times.append(time.perf_counter() - start)
print(json.dumps({"times": times, "code": aespa_core.__file__}))
"""


def opened(checkout: Path, study: Path) -> tuple[float, float]:
    """Open a study twice in a new process of a checkout: seconds of the first and the second."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OPEN, str(study)], cwd=checkout, env=environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    if not Path(found["code"]).is_relative_to(checkout):
        raise SystemExit(f"{checkout} is not what was imported: {found['code']}")
    first, second = found["times"]
    return first, second


def largest_study(folder: Path) -> Path:
    """Study with the most bytes below a folder of studies."""
    studies = [path.parent for path in folder.glob("*/study.toml")]
    if not studies:
        raise SystemExit(f"No study in {folder}: make one with `aespa study ingest --metro all`.")
    return max(studies, key=lambda p: sum(f.stat().st_size for f in p.rglob("*") if f.is_file()))


def forget(study: Path) -> None:
    """Take away what examining the study left."""
    (FOLDER / f"{key_of(study)}.json").unlink(missing_ok=True)


def main(words: Sequence[str]) -> int:
    """Measure and print."""
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    other = Path(words[0]).resolve()
    given = Path(words[1]) if len(words) > 1 else largest_study(
        Path(os.environ.get("AESPA_STUDIES") or ROOT / "studies")
    )  # fmt: skip
    differences: dict[str, list[float]] = {"cold": [], "warm": [], "again": []}
    with tempfile.TemporaryDirectory() as work:
        # a copy each: what one checkout keeps beside a study is none of the other's business
        mine, theirs = (shutil.copytree(given, Path(work) / side / given.name)
                        for side in ("this", "other"))  # fmt: skip
        for checkout, study in ((ROOT, mine), (other, theirs)):
            opened(checkout, study)  # so that the disk has read both
        for _ in range(PAIRS):
            forget(mine)
            cold, again = opened(ROOT, mine)
            warm, _ = opened(ROOT, mine)
            usual, usual_again = opened(other, theirs)
            differences["cold"].append(cold - usual)
            differences["warm"].append(warm - usual)
            differences["again"].append(again - usual_again)
    medians = {name: statistics.median(values) for name, values in differences.items()}
    words_of = {"cold": "nothing kept", "warm": "kept, new process", "again": "same process"}
    for name, value in medians.items():
        spread = f"{min(differences[name]):+.3f} to {max(differences[name]):+.3f}"
        print(f"{given.name}, {words_of[name]}: {value:+.3f} s (median of {PAIRS}, {spread})")
    return int(medians["cold"] > COLD_S or medians["warm"] > WARM_S)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
