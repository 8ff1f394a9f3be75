"""The one form of every benchmark table, ``assets/benchmarks/<name>.csv``."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core import __version__
from aespa_core.errors import FileError
from aespa_core.studies.atomic import write_text
from aespa_core.studies.catalogue import ROOT
from aespa_core.target_folder import check_shared

FOLDER: Final = ROOT / "assets" / "benchmarks"


@dataclass(frozen=True)
class Row:
    """One number of a benchmark.

    Attributes
    ----------
    study, method, metro, split, target, metric
        Plain ids; ``metro`` is ``all`` where a study is pooled.
    seed
        Seed of the run.
    value, unit
        The number and its unit.
    """

    study: str
    method: str
    metro: str
    split: str
    target: str
    seed: int
    metric: str
    value: float
    unit: str


def machine_words() -> str:
    """Say on what machine a benchmark ran, without naming it."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def check_folder(name: str, folder: Path | None) -> None:
    """Refuse a folder for a table that cannot take it, before the benchmark runs.

    Raises
    ------
    FileError
        If it is none, cannot be written, or a file of the table's name is no table of ours.
    """
    place = folder or FOLDER
    check_shared(place)
    path = place / f"{name}.csv"
    try:
        with path.open("rb") as file:
            head = file.readline(1_000).decode("utf-8", "replace").strip().split(",")
    except FileNotFoundError:
        return
    if not {field.name for field in fields(Row)} <= set(head):
        raise FileError(
            f"{path} is no table of a benchmark: choose another folder with --out, or move it away."
        )


def write_rows(name: str, rows: Iterable[Row], folder: Path | None = None) -> Path:
    """Write a benchmark's table with code version and machine words beside each row."""
    table = pd.DataFrame([asdict(row) for row in rows])
    table["code_version"] = __version__
    table["machine"] = machine_words()
    path = (folder or FOLDER) / f"{name}.csv"
    write_text(path, table.to_csv(index=False))
    return path


def replace_rows(name: str, study: str, rows: Iterable[Row], folder: Path | None = None) -> Path:
    """Write the rows of one study; those of other studies in the same table stay."""
    path = (folder or FOLDER) / f"{name}.csv"
    table = pd.DataFrame([asdict(row) for row in rows])
    table["code_version"] = __version__
    table["machine"] = machine_words()
    if path.is_file():
        old = read_rows(name, folder)
        table = pd.concat([old[old["study"] != study], table], ignore_index=True)
    write_text(path, table.to_csv(index=False))
    return path


def read_rows(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Read a benchmark's table.

    Raises
    ------
    FileNotFoundError
        If the benchmark has not been run.
    """
    return pd.read_csv((folder or FOLDER) / f"{name}.csv")
