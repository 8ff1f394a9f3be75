"""Where studies are found: the two that ship, and the folders under ``AESPA_STUDIES``."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aespa_core.errors import AespaError, StudyError
from aespa_core.studies.folder import INFO_FILE, StudyInfo, read_info

ROOT: Final = Path(__file__).resolve().parents[2]
ATLAS: Final = ROOT / "assets" / "atlas"
# Simulated metros with estimates of the multimodal model; `aespa demo build` makes it.
DEMO: Final = ROOT / "assets" / "demo"


@dataclass(frozen=True)
class Listed:
    """A study as the catalogue knows it: ``id`` in links, or the reason why it cannot be read."""

    id: str
    path: Path
    info: StudyInfo | None
    problem: str | None = None


def studies_folder() -> Path:
    """Folder for this user's studies: ``AESPA_STUDIES``, else ``studies/`` in the project."""
    return Path(os.environ.get("AESPA_STUDIES") or ROOT / "studies")


def list_studies() -> list[Listed]:
    """Every study that can be shown, atlas and demo first; a broken one comes with its problem."""
    folders = [folder for folder in (ATLAS, DEMO) if (folder / INFO_FILE).is_file()]
    mine = studies_folder()
    if mine.is_dir():
        found = (path.parent for path in sorted(mine.glob(f"*/{INFO_FILE}")))
        # a folder being written beside its target starts with a dot
        folders += [folder for folder in found if not folder.name.startswith(".")]
    return [listed(folder) for folder in folders]


def listed(folder: Path) -> Listed:
    """Look at one study's ``study.toml``."""
    try:
        return Listed(folder.name, folder, read_info(folder))
    except AespaError as error:
        return Listed(folder.name, folder, None, str(error))


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
        If neither is there.
    """
    listing = {study.id: study.path for study in reversed(list_studies())}
    path = listing.get(name) or Path(name).expanduser()
    if not path.is_dir():
        known = ", ".join(sorted(listing)) or "none"
        raise StudyError(
            f"There is no study '{name}': give an id of `aespa study list` (here {known}), or the "
            "path of a study folder."
        )
    return path
