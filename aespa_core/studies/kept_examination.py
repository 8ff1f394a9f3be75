"""What was found in a study, kept by its manifest: examined once for each time it was written.

The manifest holds the hash of every file, so that its own hash names the study's whole content.
Findings are kept beside the program, never in the study: what comes with a study is not trusted to
speak for it.
"""

import hashlib
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from aespa_core.errors import FileError
from aespa_core.studies.atomic import write_text
from aespa_core.studies.faults import Fault, Notice
from aespa_core.studies.manifest import MANIFEST
from aespa_core.studies.validation import Examination, examine

FOLDER: Final = Path(__file__).resolve().parents[2] / "runs" / "validation"
ROOM: Final = Path(__file__).resolve().parent
# Findings of this process, newest last.
_known: dict[str, Examination] = {}
MOST_KNOWN: Final = 256


@cache
def rules_version() -> str:
    """Hash of the rules by which studies are examined: other rules find other things."""
    digest = hashlib.sha256()
    for path in (*sorted(ROOM.glob("*.py")), ROOM.parent / "schema.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(study: Path) -> str:
    """Name what is found in a study whose files are those of its manifest."""
    digest = hashlib.sha256(rules_version().encode())
    digest.update((study / MANIFEST).read_bytes())
    return digest.hexdigest()


def examined(study: Path) -> Examination:
    """Give what is found in a study whose files are those of its manifest.

    Raises
    ------
    StudyError
        If there is no study at all.
    """
    key = key_of(study)
    if key not in _known:
        found = read_kept(key)
        if found is None:
            found = examine(study)
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
    except FileError:
        return
