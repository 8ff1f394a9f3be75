"""One folder of a cases directory: which studies it has, and what is wrong with their answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cases.answers import ANSWERS, RightAnswer
from tests.cases.clean import NAME, clean_tables, write_clean
from tests.cases.doors import Answer
from tests.cases.verdict import LONGEST, NO_STUDY, complaints, differences, names_at_fault
from tests.cases.walk import Walk, metro_of, walk
from tests.tiny_study import METRO

LISTED = re.compile(r": ([\d,]+) faults?$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A folder with a README, and ``study`` or ``studies/*`` where it brings a study."""

    folder: Path

    @property
    def studies(self) -> list[Path]:
        """Study folders of the case."""
        one, many = self.folder / "study", self.folder / "studies"
        inside = sorted(path for path in many.iterdir() if path.is_dir()) if many.is_dir() else []
        return ([one] if one.is_dir() else []) + inside

    @property
    def right(self) -> RightAnswer | None:
        """What the committed table says of it, None of a case that the table does not know."""
        return ANSWERS.get(self.folder.name)


def cases_in(folder: Path) -> list[Case]:
    """List the cases of a directory, or the one case that a folder is."""
    if (folder / "study").is_dir() or (folder / "studies").is_dir() or folder.name in ANSWERS:
        return [Case(folder)]
    return [Case(path) for path in sorted(folder.iterdir()) if path.is_dir()]


@cache
def clean_walk(*, mobility: bool = False, metro: str = METRO) -> Walk:
    """Walk the clean study once a process, with mobility or under another metro if asked for."""
    with TemporaryDirectory() as work:
        tables = clean_tables(mobility=mobility, metro=metro)
        study = write_clean(Path(work) / "clean" / NAME, tables).path
        return walk(study, Path(work) / "walk")


def wrong_with(case: Case) -> list[str]:
    """List everything that is wrong with the answers to a case."""
    listed = []
    for study in case.studies:
        mobility = (study / "mobility.parquet").is_file()
        clean = clean_walk(mobility=mobility, metro=metro_of(study))
        with TemporaryDirectory() as work:
            found = walk(study, Path(work))
        names = (case.right.names if case.right else ()) or names_at_fault(study)
        listed += complaints(found, clean, names)
        if case.right:
            listed += unlike_right(case.right, found, clean)
    for call in case.right.calls if case.right else ():
        listed += called(call, case.folder)
    return list(dict.fromkeys(listed))


def called(call: Callable[[Path], str], folder: Path) -> list[str]:
    """Run a call of the table; what it throws is what is wrong."""
    try:
        wrong = call(folder)
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    return [f"{call.__name__}: {wrong}"[:LONGEST]] if wrong else []


def unlike_right(right: RightAnswer, found: Walk, clean: Walk) -> list[str]:
    """List where a walk is not what the table asks for."""
    listed = []
    for door, patterns in right.phrases.items():
        said = found.answers[door].words.replace("\\", "")
        listed += [
            f"{door}: no '{pattern}' in {said.strip()[:400]!r}"
            for pattern in patterns
            if not re.search(pattern, said, re.IGNORECASE)
        ]
    if right.faults is not None:
        count = faults_listed(found.answers["validate"])
        if count != right.faults:
            listed.append(f"validate: {count:,} faults instead of {right.faults}")
    if right.outcome is not None:
        listed += unlike_outcome(right.outcome, found, clean)
    for (door, name), digits in right.numbers.items():
        listed += unlike_number(door, name, digits, found)
    return listed


def unlike_outcome(outcome: str, found: Walk, clean: Walk) -> list[str]:
    """List the doors that do not refuse, repair or count as the table says."""
    refused = {door for door, answer in found.answers.items() if answer.code}
    commands = {door for door in found.answers if not door.startswith("page")}
    if outcome == "refused":
        return [f"{door}: is not refused" for door in sorted(commands - refused)]
    listed = [f"{door}: is refused: {found.answers[door].words.strip()[:300]!r}"
              for door in sorted(refused) if not clean.answers[door].code]  # fmt: skip
    if outcome == "repaired":
        for door, usual in clean.numbers.items():
            if door in refused or door in NO_STUDY:
                continue
            if changed := differences(found.numbers.get(door, {}), usual):
                listed.append(f"{door}: not the clean study's number: {changed[0]}")
    return listed


def unlike_number(door: str, name: str, digits: str, found: Walk) -> list[str]:
    """Compare a number with what was published, to half of its last digit."""
    value = found.numbers.get(door, {}).get(name)
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    if isinstance(value, float) and abs(value - float(digits)) <= half * (1 + 1e-9):
        return []
    return [f"{door}: {name} is {value!r} instead of {digits}"]


def faults_listed(validated: Answer) -> int:
    """Count the faults that validating lists."""
    found = LISTED.search(validated.out)
    return int(found[1].replace(",", "")) if found else 0
