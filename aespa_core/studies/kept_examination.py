"""What was found in a study, kept by its content: examined once for each time it was written.

The manifest holds the hash of every file, so that its own hash names the study's whole content; of
a study whose files are others, the manifest that it would have. Where it lies is not kept: it may
be moved. Findings are kept beside the program, never in the study: what comes with a study is not
trusted to speak for it.
"""

import hashlib
import json
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from aespa_core.errors import FileError, ManifestError
from aespa_core.studies.atomic import write_text
from aespa_core.studies.faults import Fault, Notice
from aespa_core.studies.manifest import manifest_text, read_bytes, unfit_files
from aespa_core.studies.validation import Examination, examine_content

FOLDER: Final = Path(__file__).resolve().parents[2] / "runs" / "validation"
ROOM: Final = Path(__file__).resolve().parent
# Findings of this process, newest last.
_known: dict[str, Examination] = {}
MOST_KNOWN: Final = 256
MOST_KEPT: Final = 500
# Files beside this room that judge along, and packages.
BESIDE: Final = ("errors.py", "file_faults.py", "names.py", "schema.py", "settings_file.py")
JUDGES: Final = ("geopandas", "numpy", "pandas", "pandera", "pyarrow", "pyproj", "shapely")


@cache
def rules_version() -> str:
    """Hash of the rules by which studies are examined: other rules find other things."""
    digest = hashlib.sha256()
    for path in (*sorted(ROOM.glob("*.py")), *(ROOM.parent / name for name in BESIDE)):
        digest.update(path.read_bytes())
    # what reads and judges beside us judges otherwise in another version
    for name in JUDGES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


def key_of(study: Path) -> str:
    """Name what is found in a study whose files are those of its manifest.

    Raises
    ------
    ManifestError
        If it has none that can be read.
    """
    return key_of_content(read_bytes(study))


def key_of_content(manifest: bytes) -> str:
    """Name what is found in a study by the manifest of its files."""
    digest = hashlib.sha256(rules_version().encode())
    digest.update(manifest)
    return digest.hexdigest()


def examined(study: Path) -> Examination:
    """Give what is found in a study whose files are those of its manifest.

    Raises
    ------
    StudyError
        If there is no study at all.
    """
    return found_by(key_of(study), study)


def examined_as_it_is(study: Path) -> Examination:
    """Give what is found inside a study whose files are others than its manifest's.

    Raises
    ------
    StudyError
        If there is no study at all.
    """
    try:
        if unfit_files(study):
            # what may not be there is not read for a key, either
            return examine_content(study)
        key = key_of_content(manifest_text(study).encode())
    except (ManifestError, OSError):
        return examine_content(study)
    return found_by(key, study)


def found_by(key: str, study: Path) -> Examination:
    """Give what is known by a key, or find it."""
    if key not in _known:
        found = read_kept(key)
        if found is None:
            found = examine_content(study)
            keep(key, found)
        while len(_known) >= MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
        _known[key] = found
    return _known[key]


def read_kept(key: str) -> Examination | None:
    """Read findings that an earlier process kept; None where there are none, or not whole."""
    try:
        words = json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))
        return Examination(
            tuple(Fault(**as_fields(entry)) for entry in words["faults"]),
            tuple(Notice(**entry) for entry in words["notices"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def as_fields(entry: dict[str, Any]) -> dict[str, Any]:
    """Turn the lists of JSON into the tuples of a fault."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def keep(key: str, found: Examination) -> None:
    """Keep findings for other processes; where the folder cannot be written they examine again."""
    words = {
        "faults": [asdict(fault) for fault in found.faults],
        "notices": [asdict(notice) for notice in found.notices],
    }
    try:
        write_text(FOLDER / f"{key}.json", json.dumps(words))
        forget_oldest()
    except (FileError, OSError):
        return


def forget_oldest() -> None:
    """Take away the oldest findings where there are many: those of studies that are no more."""
    files = list(FOLDER.glob("*.json"))
    if len(files) <= MOST_KEPT + MOST_KEPT // 10:
        return
    for path in sorted(files, key=written_at)[: len(files) - MOST_KEPT]:
        path.unlink(missing_ok=True)


def written_at(path: Path) -> int:
    """Tell when a file was written; one that another process has just taken away counts as old."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
