"""Names of studies that ship; one's own may not have them, since a link could mean either."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final = frozenset({"atlas", "demo"})


def studies_folder() -> Path:
    """Folder for this user's studies: ``AESPA_STUDIES``, else ``studies/`` in the project."""
    return Path(os.environ.get("AESPA_STUDIES") or ROOT / "studies")


def shadows(folder: Path) -> bool:
    """Whether a folder lies among the user's studies and has the name of one that ships."""
    return folder.name in SHIPPED and folder.absolute().parent == studies_folder().absolute()


def shadowing_problem(folder: Path) -> tuple[str, str]:
    """Say so, and what to do."""
    return f"'{folder.name}' is the name of a study that ships", "rename the folder"
