"""Cases that name a Python module, called here so that the calls move with the modules.

Each gets the case's folder and says what is wrong, "" where all is right.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from aespa_core.errors import AespaError, ArtifactError
from aespa_core.studies.folder import INFO_FILE, open_study, read_info
from tests.cases.clean import write_clean
from tests.cases.doors import ROOT, run_command

LINKS: Final = 1_012
HEIGHT_M: Final = 120
TRACTS: Final = 144
PLAIN_PYTHON: Final = ROOT / ".venv" / "bin" / "python"


def photos_are_upright(case: Path) -> str:
    """Compare what the reader of proxies sees in a photo and in the same one, turned by EXIF."""
    from aespa_core.datasets.proxies.study_images import TractImages, tract_numbers

    seen = [
        tract_numbers(
            TractImages("1", None, None, shapely.Point(0, 0), (0, 0, 1, 1), (case / name,))
        )
        for name in ("upright.jpg", "turned_with_exif.jpg")
    ]
    moved = {key: (seen[0][key], seen[1][key]) for key in seen[0]
             if abs(seen[0][key] - seen[1][key]) > 0.02}  # fmt: skip
    return f"the turned photo is read otherwise: {moved}" if moved else ""


def pickles_are_refused(case: Path) -> str:
    """Read both checkpoints; each must be refused in a sentence."""
    from aespa_core.models.heat.checkpoints import VIT, read_checkpoint

    wrong = []
    for folder in sorted(path for path in case.iterdir() if path.is_dir()):
        try:
            read_checkpoint(VIT, folder)
        except ArtifactError as error:
            if folder.name not in str(error):
                wrong.append(f"{folder.name}: the sentence does not name it: {error}")
        except Exception as error:
            wrong.append(f"{folder.name}: {type(error).__name__}: {error}")
        else:
            wrong.append(f"{folder.name}: it was read")
    return "; ".join(wrong)


def byte_order_mark_is_read(case: Path) -> str:
    """Read the study.toml, and the study with the clean tables beside it."""
    with tempfile.TemporaryDirectory() as work:
        folder = write_clean(Path(work) / "marked").path
        shutil.copyfile(case / INFO_FILE, folder / INFO_FILE)
        try:
            name = read_info(folder).name
        except AespaError as error:
            return str(error)
        answer = run_command("study", "validate", folder)
        if "not TOML" in answer.words:
            return answer.out
    return "" if name == "Mine a b" else f"the name is read as {name!r}"


def weeks_are_read(case: Path) -> str:
    """Look whether any hour of any tract is read."""
    from aespa_core.datasets.heat.samples import read_samples

    found = np.isfinite(read_samples(open_study(case / "study")).mobility)
    return "" if found.all() else f"{(~found).mean():.0%} of the hours are missing"


def map_is_flat(case: Path) -> str:
    """Look for heights in the file of the map."""
    from aespa_core.analysis.places import metros_of, places_of
    from aespa_core.views.maps import map_file

    study = open_study(case / "study")
    content = map_file(places_of(study, metros_of(study)[0]).frame).content
    heights = content.count(f",{HEIGHT_M}.0]".encode()) + content.count(f",{HEIGHT_M}]".encode())
    return f"the map holds {heights} heights" if heights else ""


def grid_is_whole(case: Path) -> str:
    """Count the links of a grid of 12 × 12."""
    from aespa_core.analysis.spatial.weights import queen

    tracts = open_study(case / "study").read("tracts").set_index("geoid")
    links = queen(tracts.geometry).matrix.nnz
    return "" if links == LINKS else f"queen finds {links} of {LINKS} links"


def strange_tracts_are_counted(case: Path) -> str:
    """Ask the stored models for tracts that they do not know."""
    if not os.environ.get("AESPA_DATA_MIRROR"):
        return ""  # CI always has it; without it there is nothing to ask
    wrong = []
    with tempfile.TemporaryDirectory() as work:
        study = shutil.copytree(case / "study", Path(work) / "study", copy_function=shutil.copyfile)
        study.chmod(0o755)
        for command in ("predict", "attribute"):
            answer = run_command(command, study)
            if answer.trace or answer.code != 2:
                wrong.append(f"{command}: exit code {answer.code}: {answer.trace[-300:]}")
            elif not re.search(rf"tracts of 2010, and \d+ of {TRACTS} ids", answer.err):
                wrong.append(f"{command}: {answer.err.strip()!r} does not count the strange ids")
    return "; ".join(wrong)


def torch_is_asked_for(case: Path) -> str:
    """Ask for estimates in the environment of ``make run``, which has no torch."""
    if not PLAIN_PYTHON.is_file():
        return ""  # `make test` makes it; without it there is nothing to ask
    wrong = []
    with tempfile.TemporaryDirectory() as work:
        study = write_clean(Path(work) / "town").path
        for command in ("predict", "attribute"):
            done = subprocess.run(
                [PLAIN_PYTHON, "-m", "aespa_core", command, study],
                cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode != 2 or "make test" not in done.stderr or (
                done.stderr.strip().count("\n")
            ):  # fmt: skip
                wrong.append(f"{command}: exit code {done.returncode}: {done.stderr[-300:]}")
    return "; ".join(wrong)
