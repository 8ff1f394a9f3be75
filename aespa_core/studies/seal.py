"""Write a study's manifest anew after a change by hand, if all in the study is well."""

import json
from dataclasses import dataclass
from pathlib import Path

from aespa_core.errors import ManifestError
from aespa_core.studies.atomic import write_text
from aespa_core.studies.changed_files import strange_entries
from aespa_core.studies.info import info_path
from aespa_core.studies.manifest import MANIFEST, manifest_text, read_manifest, read_words
from aespa_core.studies.validation import Examination, examine_content, with_shadowing


@dataclass(frozen=True)
class Sealed:
    """What became of a study that was to be sealed.

    Attributes
    ----------
    found
        What is wrong in it, and what its readers must know; with a fault nothing is written.
    files
        How many files the manifest lists now.
    changed, added, gone
        Files that are others than before, that are new, and that are no more.
    had_manifest
        Whether there was a manifest before that could be read.
    """

    found: Examination
    files: int = 0
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    had_manifest: bool = True

    def sentence(self, folder: Path) -> str:
        """Say what was written."""
        start = f"{folder}: the manifest lists {self.files:,} files"
        if not self.had_manifest:
            return f"{start}; there was none before that could be read."
        if not (self.changed or self.added or self.gone):
            return f"{start}, as before: none was changed, added or taken away."
        return (
            f"{start} and is new: {len(self.changed):,} changed, {len(self.added):,} added, "
            f"{len(self.gone):,} taken away."
        )


def seal_study(folder: Path) -> Sealed:
    """Examine a study without its manifest and, where it has no fault, write the manifest anew.

    What a manifest says beside the hashes stays.

    Raises
    ------
    StudyError
        If there is no study at all.
    FileError
        If the manifest cannot be written.
    """
    info_path(folder)
    if strange_entries(folder):
        # what may not be there is not read
        return Sealed(placed(folder))
    try:
        words, old = read_words(folder), read_manifest(folder)
    except ManifestError:
        words, old = {}, None
    # before the examination: what is changed while it runs is noticed afterwards
    new = json.loads(manifest_text(folder))["sha256"]
    found = placed(folder)
    if found.faults:
        return Sealed(found)
    write_text(folder / MANIFEST, json.dumps(words | {"sha256": new}, indent=1) + "\n")
    before = old or {}
    return Sealed(
        found,
        len(new),
        tuple(sorted(name for name in new.keys() & before.keys() if new[name] != before[name])),
        tuple(sorted(new.keys() - before.keys())),
        tuple(sorted(before.keys() - new.keys())),
        old is not None,
    )


def placed(folder: Path) -> Examination:
    """Give what is wrong in a study whatever its manifest says, its name among others, too."""
    return with_shadowing(folder, examine_content(folder))
