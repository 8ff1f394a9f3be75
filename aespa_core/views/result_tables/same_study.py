"""Whose results a folder holds: those of other studies are replaced only where that is asked."""

from collections.abc import Sequence
from pathlib import Path

from aespa_core.errors import AespaError, FileError
from aespa_core.file_faults import short_path
from aespa_core.names import shown
from aespa_core.settings_file import read_toml
from aespa_core.studies.catalogue import find_study


def check_same_study(folder: Path, file: str, key: str, studies: Sequence[str]) -> None:
    """Refuse a folder of results that tell of another kind of question or of other studies.

    Parameters
    ----------
    folder
        Where results go; it need not exist.
    file
        The file that each folder of these results holds: the question, in TOML.
    key
        Its key for the study, or the studies.
    studies
        Those that are asked for now, by id or path.

    Raises
    ------
    FileError
        If it holds results of others.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    cure = "choose another folder with --out, or add --overwrite to replace them"
    name = short_path(folder)
    if not (folder / file).is_file():
        raise FileError(f"{name} holds results of another kind, without {file}: {cure}.")
    given = read_toml(folder / file, "a question", cure).get(key, "")
    before = [str(text) for text in (given if isinstance(given, list) else [given])]
    if {place_or_name(text) for text in before} != {place_or_name(text) for text in studies}:
        words = ", ".join(map(shown, before)) or "another study"
        raise FileError(f"{name} holds results of {words}: {cure}.")


def place_or_name(study: str) -> str:
    """Where a study lies; of one that is no more its name."""
    try:
        return str(find_study(study).resolve())
    except (AespaError, OSError):
        return study
