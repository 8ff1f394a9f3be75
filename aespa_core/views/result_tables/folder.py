"""All files of a set of tables, in one folder that appears whole or not at all."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.errors import ConfigError, FileError
from aespa_core.studies.atomic import replacing_folder
from aespa_core.target_folder import check_target
from aespa_core.views.exports import Origin
from aespa_core.views.result_tables.archive import NamedFile
from aespa_core.views.result_tables.data_files import as_json, csv_files
from aespa_core.views.result_tables.latex import latex_files
from aespa_core.views.result_tables.spreadsheet import CONTENTS, PROVENANCE, as_xlsx
from aespa_core.views.result_tables.web_page import as_html
from aespa_core.views.result_tables.word import as_docx

SUMS: Final = "SHA256SUMS"
# what a file system, a sheet of Excel and a label of LaTeX all take as a name
ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,29}")

Writer = Callable[[Sequence[ResultTable], Origin], list[NamedFile]]


def single(name: str, write: Callable[[Sequence[ResultTable], Origin], bytes]) -> Writer:
    """Make a writer of one file."""
    return lambda tables, provenance: [NamedFile(name, write(tables, provenance))]


FORMATS: Final[Mapping[str, Writer]] = MappingProxyType(
    {
        "csv": csv_files,
        "xlsx": single("tables.xlsx", as_xlsx),
        "latex": latex_files,
        "docx": single("tables.docx", as_docx),
        "html": single("tables.html", as_html),
        "json": single("tables.json", as_json),
    }
)


def files_of(
    tables: Sequence[ResultTable], provenance: Origin, formats: Sequence[str] = tuple(FORMATS)
) -> list[NamedFile]:
    """Write tables in the formats asked for.

    Raises
    ------
    ConfigError
        If a format is not known.
    ValueError
        If a table's id cannot be the name of a file and a sheet, or two tables have the same.
    """
    check_formats(formats)
    check_ids(tables)
    return [file for name in dict.fromkeys(formats) for file in FORMATS[name](tables, provenance)]


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format that is not known, and no format at all."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ConfigError(
            f"There is no format '{', '.join(unknown)}' of tables: "
            f"choose from {', '.join(FORMATS)}."
        )


def with_sums(files: Sequence[NamedFile]) -> list[NamedFile]:
    """Add the checksums of all files."""
    sums = "".join(f"{hashlib.sha256(file.content).hexdigest()}  {file.name}\n" for file in files)
    return [*files, NamedFile(SUMS, sums.encode())]


def check_ids(tables: Sequence[ResultTable]) -> None:
    """Refuse ids that could not all be names beside each other."""
    taken = {CONTENTS.lower(), PROVENANCE.lower(), "tables"}
    for table in tables:
        if not ID.fullmatch(table.id) or table.id.lower() in taken:
            raise ValueError(
                f"A table cannot be called '{table.id}': an id is a letter and up to 29 letters, "
                "digits, _ or -, and each table has its own."
            )
        taken.add(table.id.lower())


def write_files(files: Sequence[NamedFile], folder: Path) -> None:
    """Write files and their checksums; an earlier folder of this kind is replaced.

    Raises
    ------
    FileError
        If the folder holds something else, or cannot be written.
    """
    check_replaceable(folder)
    with replacing_folder(folder) as new:
        for file in with_sums(files):
            (new / file.name).write_bytes(file.content)


def check_replaceable(folder: Path) -> None:
    """Refuse a folder with anything in it that an earlier writing of files did not put there.

    Raises
    ------
    FileError
        If it holds something else, or cannot be a folder of its own.
    """
    check_target(folder, is_own, "a folder of results")


def is_own(folder: Path) -> bool:
    """Whether a folder's checksums name all that lies in it."""
    sums = folder / SUMS
    if not sums.is_file():
        return False
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines()
    listed = {line.partition("  ")[2] for line in lines}
    found = {path.name for path in folder.iterdir()}
    if foreign := sorted(found - listed - {SUMS}):
        raise FileError(
            f"{folder} holds {', '.join(foreign[:3])}{' and more' if len(foreign) > 3 else ''}, "
            "which no earlier writing of tables put there: choose a folder of its own."
        )
    return True
