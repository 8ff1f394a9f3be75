"""One study through every door: validate, disparity, predict, attribute, whatif and all pages."""

import json
import shutil
from dataclasses import dataclass
from functools import reduce
from io import StringIO
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError

from aespa_core.schema import metro_label
from tests.cases.clean import teacher, write_scenario
from tests.cases.doors import PAGES, Answer, open_page, run_command
from tests.tiny_study import METRO

RUN: Final = "heat_teacher"
# What readers raise on a garbled file.
UNREADABLE: Final = (pa.ArrowException, OSError, ValueError, TypeError, ShapelyError, ProjError)
# Nothing of these is a number of the study.
NOT_A_RESULT: Final = ("provenance", "study", "scenario")
COMMANDS: Final = ("validate", "disparity", "predict", "attribute", "whatif", "embed")
ALL_DOORS: Final = (*COMMANDS, *(f"page {name}" for name in (*PAGES, "frame")))


@dataclass(frozen=True)
class Walk:
    """Answers by door, and the numbers that each left, flat: name → value."""

    answers: dict[str, Answer]
    numbers: dict[str, dict[str, float | str]]


def walk(study: Path, work: Path, *, pages: bool = True, disparity: bool = True) -> Walk:
    """Lead a copy of a study through every door.

    Parameters
    ----------
    study
        Folder of a study, left as it is; its name is the study's id.
    work
        An empty folder for the copy, which gets a run of a model that learned on the clean study.
    pages
        Whether pages are opened, too.
    disparity
        Whether the slowest command is run.
    """
    home = work / "studies"
    mine = home / study.name
    shutil.copytree(study, mine, symlinks=True, copy_function=shutil.copyfile)
    for folder in [home, *(path for path in home.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)  # the cases are read-only
    answers = {"validate": run_command("study", "validate", mine, studies=home, door="validate")}
    numbers: dict[str, dict[str, float | str]] = {}
    if disparity:
        out = work / "disparity"
        words = ("disparity", "--study", mine, "--out", out, "--formats", "csv")
        answers["disparity"] = run_command(*words, studies=home)
        numbers["disparity"] = table_numbers(out)
    weights = teacher()
    for command in ("predict", "attribute"):
        answers[command] = run_command(command, mine, "--model", weights, studies=home)
    numbers["predict"] = run_numbers(mine, "estimates")
    numbers["attribute"] = run_numbers(mine, "attributions")
    scenario = write_scenario(work / "scenario.toml", mine, metro_of(mine))
    answers["whatif"] = run_command("whatif", scenario, "--json", studies=home)
    numbers["whatif"] = json_numbers(answers["whatif"].out)
    answers["embed"] = run_command("embed", mine, "--cache", work / "embeddings", studies=home)
    if pages:
        for name in (*PAGES, "frame"):
            answer = open_page(name, home, {"study": study.name})
            answers[answer.door] = answer
            numbers[answer.door] = {line.partition(": ")[0]: line for line in answer.figures}
    metro = metro_of(mine)
    return Walk(answers, {door: without_metro(found, metro) for door, found in numbers.items()})


def without_metro(found: dict[str, float | str], metro: str) -> dict[str, float | str]:
    """Put one word for a metro's name: a study elsewhere with the same numbers is the same."""
    names = (metro_label(metro), metro)
    return {
        name: value if isinstance(value, float) else reduce(hide, names, value)
        for name, value in found.items()
    }


def hide(text: str, name: str) -> str:
    """Replace a name."""
    return text.replace(name, "METRO") if name else text


def table_numbers(folder: Path) -> dict[str, float | str]:
    """Cells of the CSV tables of a disparity folder."""
    found: dict[str, float | str] = {}
    for path in sorted(folder.glob("*.csv")):
        lines = [line for line in path.read_text("utf-8").splitlines() if line[:1] != "#"]
        if any(lines):  # a table without columns says in its notices why
            frame = pd.read_csv(StringIO("\n".join(lines)), dtype=object)
            found |= {f"{path.stem} {key}": value for key, value in cells(frame).items()}
    return found


def run_numbers(study: Path, table: str) -> dict[str, float | str]:
    """Cells of a table of the run, {} where there is none."""
    path = study / table / f"{RUN}.parquet"
    if not path.is_file():
        return {}
    keys = ["geoid"] if table == "estimates" else ["geoid", "part"]
    frame = pd.read_parquet(path).sort_values(keys)
    return cells(frame.select_dtypes("number").set_axis(frame[keys].agg(" ".join, axis=1)))


def cells(frame: pd.DataFrame) -> dict[str, float | str]:
    """Name each cell by row and column; numbers as numbers."""
    return {
        f"row {row} {column}": number(value)
        for column in frame
        for row, value in frame[column].items()
    }


def number(value: object) -> float | str:
    """Read a cell as a number where it is one."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)


def json_numbers(text: str) -> dict[str, float | str]:
    """Leaves of a JSON answer, {} where there is none."""
    try:
        answer = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return {
        path: value
        for path, value in leaves(answer, "")
        if not path.startswith(NOT_A_RESULT) and "notice" not in path
    }


def leaves(value: object, path: str) -> list[tuple[str, float | str]]:
    """Name each leaf by the keys on its way."""
    if isinstance(value, dict):
        named = ((f"{path}.{key}".lstrip("."), inner) for key, inner in value.items())
        return [leaf for name, inner in named for leaf in leaves(inner, name)]
    if isinstance(value, list):
        return [leaf for i, inner in enumerate(value) for leaf in leaves(inner, f"{path}.{i}")]
    return [(path, np.nan if value is None else number(value))]


def metro_of(study: Path) -> str:
    """First metro of a study as its file says it; the clean study's where it says none."""
    try:
        return str(pd.read_parquet(study / "tracts.parquet", columns=["metro"])["metro"].iloc[0])
    except (*UNREADABLE, KeyError, IndexError):
        return METRO
