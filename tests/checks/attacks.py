"""One attack of each kind: what is written, which doors it is sent through, what went wrong."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tests.cases.clean import teacher, write_clean, write_scenario
from tests.cases.doors import PAGES, Answer, open_page, run_command
from tests.cases.verdict import last_line
from tests.checks.hostile_files import write_hostile_scenario, write_hostile_specification
from tests.checks.hostile_studies import info, write_hostile_study
from tests.checks.hostile_text import MARKUP, STRINGS
from tests.checks.links import hostile_link
from tests.checks.tripwires import SECRET

Rng = np.random.Generator
GOOD, NAMED, BAD = "town", "named", "hostile"
KEPT: Final = 600


@dataclass(frozen=True)
class Ground:
    """Where attacks happen: studies that are whole, a folder for what is written, the weights."""

    home: Path
    work: Path
    weights: Path


def lay_ground(sandbox: Path) -> Ground:
    """Write what attacks need."""
    home = lay_studies(sandbox / "studies")
    work = sandbox / "work"
    work.mkdir()
    return Ground(home, work, teacher())


def lay_studies(home: Path) -> Path:
    """Write a study that answers every page, and the same one with hostile words."""
    from aespa_core.studies.manifest import write_manifest
    from tests.analysis.scenarios.made_metro import write_made_study

    write_made_study(home / GOOD)
    named = write_made_study(home / NAMED).path
    words = [text for text in STRINGS if text.startswith(("!", "<", ":", "$", "*"))]
    quoted = ["'" + text.replace("'", "") + "'" for text in words]
    info(named, name=quoted[0], kind='"simulated"', vintage=quoted[2],
         licences=f"[{', '.join(quoted)}]", sources=f"[{quoted[3]}]",
         notes=f"[{', '.join(quoted)}]")  # fmt: skip
    write_manifest(named)
    return home


def wrong_with_answers(answers: list[Answer], codes: tuple[int, ...] = (0, 1, 2)) -> list[str]:
    """List tracebacks, strange exit codes, markup that would be drawn, and secrets."""
    listed = []
    for answer in answers:
        if answer.trace:
            listed.append(f"{answer.door}: traceback: {last_line(answer.trace)}")
        elif answer.code not in codes:
            listed.append(f"{answer.door}: exit code {answer.code}")
        elif answer.code and not answer.words.strip():
            listed.append(f"{answer.door}: exit code {answer.code} without a word")
        if SECRET in answer.words:
            listed.append(f"{answer.door}: shows what stands in a file outside")
        if answer.door.startswith("page"):
            listed += [
                f"{answer.door}: draws {mark!r}"
                for mark in MARKUP
                # behind a backslash it is text
                if re.search(rf"(?<!\\){re.escape(mark)}", answer.drawn)
            ]
    return [line[:KEPT] for line in listed]


def attack_by_study(ground: Ground, rng: Rng, work: Path) -> list[str]:
    """Send a hostile study through every command and some pages; the good study goes on."""
    home = work / "studies"
    study = home / BAD
    kind = write_hostile_study(study, rng)
    write_clean(home / GOOD)
    run = ("--model", ground.weights)
    answers = [
        run_command("study", "list", studies=home, door="list"),
        run_command("study", "validate", study, studies=home, door="validate"),
        run_command("predict", study, *run, studies=home),
        run_command("attribute", study, *run, studies=home),
        run_command("whatif", write_scenario(work / "s.toml", study), studies=home),
        run_command("disparity", "--study", study, "--out", work / "out", "--formats", "csv",
                    studies=home),
    ]  # fmt: skip
    page = str(rng.choice([name for name in PAGES if name != "baselines"]))
    answers.append(open_page(page, home, {"study": BAD}))
    answers.append(open_page("frame", home, {"study": BAD}))
    good = open_page("heat_map", home, {"study": GOOD})
    listed = wrong_with_answers([*answers, good])
    if "Gridville" not in "".join(good.figures):
        listed.append(f"the study beside it is not shown: {good.figures}")
    if GOOD not in answers[0].out:
        listed.append("the study beside it is not listed")
    return [f"{kind}: {line}" for line in listed]


def attack_by_scenario(ground: Ground, rng: Rng, work: Path) -> list[str]:
    """Play a hostile scenario."""
    path = work / "scenario.toml"
    write_hostile_scenario(path, GOOD, rng)
    words = ("whatif", path, *((["--json"], ["--out", work / "out"])[int(rng.integers(2))]))
    return wrong_with_answers([run_command(*words, studies=ground.home)], (0, 2))


def attack_by_specification(ground: Ground, rng: Rng, work: Path) -> list[str]:
    """Run a hostile specification."""
    path = work / "specification.toml"
    write_hostile_specification(path, GOOD, rng)
    words = ("disparity", "--spec", path, "--out", work / "out", "--formats", "csv")
    return wrong_with_answers([run_command(*words, studies=ground.home)], (0, 2))


def attack_by_link(ground: Ground, rng: Rng, work: Path) -> list[str]:
    """Open a page by a hostile link."""
    page, query = hostile_link(rng, (GOOD, NAMED))
    found = wrong_with_answers([open_page(page, ground.home, query)])
    return [f"{ascii(query)[:300]}: {line}" for line in found]


ATTACKS: Final[dict[str, Callable[[Ground, Rng, Path], list[str]]]] = {
    "study": attack_by_study,
    "scenario": attack_by_scenario,
    "specification": attack_by_specification,
    "link": attack_by_link,
}


def quiet_surroundings(sandbox: Path) -> None:
    """Keep what libraries write by themselves within the sandbox."""
    for name, folder in (("HOME", "home"), ("TMPDIR", "tmp"), ("XDG_CACHE_HOME", "cache")):
        (sandbox / folder).mkdir(exist_ok=True)
        os.environ[name] = str(sandbox / folder)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
