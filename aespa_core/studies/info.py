"""``study.toml``: what a study says of itself, read with every fault named."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aespa_core.errors import ConfigError, StudyError
from aespa_core.names import ascii_controls, shown
from aespa_core.settings_file import read_toml
from aespa_core.studies.atomic import write_text
from aespa_core.studies.manifest import leads_outside
from aespa_core.studies.nearest_name import nearest_name

KINDS: Final = ("simulated", "observed", "estimated")
INFO_FILE: Final = "study.toml"
TEXT_KEYS: Final = ("name", "kind", "vintage")
LIST_KEYS: Final = ("licences", "sources", "notes")
LONGEST_NAME: Final = 200
ONE_LINE: Final = f"write one line of at most {LONGEST_NAME} characters"


@dataclass(frozen=True)
class StudyInfo:
    """What ``study.toml`` says of a study.

    Attributes
    ----------
    name
        Name on screen.
    kind
        ``simulated``, ``observed`` or ``estimated``.
    vintage
        Year of the tract geography and of the data, in words.
    licences, sources
        One sentence each, shown with every export.
    notes
        What a reader must know: gaps, counts of missing values, what was mended.
    """

    name: str
    kind: str
    vintage: str
    licences: tuple[str, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class InfoFault:
    """One thing wrong with ``study.toml``: the key (None for the file), its value, and the cure."""

    key: str | None
    value: str | None
    problem: str
    remedy: str


def info_path(folder: Path) -> Path:
    """Path of a study's ``study.toml``.

    Raises
    ------
    StudyError
        If the folder is missing or is a file, or has no ``study.toml``.
    """
    if not folder.exists():
        raise StudyError(f"There is no folder {folder}: give the path of a study folder.")
    if not folder.is_dir():
        raise StudyError(f"{folder} is a file: a study is a folder with a {INFO_FILE} in it.")
    path = folder / INFO_FILE
    if not path.is_file():
        names = (entry.name for entry in folder.glob("*") if entry.is_file())
        meant = next((name for name in sorted(names) if name.lower().startswith(INFO_FILE)), None)
        cure = f"rename '{meant}' to that" if meant else "a study folder starts with one"
        raise StudyError(f"{folder} has no {INFO_FILE}: {cure}.")
    if leads_outside(path, folder):
        raise StudyError(f"{path} leads out of the study: copy what it leads to into the study.")
    return path


def read_fields(path: Path) -> dict[str, Any]:
    """Parse ``study.toml``.

    Raises
    ------
    StudyError
        If it is not TOML, or is larger or deeper than any study's.
    """
    try:
        return read_toml(path, f"a {INFO_FILE}", f"a study folder starts with a {INFO_FILE}")
    except ConfigError as error:
        raise StudyError.of(path, error.problem, error.remedy) from error


def info_faults(fields: dict[str, Any]) -> list[InfoFault]:
    """List every fault of the parsed fields: unknown and missing keys, wrong kinds of value."""
    known = (*TEXT_KEYS, *LIST_KEYS)
    lacking = [key for key in known if key not in fields]
    meant = {key: nearest_name(key, lacking) for key in fields if key not in known}
    faults = [unknown_key(key, meant[key], known) for key in meant]
    faults += [
        InfoFault(key, None, f"the key '{key}' is missing", "add it")
        for key in lacking
        if key != "notes" and key not in meant.values()
    ]
    faults += [
        InfoFault(key, shown(fields[key]), f"'{key}' is not text", "put it in quotes")
        for key in TEXT_KEYS
        if key in fields and not isinstance(fields[key], str)
    ]
    faults += [
        InfoFault(
            key, shown(fields[key]), f"'{key}' is not a list of texts", f'write {key} = ["…", "…"]'
        )
        for key in LIST_KEYS
        if key in fields and not is_list_of_text(fields[key])
    ]
    faults += [
        InfoFault(key, shown(fields[key]), f"'{key}' is not one short line", ONE_LINE)
        for key in TEXT_KEYS
        if isinstance(fields.get(key), str) and not is_short_line(fields[key])
    ]
    kind = fields.get("kind")
    if isinstance(kind, str) and kind not in KINDS:
        remedy = f"must be one of {', '.join(KINDS)}"
        faults.append(InfoFault("kind", shown(kind), f"kind is {shown(kind)}", remedy))
    return faults


def unknown_key(key: str, meant: str | None, known: Sequence[str]) -> InfoFault:
    """Name a key that nobody reads, and the missing one that it may be."""
    remedy = f"rename it to '{meant}'" if meant else f"remove it; known keys are {', '.join(known)}"
    return InfoFault(key, None, f"unknown key {shown(key)}", remedy)


def is_short_line(text: str) -> bool:
    """Whether a text is a name that fits on a page: one line, not empty, no controls in it."""
    return bool(text.strip()) and len(text) <= LONGEST_NAME and ascii_controls(text) == text


def is_list_of_text(value: object) -> bool:
    """Whether a TOML value is a list that holds nothing but text."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def read_info(folder: Path) -> StudyInfo:
    """Read ``study.toml``.

    Raises
    ------
    StudyError
        If the folder or the file is missing, or a key is missing, unknown or of the wrong kind.
    """
    path = info_path(folder)
    fields = read_fields(path)
    if faults := info_faults(fields):
        raise StudyError(f"{path}: {'; '.join(f'{f.problem} ({f.remedy})' for f in faults)}.")
    return StudyInfo(
        name=fields["name"],
        kind=fields["kind"],
        vintage=fields["vintage"],
        licences=tuple(fields["licences"]),
        sources=tuple(fields["sources"]),
        notes=tuple(fields.get("notes", ())),
    )


def write_info(folder: Path, info: StudyInfo) -> None:
    """Write ``study.toml`` atomically."""
    write_text(folder / INFO_FILE, info_as_toml(info))


def info_as_toml(info: StudyInfo) -> str:
    """Write a :class:`StudyInfo` as TOML; JSON strings are valid TOML basic strings."""
    return "".join(
        f"{field} = {toml_value(getattr(info, field))}\n"
        for field in StudyInfo.__dataclass_fields__
    )


def toml_value(value: str | tuple[str, ...]) -> str:
    """Quote a string, or a list of strings one a line."""
    if isinstance(value, str):
        # the one character that JSON takes as it is and TOML does not
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[\n" + "".join(f"  {toml_value(item)},\n" for item in value) + "]"
