"""What is wrong with a walk: a traceback, or a number that changed without a sentence."""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from tests.cases.clean import clean_tables
from tests.cases.doors import Answer
from tests.cases.walk import UNREADABLE, Walk

RELATIVE: Final = 1e-6
# Below what any page shows: estimates are kept to six decimals, sums run in another order.
ABSOLUTE: Final = 5e-6
LONGEST: Final = 400
# Fewer letters, as those of "is missing", are no sentence of their own.
SHORTEST: Final = 12
SHAPES: Final = ("geometry", "polygon", "border", "shape")
OUR_LINE: Final = re.compile(r'/((?:aespa_core|dashboard|pages)/[^"]*)", line (\d+)')
# A page of benchmarks reads no study.
NO_STUDY: Final = ("page baselines",)
# Validating answers 1 where it finds faults; every other command refuses by 2.
CODES: Final = {"validate": (0, 1, 2)}


def complaints(found: Walk, clean: Walk, names: Sequence[str]) -> list[str]:
    """List what no reader should meet, each with its door.

    Parameters
    ----------
    found
        Walk of the study with a fault.
    clean
        Walk of the same study without.
    names
        Columns or files at fault; a sentence names at least one of them.
    """
    listed = []
    for door, answer in found.answers.items():
        if answer.trace:
            listed.append(f"{door}: traceback: {last_line(answer.trace)}")
            continue
        if answer.code not in CODES.get(door, (0, 2)):
            listed.append(f"{door}: exit code {answer.code}: {answer.err.strip()[:200]}")
        listed += silent_changes(door, found, clean, names)
    return [line[:LONGEST] for line in listed + unlike_sentences(found)]


def silent_changes(door: str, found: Walk, clean: Walk, names: Sequence[str]) -> Iterator[str]:
    """Say which numbers of a door differ, or are gone, without a sentence that names a fault."""
    answer, usual = found.answers[door], clean.answers[door]
    new = new_words(answer, usual)
    named = any(name.lower() in new.lower() for name in names)
    if answer.code != usual.code:
        if not named:
            yield f"{door}: refused without naming any of {list(names)}: {new.strip()[:300]!r}"
        return
    if answer.code or door in NO_STUDY:
        return
    changed = differences(found.numbers.get(door, {}), clean.numbers.get(door, {}))
    if changed and not named:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        yield f"{door}: {changed[0]}{more}, and no sentence names any of {list(names)}"


def new_words(answer: Answer, usual: Answer) -> str:
    """Lines that the clean study does not get."""
    known = set(usual.words.splitlines())
    return "\n".join(line for line in answer.words.splitlines() if line not in known)


def differences(
    found: dict[str, float | str], clean: dict[str, float | str], tolerance: float = RELATIVE
) -> list[str]:
    """Say which values differ: numbers beyond a rounding, words at all."""
    changed = [
        f"{name} is {found[name]!r} instead of {clean[name]!r}"
        for name in clean
        if name in found and not same(found[name], clean[name], tolerance)
    ]
    gone = [f"{name} is gone" for name in clean if name not in found]
    new = [f"{name} is new" for name in found if name not in clean]
    return [*changed, *gone, *new]


def same(one: float | str, other: float | str, tolerance: float) -> bool:
    """Whether two values are one number or one text."""
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=ABSOLUTE)
    return one == other


def unlike_sentences(found: Walk) -> list[str]:
    """Say which doors let in what validating refuses, or refuse it in another sentence."""
    validated = found.answers["validate"]
    if validated.trace or not validated.code:
        return []
    faults = fault_words(validated)
    listed = []
    for door, answer in found.answers.items():
        if door == "validate" or door in NO_STUDY or answer.trace:
            continue
        said = plain_words(answer.words)
        if not door.startswith("page") and answer.code != 2:
            listed.append(f"{door}: goes on with exit code {answer.code} on what is not valid")
        elif not any(fault in said for fault in faults):
            listed.append(f"{door}: refuses in other words than validating: {said.strip()[:300]!r}")
    return listed


def fault_words(validated: Answer) -> list[str]:
    """Problems that validating lists, without row and remedy; a short one with its file."""
    lines = [line.partition(": ")[2] for line in validated.out.splitlines()]
    found = [line.split("; ")[0] for line in [*lines, *validated.err.splitlines()] if ": " in line]
    problems = [(whole, re.sub(r"^[^:]*: ", "", whole)) for whole in found]
    return [plain_words(own if len(own) > SHORTEST else whole) for whole, own in problems]


def plain_words(text: str) -> str:
    """Letters and digits alone: a page escapes what it does not mean as markup."""
    return " ".join(re.sub(r"[^\w%+.,-]+", " ", text.replace("\\", "")).split())


def last_line(trace: str) -> str:
    """Give the error of a traceback and the last line of ours that it passed."""
    ours = OUR_LINE.findall(trace)
    end = next((line for line in reversed(trace.strip().splitlines()) if line.strip()), "")
    return f"{end.strip()[:240]} ({':'.join(ours[-1]) if ours else 'not in our code'})"


def names_at_fault(study: Path) -> tuple[str, ...]:
    """Columns and files in which a study differs from the clean one; for faults that nobody named.

    A study of another kind of fault gets the names of its files, which every sentence has.
    """
    names: list[str] = []
    for table, clean in clean_tables(mobility=True).items():
        path = study / f"{table}.parquet"
        if not path.is_file():
            continue
        try:
            frame = pd.read_parquet(path)
        except UNREADABLE as error:
            names += [path.name, str(error)[:0]]
            continue
        for column in dict.fromkeys([*clean, *frame]):
            if column != "geometry" and unlike(frame, clean, column):
                names.append(str(column))
        if table == "tracts" and other_shapes(path, clean):
            names += SHAPES
    if set(names) & {"geoid", "metro"}:
        names += ["ids", "tracts of 2010"]
    return tuple(name for name in names if name) or tuple(path.name for path in study.iterdir())


def unlike(frame: pd.DataFrame, clean: pd.DataFrame, column: str) -> bool:
    """Whether a column is new, gone, or holds something else."""
    if (column in frame) != (column in clean) or len(frame) != len(clean):
        return True
    one, other = frame[column].reset_index(drop=True), clean[column].reset_index(drop=True)
    equal = (one == other) | (one.isna() & other.isna())
    return not bool(np.asarray(equal).all())


def other_shapes(path: Path, clean: pd.DataFrame) -> bool:
    """Whether borders are stored otherwise than in the clean study."""
    try:
        shapes = gpd.read_parquet(path)
    except (*UNREADABLE, AttributeError):
        return True
    usual = clean.geometry
    return (
        shapes.geometry.name != usual.name
        or shapes.crs != usual.crs
        or list(shapes.geometry.to_wkb()) != list(usual.to_wkb())
    )
