"""Read and write a study folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError

from aespa_core.errors import ManifestError, StudyError
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.declared import DECLARED
from aespa_core.studies.info import INFO_FILE, KINDS, StudyInfo, read_info, write_info
from aespa_core.studies.manifest import manifest_faults, write_manifest
from aespa_core.studies.run_tables import EXPLANATIONS, RUN_TABLES

GEOGRAPHIC_TABLES: Final = ("tracts",)
# What the readers raise on a garbled file: bytes, types, geometry and CRS, in that order.
UNREADABLE: Final = (pyarrow.ArrowException, OSError, ValueError, ShapelyError, ProjError)
__all__ = (
    "INFO_FILE",
    "KINDS",
    "Study",
    "StudyInfo",
    "add_explanations",
    "add_run",
    "open_study",
    "read_info",
    "read_table",
    "write_study",
)


@dataclass(frozen=True)
class Study:
    """A study on disk whose manifest held when it was opened; tables are read on demand."""

    path: Path
    info: StudyInfo

    @property
    def tables(self) -> tuple[str, ...]:
        """Ids of the tables that the study has."""
        return tuple(
            name for name in DECLARED[self.info.kind] if (self.path / f"{name}.parquet").is_file()
        )

    @property
    def runs(self) -> tuple[str, ...]:
        """Ids of the model runs under ``estimates/``."""
        return tuple(path.stem for path in sorted((self.path / "estimates").glob("*.parquet")))

    def read(self, table: str) -> pd.DataFrame:
        """Read one table by id; ``tracts`` comes with its geometry."""
        return read_table(self.path / f"{table}.parquet", geographic=table in GEOGRAPHIC_TABLES)

    def read_run(self, run: str, table: str = "estimates") -> pd.DataFrame:
        """Read a table of one model run; of an atlas, which is one run, ``run`` is not asked."""
        return read_table(self.run_file(run, table))

    def read_tract(self, run: str, table: str, geoid: str) -> pd.DataFrame:
        """Read one tract's rows of a table of a model run; the others stay on disk."""
        return read_table(self.run_file(run, table), geoid=geoid)

    def run_tables(self, run: str) -> tuple[str, ...]:
        """Ids of the tables that a model run has left."""
        return tuple(name for name in RUN_TABLES if self.run_file(run, name).is_file())

    def run_file(self, run: str, table: str) -> Path:
        """File of a table of a model run."""
        atlas = self.info.kind == "estimated"
        return self.path / (f"{table}.parquet" if atlas else f"{table}/{run}.parquet")


def read_table(path: Path, *, geographic: bool = False, geoid: str | None = None) -> pd.DataFrame:
    """Read a Parquet file, or one tract's rows of it, or say in a sentence why that cannot be.

    Raises
    ------
    StudyError
        If the file is missing or is not Parquet (GeoParquet where a geometry is expected).
    """
    if not path.is_file():
        raise StudyError(f"{path} is missing: write the study again, or run its build command.")
    try:
        if geographic:
            return gpd.read_parquet(path)
        return pd.read_parquet(path, filters=geoid and [("geoid", "==", geoid)])
    except UNREADABLE as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        kind = "GeoParquet" if geographic else "Parquet"
        raise StudyError(f"{path} is not readable {kind} ({reason}): write it again.") from error


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
    runs: Mapping[str, Mapping[str, pd.DataFrame]] | None = None,
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
        Model run → its tables by id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table)
    for run, own in (runs or {}).items():
        for name, table in own.items():
            write_parquet(folder / name / f"{run}.parquet", table)
    write_info(folder, info)
    write_manifest(folder)
    return open_study(folder)


def add_run(study: Study, run: str, estimates: pd.DataFrame) -> Study:
    """Write the estimates of one model run into a study, replacing an earlier run of that name."""
    write_parquet(study.run_file(run, "estimates"), estimates)
    for name in EXPLANATIONS:
        # they explained estimates that are no more
        study.run_file(run, name).unlink(missing_ok=True)
    write_manifest(study.path)
    return open_study(study.path)


def add_explanations(study: Study, run: str, tables: Mapping[str, pd.DataFrame]) -> Study:
    """Write tables of :data:`EXPLANATIONS` beside the estimates that they explain."""
    for name, table in tables.items():
        write_parquet(study.run_file(run, name), table)
    write_manifest(study.path)
    return open_study(study.path)
