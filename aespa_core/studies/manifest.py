"""``manifest.json``: the sha256 of every file of a study, so that an edited file is noticed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aespa_core.errors import ManifestError
from aespa_core.studies.atomic import write_text

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class ManifestFault:
    """One file that is not as the manifest says; ``problem`` is changed, missing or unlisted."""

    file: str
    problem: str


def sha256_of(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path) -> Iterator[Path]:
    """Every file below a study folder but the manifest, in a fixed order."""
    return (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST and not path.name.startswith(".")
    )


def write_manifest(folder: Path) -> None:
    """Record the sha256 of every file below the folder."""
    hashes = {path.relative_to(folder).as_posix(): sha256_of(path) for path in files_of(folder)}
    write_text(folder / MANIFEST, json.dumps({"sha256": hashes}, indent=1) + "\n")


def read_manifest(folder: Path) -> dict[str, str]:
    """Read file → sha256.

    Raises
    ------
    ManifestError
        If the manifest is missing or is not the JSON that :func:`write_manifest` writes.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ManifestError(f"{path} is missing: write the study again, or run its build command.")
    try:
        hashes = json.loads(path.read_text(encoding="utf-8"))["sha256"]
    except (json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ManifestError(
            f"{path} is not a manifest ({error}): write the study again."
        ) from error
    if not isinstance(hashes, dict) or not all(isinstance(v, str) for v in hashes.values()):
        raise ManifestError(f"{path} does not map file names to hashes: write the study again.")
    return hashes


def manifest_faults(folder: Path) -> list[ManifestFault]:
    """Compare the files of a study with its manifest."""
    listed = read_manifest(folder)
    present = {path.relative_to(folder).as_posix(): path for path in files_of(folder)}
    faults = [ManifestFault(name, "missing") for name in sorted(listed.keys() - present.keys())]
    faults += [ManifestFault(name, "unlisted") for name in sorted(present.keys() - listed.keys())]
    faults += [
        ManifestFault(name, "changed")
        for name in sorted(listed.keys() & present.keys())
        if sha256_of(present[name]) != listed[name]
    ]
    return faults
