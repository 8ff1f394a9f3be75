"""Read and write a study folder."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow

from aespa_core.errors import ManifestError, StudyError
from aespa_core.studies.atomic import write_parquet, write_text
from aespa_core.studies.manifest import manifest_faults, write_manifest
from aespa_core.studies.tables import ATLAS_TABLES, PLACE_TABLES

KINDS: Final = ("simulated", "observed", "estimated")
INFO_FILE: Final = "study.toml"
GEOGRAPHIC_TABLES: Final = ("tracts",)


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
class Study:
    """A study on disk whose manifest held when it was opened; tables are read on demand."""

    path: Path
    info: StudyInfo

    @property
    def tables(self) -> tuple[str, ...]:
        """Ids of the tables that the study has."""
        declared = ATLAS_TABLES if self.info.kind == "estimated" else PLACE_TABLES
        return tuple(name for name in declared if (self.path / f"{name}.parquet").is_file())

    @property
    def runs(self) -> tuple[str, ...]:
        """Ids of the model runs under ``estimates/``."""
        return tuple(path.stem for path in sorted((self.path / "estimates").glob("*.parquet")))

    def read(self, table: str) -> pd.DataFrame:
        """Read one table by id; ``tracts`` comes with its geometry."""
        return read_table(self.path / f"{table}.parquet", geographic=table in GEOGRAPHIC_TABLES)

    def read_run(self, run: str) -> pd.DataFrame:
        """Read the estimates of one model run."""
        return read_table(self.path / "estimates" / f"{run}.parquet")


def read_table(path: Path, *, geographic: bool = False) -> pd.DataFrame:
    """Read a Parquet file, or say in one sentence why it cannot be read.

    Raises
    ------
    StudyError
        If the file is missing or is not Parquet (GeoParquet where a geometry is expected).
    """
    if not path.is_file():
        raise StudyError(f"{path} is missing: write the study again, or run its build command.")
    try:
        return gpd.read_parquet(path) if geographic else pd.read_parquet(path)
    except (pyarrow.ArrowException, ValueError, OSError) as error:
        reason = str(error).splitlines()[0]
        kind = "GeoParquet" if geographic else "Parquet"
        raise StudyError(f"{path} is not readable {kind} ({reason}): write it again.") from error


def read_info(folder: Path) -> StudyInfo:
    """Read ``study.toml``.

    Raises
    ------
    StudyError
        If the folder or the file is missing, or a key is missing, unknown or of the wrong kind.
    """
    if not folder.exists():
        raise StudyError(f"There is no folder {folder}: give the path of a study folder.")
    if not folder.is_dir():
        raise StudyError(f"{folder} is a file: a study is a folder with a {INFO_FILE} in it.")
    path = folder / INFO_FILE
    if not path.is_file():
        raise StudyError(f"{folder} has no {INFO_FILE}: a study folder starts with one.")
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{path} is not TOML ({error}): correct that line.") from error
    known = StudyInfo.__dataclass_fields__.keys()
    if unknown := fields.keys() - known:
        raise StudyError(f"{path} has unknown keys {sorted(unknown)}: known are {sorted(known)}.")
    if missing := known - fields.keys() - {"notes"}:
        raise StudyError(f"{path} lacks {sorted(missing)}: add them.")
    if fields["kind"] not in KINDS:
        raise StudyError(f"{path}: kind is '{fields['kind']}', must be one of {', '.join(KINDS)}.")
    return StudyInfo(
        name=str(fields["name"]),
        kind=fields["kind"],
        vintage=str(fields["vintage"]),
        licences=tuple(fields["licences"]),
        sources=tuple(fields["sources"]),
        notes=tuple(fields.get("notes", ())),
    )


def open_study(folder: Path) -> Study:
    """Open a study after checking that its files are those of its manifest.

    Raises
    ------
    StudyError
        If ``study.toml`` does not hold.
    ManifestError
        If a file was changed, added or taken away since the study was written.
    """
    info = read_info(folder)
    if faults := manifest_faults(folder):
        first = faults[0]
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise ManifestError(
            f"{folder / first.file} is {first.problem}{more} against manifest.json: "
            "run `aespa study validate` for the whole list, or write the study again."
        )
    return Study(folder, info)


def write_study(
    folder: Path,
    info: StudyInfo,
    tables: Mapping[str, pd.DataFrame],
    runs: Mapping[str, pd.DataFrame] | None = None,
) -> Study:
    """Write tables, ``study.toml`` and the manifest, the manifest last.

    Parameters
    ----------
    folder
        Made if it is missing; files of the same name are replaced.
    info
        Contents of ``study.toml``.
    tables
        Table id → rows.
    runs
        Model run → estimates.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table)
    for run, table in (runs or {}).items():
        write_parquet(folder / "estimates" / f"{run}.parquet", table)
    write_text(folder / INFO_FILE, info_as_toml(info))
    write_manifest(folder)
    return open_study(folder)


def info_as_toml(info: StudyInfo) -> str:
    """Write a :class:`StudyInfo` as TOML; JSON strings are valid TOML basic strings."""
    return "".join(
        f"{field} = {toml_value(getattr(info, field))}\n" for field in StudyInfo.__dataclass_fields__
    )


def toml_value(value: str | tuple[str, ...]) -> str:
    """Quote a string, or a list of strings one a line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + "".join(f"  {json.dumps(item, ensure_ascii=False)},\n" for item in value) + "]"
