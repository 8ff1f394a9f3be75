"""The files of a study as files: against the manifest, by their names, and those nobody reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandera.pandas as pa

from aespa_core.errors import ConfigError, ManifestError, StudyError
from aespa_core.names import plain_name
from aespa_core.studies.faults import Fault, Notice
from aespa_core.studies.manifest import MANIFEST, manifest_faults
from aespa_core.studies.nearest_name import nearest_name
from aespa_core.studies.run_tables import RUN_TABLES

MOST_RUNS: Final = 100


def changed_files(path: Path) -> list[Fault]:
    """Compare the files with the manifest."""
    try:
        differences = manifest_faults(path)
    except ManifestError as error:
        return [unreadable(MANIFEST, error)]
    words = {
        "changed": ("the file is not the one that the manifest lists", "write the study again"),
        "missing": ("the manifest lists this file but it is missing", "put it back"),
        "unlisted": ("the manifest does not list this file", "remove it or write the study again"),
        "outside": ("the link leads out of the study", "copy what it leads to into the study"),
        "too large": ("the file is larger than 2 GB, as no table or picture is", "remove it"),
    }
    return [
        Fault(
            difference.file, None, None, difference.problem, *words[difference.problem],
            unusable=True,
        )
        for difference in differences
    ]  # fmt: skip


def unreadable(file: str, error: StudyError) -> Fault:
    """Turn the sentence of a reader into a fault: what is wrong, then what would be right."""
    problem, _, remedy = str(error).rpartition(": ")
    return Fault(file, None, None, None, problem, remedy.rstrip("."), unusable=True)


def run_name_faults(path: Path, declared: Mapping[str, pa.DataFrameSchema]) -> list[Fault]:
    """Find runs whose names are no plain ones, and too many of them."""
    faults = []
    runs = [name for name in declared if name.partition("/")[0] in RUN_TABLES and "/" in name]
    for name in runs:
        try:
            plain_name(name.partition("/")[2], "the run")
        except ConfigError as error:
            faults.append(unreadable(f"{name}.parquet", StudyError(str(error))))
    if len(runs) > MOST_RUNS * len(RUN_TABLES):
        problem = f"there are {len(runs):,} tables of runs, more than a study may have"
        faults.append(
            Fault(
                "estimates", None, None, None, problem, "keep those that are shown", unusable=True
            )
        )
    return faults


def strange_files(path: Path, declared: Mapping[str, pa.DataFrameSchema]) -> list[Notice]:
    """Name the Parquet files beside the tables that nobody reads."""
    names = [file.stem for file in sorted(path.glob("*.parquet")) if file.stem not in declared]
    notices = []
    for name in names:
        if name.startswith("."):
            continue
        meant = nearest_name(name, [table for table in declared if table not in RUN_TABLES])
        known = f": rename it to '{meant}.parquet' if it is that" if meant else ""
        notices.append(Notice(f"{name}.parquet", None, f"nobody reads this file{known}", 0))
    return notices
