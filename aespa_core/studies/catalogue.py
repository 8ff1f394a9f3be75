"""Where studies are found: the two that ship, and the folders under ``AESPA_STUDIES``."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from aespa_core.errors import AespaError, ConfigError, StudyError
from aespa_core.names import ascii_controls, plain_name
from aespa_core.studies.info import INFO_FILE, StudyInfo, info_path, read_info
from aespa_core.studies.manifest import MANIFEST
from aespa_core.studies.reserved_names import (
    ROOT,
    shadowing_problem,
    shadows,
    studies_folder,
)

__all__ = (
    "ATLAS",
    "DEMO",
    "ROOT",
    "Listed",
    "find_study",
    "list_studies",
    "studies_folder",
    "study_paths",
)

ATLAS: Final = ROOT / "assets" / "atlas"
# Simulated metros with estimates of the multimodal model; `aespa demo build` makes it.
DEMO: Final = ROOT / "assets" / "demo"
# By one of these a folder is known whose study.toml was renamed or taken away.
ONLY_IN_STUDIES: Final = (MANIFEST, "tracts.parquet", "cells.parquet")
LONGEST: Final = 80
SHOWN_IDS: Final = 20


@dataclass(frozen=True)
class Listed:
    """A study as the catalogue knows it: ``id`` in links, or the reason why it cannot be read."""

    id: str
    path: Path
    info: StudyInfo | None
    problem: str | None = None


def list_studies() -> list[Listed]:
    """Every study that can be shown, atlas and demo first; a broken one comes with its problem."""
    shipped = [folder for folder in (ATLAS, DEMO) if (folder / INFO_FILE).is_file()]
    mine = studies_folder()
    found = sorted(mine.iterdir()) if mine.is_dir() else []
    # a folder being written beside its target starts with a dot
    own = [folder for folder in found if not folder.name.startswith(".") and is_meant(folder)]
    return [listed(folder) for folder in shipped] + [
        shadowing(folder) if shadows(folder) else listed(folder) for folder in own
    ]


def is_meant(folder: Path) -> bool:
    """Whether a folder is a study, or was one before its ``study.toml`` was lost."""
    try:
        return any((folder / name).is_file() for name in (INFO_FILE, *ONLY_IN_STUDIES))
    except OSError:
        # what may not be looked at
        return False


def shadowing(folder: Path) -> Listed:
    """Refuse a study that has the name of one that ships: a link could mean either."""
    problem, remedy = shadowing_problem(folder)
    return Listed(f"{folder.name} (yours)", folder, None, f"{folder}: {problem}; {remedy}.")


def listed(folder: Path) -> Listed:
    """Look at one study's ``study.toml``; it is read again when it has changed."""
    try:
        name = plain_name(folder.name, "the study")
    except ConfigError as error:
        words = ascii_controls(folder.name)[:LONGEST]
        return Listed(words, folder, None, f"{error} Rename the folder.")
    try:
        info_path(folder)
    except StudyError as error:
        return Listed(name, folder, None, str(error))
    try:
        status = (folder / INFO_FILE).stat()
        return looked_at(name, folder, status.st_mtime_ns, status.st_size, status.st_ino)
    except OSError as error:
        problem = f"{folder / INFO_FILE} cannot be read ({error.strerror})."
        return Listed(name, folder, None, problem)


@lru_cache(maxsize=512)
def looked_at(name: str, folder: Path, changed_ns: int, size: int, inode: int) -> Listed:
    """Read a ``study.toml`` once for each time it was written, by its time, size and place."""
    try:
        return Listed(name, folder, read_info(folder))
    except AespaError as error:
        return Listed(name, folder, None, str(error))


def study_paths(path: Path | None) -> list[Path]:
    """Give the study at ``path``, or without one every study of the catalogue.

    Raises
    ------
    StudyError
        If the catalogue is empty.
    """
    if path is not None:
        return [path]
    paths = [study.path for study in list_studies()]
    if not paths:
        raise StudyError(
            f"There is no study in {studies_folder()}: make one with `aespa study ingest`, "
            "or give the path of one."
        )
    return paths


def find_study(name: str) -> Path:
    """Folder of a study that is given by its id in the list, or by a path.

    Raises
    ------
    StudyError
        If neither is there, or both are and are not the same.
    """
    listing = {study.id: study.path for study in list_studies()}
    here, known = at_home(name), listing.get(name)
    if known is None:
        if os.path.lexists(here):
            return here
        ids = ", ".join(sorted(listing)[:SHOWN_IDS]) or "none"
        more = ", …" if len(listing) > SHOWN_IDS else ""
        what = f"study '{name}'" if Path(name).name == name else f"folder {name}"
        raise StudyError(
            f"There is no {what}: give the path of a study folder, or an id of `aespa study list` "
            f"(here {ids}{more})."
        )
    if here.is_dir() and not here.samefile(known):
        raise StudyError(
            f"'{name}' is the id of {known} and a folder here: give {known} or "
            f"{Path.cwd() / name}, whichever is meant."
        )
    return known


def at_home(name: str) -> Path:
    """Path of a name that may begin with a home folder; as it stands where nobody has that home."""
    path = Path(name)
    try:
        return path.expanduser()
    except RuntimeError:
        return path
