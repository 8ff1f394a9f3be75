"""Which studies are refused, as far as it is known without opening any."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from aespa_core.errors import ManifestError, StudyError
from aespa_core.studies import kept_examination
from aespa_core.studies.faults import Fault
from aespa_core.studies.folder import refusal

# Refusals that this process met: study and the time at which it was written → sentence.
_met: dict[tuple[str, float], str] = {}
MOST_MET: Final = 512


class RefusedStudyError(StudyError):
    """A study that is not opened; ``path`` is its folder, ``faults`` all that was found in it."""

    def __init__(self, path: Path, sentence: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(sentence)
        self.path, self.faults = path, faults


def remember(path: str, version: float, sentence: str | None) -> None:
    """Note how opening a study ended: with a refusal, or None where it was opened."""
    _met.pop((path, version), None)
    if sentence is None:
        return
    while len(_met) >= MOST_MET:
        _met.pop(next(iter(_met)), None)
    _met[path, version] = sentence


def known_refusal(path: str, version: float) -> str | None:
    """Say why a study is refused; None where it is sound, or nobody has opened it yet.

    Parameters
    ----------
    path, version
        Folder of the study, and the time at which it was last written.
    """
    if (path, version) in _met:
        return _met[path, version]
    key = manifest_key(path, version)
    if key is None:
        return None
    findings = kept_examination.FOLDER / f"{key}.json"
    try:
        return kept_refusal(path, key, findings.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=512)
def manifest_key(path: str, version: float) -> str | None:
    """Name under which findings are kept; None where there is no manifest that could be read."""
    try:
        return kept_examination.key_of(Path(path))
    except ManifestError:
        return None


@lru_cache(maxsize=512)
def kept_refusal(path: str, key: str, changed_ns: int) -> str | None:
    """Read findings once for each time they were kept."""
    found = kept_examination.read_kept(key)
    return refusal(Path(path), found.faults) if found is not None and found.faults else None
