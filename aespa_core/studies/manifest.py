"""``manifest.json``: the sha256 of every file of a study, so that an edited file is noticed."""

import hashlib
import json
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aespa_core.errors import ManifestError
from aespa_core.names import shown
from aespa_core.studies.atomic import write_text

MANIFEST: Final = "manifest.json"
MOST_BYTES: Final = 20_000_000
# So many names with their hashes fill those bytes; a simulated study of eight metros has some ten
# thousands of pictures.
MOST_FILES: Final = 200_000
LARGEST_FILE: Final = 2_000_000_000
# What file managers and archives leave beside files, which nobody reads.
LITTER: Final = frozenset({"Thumbs.db", "desktop.ini", "Desktop.ini", "ehthumbs.db", "Icon\r"})
LITTER_FOLDERS: Final = frozenset({"__MACOSX", "$RECYCLE.BIN", "System Volume Information"})


def sha256_of(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path, entries: Sequence[Path] | None = None) -> Iterator[Path]:
    """Every file below a study folder but the manifest and what file managers leave, in order.

    ``entries`` is what lies below it where that is known already.
    """
    return (
        path
        for path in (entries_of(folder) if entries is None else entries)
        if path.is_file()
        and path.name != MANIFEST
        and path.name not in LITTER
        and not path.name.startswith(".")
        and not LITTER_FOLDERS & set(path.relative_to(folder).parts[:-1])
    )


def entries_of(folder: Path) -> list[Path]:
    """All that lies below a study folder, in order.

    Raises
    ------
    ManifestError
        If folders are nested as deep as no study's are.
    """
    try:
        return sorted(folder.rglob("*"))
    except RecursionError:
        problem = "has folders nested hundreds of levels deep"
        raise ManifestError.of(folder, problem, "take them out") from None


def leads_outside(path: Path, folder: Path) -> bool:
    """Whether a path is a link that leads out of a study folder, or nowhere."""
    if not path.is_symlink():
        return False
    try:
        return not path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        # leads nowhere, or in a circle
        return True


def write_manifest(folder: Path) -> None:
    """Record the sha256 of every file below the folder."""
    write_text(folder / MANIFEST, manifest_text(folder))


def manifest_text(
    folder: Path, new: Mapping[Path, Path] | None = None, gone: Collection[Path] = ()
) -> str:
    """Put the sha256 of every file below a folder into a manifest.

    Parameters
    ----------
    folder
        The study.
    new
        Files that are about to be replaced → where their new content lies.
    gone
        Files that are about to be taken away.
    """
    now = {path: path for path in files_of(folder)} | dict(new or {})
    hashes = {
        path.relative_to(folder).as_posix(): sha256_of(content)
        for path, content in sorted(now.items())
        if path not in gone
    }
    return json.dumps({"sha256": hashes}, indent=1) + "\n"


def read_manifest(folder: Path) -> dict[str, str]:
    """Read file → sha256.

    Raises
    ------
    ManifestError
        If the manifest is missing or is not the JSON that :func:`write_manifest` writes.
    """
    path = folder / MANIFEST
    hashes = read_words(folder).get("sha256")
    if not isinstance(hashes, dict) or not all(isinstance(v, str) for v in hashes.values()):
        raise ManifestError.of(path, "does not map file names to hashes", seal_command(folder))
    if len(hashes) > MOST_FILES:
        problem = f"lists {len(hashes):,} files, more than the {MOST_FILES:,} that a study may have"
        raise ManifestError.of(path, problem, seal_command(folder))
    return hashes


def read_words(folder: Path) -> dict[str, Any]:
    """Read all that a manifest says.

    Raises
    ------
    ManifestError
        As :func:`read_bytes`, or if it is deeper than any manifest, or no JSON of the right kind.
    """
    path, remedy, content = folder / MANIFEST, seal_command(folder), read_bytes(folder)
    try:
        words = json.loads(content.decode("utf-8-sig"))
    except RecursionError:
        raise ManifestError.of(path, "is nested too deep", remedy) from None
    except ValueError as error:
        raise ManifestError.of(path, f"is not a manifest ({short(error)})", remedy) from error
    if not isinstance(words, dict):
        raise ManifestError.of(path, "is not a manifest (it is no table of names)", remedy)
    return words


def read_bytes(folder: Path) -> bytes:
    """Read the manifest as it is stored; every reader of one comes by here.

    Raises
    ------
    ManifestError
        If it is missing or unreadable, leads out of the study, or is larger than any manifest.
    """
    path, remedy = folder / MANIFEST, seal_command(folder)
    if leads_outside(path, folder):
        raise ManifestError.of(path, "is a link that leads out of the study", remedy)
    if not path.is_file():
        raise ManifestError.of(path, "is missing", remedy)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ManifestError.of(path, f"is not a manifest ({short(error)})", remedy) from error
    if len(content) > MOST_BYTES:
        problem = f"is larger than {MOST_BYTES / 1e6:g} MB, as no manifest is"
        raise ManifestError.of(path, problem, remedy)
    return content


def seal_command(folder: Path) -> str:
    """Name what writes a manifest anew."""
    return f"run `aespa study seal {quoted(folder)}`"


def quoted(folder: Path) -> str:
    """Write a path as it is typed on a command line."""
    return shlex.quote(str(folder))


def manifest_faults(folder: Path) -> dict[str, list[str]]:
    """Compare the files of a study with its manifest.

    Returns
    -------
    dict
        Problem → names of the files that have it, in order. A problem is outside (a link that leads
        out of the study), too large, changed, missing, unlisted or unreadable.

    Raises
    ------
    ManifestError
        If there is no manifest that can be read, or folders are nested as deep as no study's are.
    """
    listed = read_manifest(folder)
    entries = entries_of(folder)
    present = {path.relative_to(folder).as_posix(): path for path in files_of(folder, entries)}
    unfit = unfit_files(folder, entries)
    unhashed = {name for names in unfit.values() for name in names}
    found: dict[str, list[str]] = {"changed": [], "unreadable": []}
    for name in listed.keys() & present.keys() - unhashed:
        problem = compared(present[name], listed[name])
        if problem:
            found[problem].append(name)
    found["missing"] = list(listed.keys() - present.keys() - unhashed)
    found["unlisted"] = list(present.keys() - listed.keys() - unhashed)
    return unfit | {problem: sorted(names) for problem, names in sorted(found.items()) if names}


def compared(path: Path, sha256: str) -> str:
    """Say what is wrong with a file that the manifest lists; nothing where it is that file."""
    try:
        return "" if sha256_of(path) == sha256 else "changed"
    except OSError:
        return "unreadable"


def unfit_files(folder: Path, entries: Sequence[Path] | None = None) -> dict[str, list[str]]:
    """Find what no study may hold, whatever its manifest says: links that lead out, huge files.

    As :func:`manifest_faults` gives it.
    """
    entries = entries_of(folder) if entries is None else entries
    outside = {path for path in entries if leads_outside(path, folder)}
    large = [
        path
        for path in files_of(folder, entries)
        if path not in outside and path.stat().st_size > LARGEST_FILE
    ]
    found = {"outside": outside, "too large": large}
    return {
        problem: sorted(path.relative_to(folder).as_posix() for path in paths)
        for problem, paths in found.items()
        if paths
    }


def short(error: Exception) -> str:
    """Say what a reader of JSON found, in a few words."""
    return shown(str(error))[1:-1]
