"""Where studies are found: the atlas that ships, and the folders under ``AESPA_STUDIES``."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aespa_core.errors import AespaError
from aespa_core.studies.folder import INFO_FILE, StudyInfo, read_info

ROOT: Final = Path(__file__).resolve().parents[2]
ATLAS: Final = ROOT / "assets" / "atlas"


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
    """Every study that can be shown, the atlas first; a broken one is listed with its problem."""
    folders = [ATLAS] if (ATLAS / INFO_FILE).is_file() else []
    mine = studies_folder()
    if mine.is_dir():
        folders += [path.parent for path in sorted(mine.glob(f"*/{INFO_FILE}"))]
    return [listed(folder) for folder in folders]


def listed(folder: Path) -> Listed:
    """Look at one study's ``study.toml``."""
    try:
        return Listed(folder.name, folder, read_info(folder))
    except AespaError as error:
        return Listed(folder.name, folder, None, str(error))
