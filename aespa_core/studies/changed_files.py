"""The files of a study against its manifest, as faults: one for each cause, with its cure."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aespa_core.errors import AespaError, ManifestError
from aespa_core.file_faults import short_path
from aespa_core.studies.faults import PARTICULARS, SHOWN_ROWS, Fault, Notice
from aespa_core.studies.manifest import (
    MANIFEST,
    manifest_faults,
    read_manifest,
    seal_command,
    unfit_files,
)

# What no study may hold, whatever its manifest says.
UNFIT: Final = MappingProxyType(
    {
        "outside": ("the link leads out of the study", "copy what it leads to into the study"),
        "too large": ("the file is larger than 2 GB, as no table or picture is", "remove it"),
    }
)
DIFFERING: Final = MappingProxyType(
    {
        "changed": "the file is not the one that the manifest lists",
        "missing": "the manifest lists this file but it is missing",
        "unlisted": "the manifest does not list this file",
        "unreadable": "the system does not let us read the file",
    }
)


def changed_files(folder: Path, *, sound: bool = True) -> list[Fault]:
    """Compare the files with the manifest.

    Parameters
    ----------
    folder
        The study.
    sound
        Whether all else is well, so that a new manifest would make the study valid.
    """
    try:
        read_manifest(folder)
    except ManifestError as error:
        found = fault_of_file(folder, MANIFEST, error)
        return [found if sound else replace(found, remedy=f"correct the rest, then {found.remedy}")]
    try:
        differences = manifest_faults(folder)
    except ManifestError:
        # endless folders, which :func:`strange_entries` tells
        return []
    seal = seal_command(folder)
    new = seal if sound else f"correct the rest, then {seal}"
    cures = {
        "changed": f"restore the file; if the change was meant, {new}",
        "missing": f"put it back; if it was taken away on purpose, {new}",
        "unlisted": f"remove it; if it belongs to the study, {new}",
        "unreadable": "let its owner allow it to be read",
    }
    return [
        files_fault(kind, files, DIFFERING[kind], cures[kind])
        for kind, files in differences.items()
        if kind in DIFFERING
    ]


def strange_entries(folder: Path) -> list[Fault]:
    """Find what lies in a study and may not: links that lead out, huge files, endless folders."""
    try:
        return [
            files_fault(kind, files, *UNFIT[kind]) for kind, files in unfit_files(folder).items()
        ]
    except ManifestError as error:
        name = own_name(folder)
        return [Fault(name, None, None, None, error.problem, error.remedy, unusable=True)]


def files_fault(kind: str, files: Sequence[str], problem: str, remedy: str) -> Fault:
    """Make one fault of all files that share a cause, however many: a few of them are named."""
    few = [
        Fault(short_path(file), None, None, kind, problem, remedy, unusable=True)
        for file in files[:SHOWN_ROWS]
    ]
    return as_one(few, len(files))


def fault_of_file(folder: Path, file: str, error: AespaError) -> Fault:
    """Turn what a reader said of one file into a fault, which names the file alone.

    Where the study lies is not said: the fault is kept, and the study may move.
    """
    problem, remedy = error.problem, error.remedy
    if not problem:
        # of a reader that gave no parts the sentence is taken apart: subject, problem, remedy
        problem, _, remedy = str(error).removesuffix(".").rpartition(": ")
    place = str(folder / file)
    problem = problem.removeprefix(place).removeprefix(short_path(place)).strip()
    if folder.name:
        problem = problem.replace(f"{folder}/", "")
    return Fault(file, None, None, None, problem, remedy, unusable=True)


def place_of(folder: Path) -> Path:
    """Whole path of a folder, also where it is given as ``.``; links are kept."""
    return Path(os.path.normpath(folder.absolute()))


def own_name(folder: Path) -> str:
    """Name of a study's folder, also where it is given as ``.``, the folder that one stands in."""
    return place_of(folder).name or str(folder)


def grouped_over_files(faults: Iterable[Fault]) -> list[Fault]:
    """Let one fault stand for all files that share its cause; a few of them are named."""
    same: dict[tuple[object, ...], list[Fault]] = {}
    for number, fault in enumerate(faults):
        whole = fault.row is None and fault.column is None and not fault.files
        cause = (PARTICULARS.sub("#", fault.problem), fault.value, fault.remedy, fault.unusable)
        same.setdefault(cause if whole else (number,), []).append(fault)
    return [as_one(alike, len(alike)) for alike in same.values()]


def as_one(alike: Sequence[Fault], count: int) -> Fault:
    """Name the first files of a cause, and count the rest."""
    first, more = alike[0], count - SHOWN_ROWS
    problem = f"{first.problem} ({more:,} more files than are named here)"
    others = tuple(fault.file for fault in alike[1:SHOWN_ROWS])
    return replace(first, problem=problem if more > 0 else first.problem, files=others)


def grouped_notices(notices: Iterable[Notice]) -> list[Notice]:
    """Let one notice of whole files stand for all that share its words, where these are many."""
    same: dict[tuple[object, ...], list[Notice]] = {}
    for number, notice in enumerate(notices):
        whole = notice.column is None and not notice.count
        same.setdefault((notice.problem,) if whole else (number,), []).append(notice)
    found: list[Notice] = []
    for alike in same.values():
        if len(alike) > SHOWN_ROWS:
            words = f"{alike[0].problem} (so with {len(alike) - 1:,} more files)"
            found.append(replace(alike[0], problem=words))
        else:
            found += alike
    return found
