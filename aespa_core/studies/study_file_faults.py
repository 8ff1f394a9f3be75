"""The files of a study by their names: runs, folders where files should be, those nobody reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandera.pandas as pa

from aespa_core.errors import ConfigError
from aespa_core.names import plain_name
from aespa_core.studies.changed_files import fault_of_file
from aespa_core.studies.faults import Fault, Notice
from aespa_core.studies.nearest_name import nearest_name
from aespa_core.studies.run_tables import RUN_TABLES

MOST_RUNS: Final = 100
AS_ONE_FILE: Final = "write the table as one Parquet file of that name"
# Of files that may be meant as tables.
TABLE_ENDINGS: Final = (".parquet", ".geoparquet", ".pq", ".parq")
# As other programs write tables; read is Parquet alone.
OTHER_ENDINGS: Final = (
    *(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".dbf", ".json", ".feather", ".arrow"),
    *(".gpkg", ".geojson", ".shp"),
)


def run_name_faults(path: Path, declared: Mapping[str, pa.DataFrameSchema]) -> list[Fault]:
    """Find runs whose names are no plain ones, and too many of them."""
    faults = []
    runs = [name for name in declared if name.partition("/")[0] in RUN_TABLES and "/" in name]
    for name in runs:
        try:
            plain_name(name.partition("/")[2], "the run")
        except ConfigError as error:
            faults.append(fault_of_file(path, f"{name}.parquet", error))
    if len(runs) > MOST_RUNS * len(RUN_TABLES):
        problem = f"there are {len(runs):,} tables of runs, more than a study may have"
        faults.append(
            Fault(
                "estimates", None, None, None, problem, "keep those that are shown", unusable=True
            )
        )
    return faults


def folders_for_files(path: Path, declared: Mapping[str, pa.DataFrameSchema]) -> list[Fault]:
    """Find folders that have the name of a table's file, as some programs write large tables."""
    return [
        Fault(f"{name}.parquet", None, None, None, "this is a folder", AS_ONE_FILE, unusable=True)
        for name in declared
        if (path / f"{name}.parquet").is_dir()
    ]


def strange_files(path: Path, declared: Mapping[str, pa.DataFrameSchema]) -> list[Notice]:
    """Name the Parquet files and folders that nobody reads, with the name that may be meant."""
    tables = [name for name in declared if "/" not in name]
    folders = {name.partition("/")[0] for name in declared if "/" in name} | set(RUN_TABLES)
    notices = []
    for entry in sorted(path.iterdir()):
        read = entry.suffix == ".parquet" and entry.stem in declared
        if entry.name.startswith(".") or entry.is_symlink() or read:
            # where a link leads is told among the files, and not looked at
            continue
        if entry.suffix.lower() in TABLE_ENDINGS:
            meant = nearest_name(entry.stem, tables)
            known = f": rename it to '{meant}.parquet' if it is that" if meant else ""
            kind = "folder" if entry.is_dir() else "file"
            notices.append(Notice(entry.name, None, f"nobody reads this {kind}{known}", 0))
        elif entry.suffix.lower() in OTHER_ENDINGS:
            # of all that people keep beside a study, what has the name of a table
            if meant := nearest_name(entry.stem, tables):
                problem = f"nobody reads this file: write it as '{meant}.parquet' if it is that"
                notices.append(Notice(entry.name, None, problem, 0))
        elif entry.is_dir() and entry.name not in folders and any(entry.glob("*.parquet")):
            meant = nearest_name(entry.name, sorted(folders))
            known = f": rename it to '{meant}' if it is that" if meant else ""
            notices.append(Notice(entry.name, None, f"nobody reads this folder{known}", 0))
    for table in RUN_TABLES:
        for entry in sorted((path / table).glob("*.parquet")):
            if entry.is_dir() and not entry.name.startswith("."):
                problem = f"nobody reads this folder: {AS_ONE_FILE}"
                notices.append(Notice(f"{table}/{entry.name}", None, problem, 0))
    return notices + orphan_notices(declared)


def orphan_notices(declared: Mapping[str, pa.DataFrameSchema]) -> list[Notice]:
    """Name the tables of runs that explain no estimates."""
    pairs = [(table, run) for table, _, run in (name.partition("/") for name in declared)]
    runs = [run for table, run in pairs if table == "estimates" and run]
    notices = []
    for table, run in pairs:
        if table not in RUN_TABLES or not run or run in runs:
            continue
        meant = nearest_name(run, runs)
        known = f": rename it to '{meant}.parquet' if it is of that run" if meant else ""
        problem = f"nobody shows this: there is no estimates/{run}.parquet{known}"
        notices.append(Notice(f"{table}/{run}.parquet", None, problem, 0))
    return notices
