"""How long the server works when a slider of the What-if page moves, on the atlas's largest metro.

Everything is counted: the scenario, its sentences, three maps, the table, and what is sent.
"""

import os
import subprocess
import sys

import numpy as np

from aespa_core.analysis.scenarios.baseline import baseline_of
from aespa_core.benchmarks.table import Row
from aespa_core.errors import ArtifactError
from aespa_core.studies.catalogue import ATLAS, ROOT
from aespa_core.studies.folder import open_study
from aespa_core.worker_pool import tied

METRO = "washington"


def redraw_rows(seed: int, repeats: int) -> list[Row]:
    """Run the page in a process of its own and move a slider; the median, s.

    Raises
    ------
    ArtifactError
        If the page cannot be run.
    """
    command = [sys.executable, "-m", "dashboard.redraw_time", ATLAS.name, METRO, str(repeats)]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=tied(os.getpid()),
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise ArtifactError(
            f"The What-if page cannot be timed ({said}): see that `{' '.join(command[1:])}` runs."
        )
    seconds = float(np.median([float(line) for line in done.stdout.split()]))
    tracts = len(baseline_of(open_study(ATLAS), METRO).frame)
    numbers = (("tracts_redrawn", tracts, "count"), ("seconds_redraw", seconds, "s"))
    return [
        Row(ATLAS.name, "aespa", METRO, "time", "lst_day", seed, metric, value, unit)
        for metric, value, unit in numbers
    ]
