"""One validator for every kind of study: it lists every fault and never stops at the first."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from aespa_core.errors import ManifestError, StudyError
from aespa_core.studies.declared import DECLARED, REQUIRED
from aespa_core.studies.faults import Fault, Sheet, in_reading_order
from aespa_core.studies.folder import GEOGRAPHIC_TABLES, read_table
from aespa_core.studies.geoids import geoid_faults, mended
from aespa_core.studies.info import INFO_FILE, info_faults, info_path, read_fields
from aespa_core.studies.manifest import MANIFEST, manifest_faults
from aespa_core.studies.polygon_faults import polygon_faults
from aespa_core.studies.relation_faults import relation_faults
from aespa_core.studies.run_tables import RUN_TABLES
from aespa_core.studies.schema_faults import (
    ID_COLUMNS,
    cell_faults,
    column_faults,
    duplicate_faults,
)
from aespa_core.studies.unit_mistakes import fahrenheit_column_faults


def validate_study(path: Path) -> list[Fault]:
    """Find everything that is wrong with a study.

    Parameters
    ----------
    path
        A study folder.

    Returns
    -------
    list of Fault
        Empty for a valid study; else what keeps it from being opened first, then by file and row.

    Raises
    ------
    StudyError
        If there is no study at all: no folder, or no ``study.toml`` in it.
    """
    toml = info_path(path)
    faults: list[Fault] = []
    try:
        fields = read_fields(toml)
    except StudyError as error:
        faults.append(unreadable(INFO_FILE, error))
        fields = {}
    else:
        faults += [
            Fault(INFO_FILE, None, f.key, f.value, f.problem, f.remedy, unusable=True)
            for f in info_faults(fields)
        ]
    faults += changed_files(path)
    return in_reading_order(faults + tables_faults(path, fields.get("kind")))


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


def tables_faults(path: Path, kind: object) -> list[Fault]:
    """Check every table of a study, one by one and against each other."""
    if kind not in DECLARED:
        # without a readable kind, the files tell
        kind = "estimated" if (path / "cells.parquet").is_file() else "observed"
    atlas = kind == "estimated"
    declared = dict(DECLARED[str(kind)])
    if not atlas:
        for table, schema in RUN_TABLES.items():
            runs = sorted((path / table).glob("*.parquet"))
            declared |= {f"{table}/{run.stem}": schema for run in runs}
    faults: list[Fault] = []
    sheets = {}
    for name, schema in declared.items():
        file = f"{name}.parquet"
        if not (path / file).is_file():
            if name in REQUIRED[str(kind)]:
                remedy = f"every {'atlas' if atlas else 'study of places'} needs it"
                faults.append(
                    Fault(file, None, None, None, "the table is missing", remedy, unusable=True)
                )
            continue
        try:
            sheet = read_sheet(path, file, geographic=name in GEOGRAPHIC_TABLES)
        except StudyError as error:
            faults.append(unreadable(file, error))
            continue
        faults += sheet_faults(sheet, schema, geographic=name in GEOGRAPHIC_TABLES)
        sheets[name] = with_mended_ids(sheet)
    return faults + relation_faults(sheets)


def read_sheet(path: Path, file: str, *, geographic: bool) -> Sheet:
    """Read one table, numbering its rows from 0."""
    try:
        frame = read_table(path / file, geographic=geographic)
    except StudyError:
        # plain Parquet where GeoParquet should be: the rest of its columns can still be checked
        if not geographic:
            raise
        frame = read_table(path / file)
    return Sheet(file, frame.reset_index(drop=True))


def sheet_faults(sheet: Sheet, schema: pa.DataFrameSchema, *, geographic: bool) -> list[Fault]:
    """Check one table by itself."""
    faults = [
        fault
        for column in ID_COLUMNS
        if column in sheet.frame and column in schema.columns
        for fault in geoid_faults(sheet, column)
    ]
    mended_sheet = with_mended_ids(sheet)
    typed = column_faults(mended_sheet, schema)
    faults += typed
    faults += duplicate_faults(mended_sheet, schema)
    if geographic:
        faults += polygon_faults(mended_sheet)
    unfit = {fault.column for fault in typed} | set(ID_COLUMNS)
    fit = {
        name: column
        for name, column in schema.columns.items()
        if name in sheet.frame and name not in unfit
    }
    faults += cell_faults(mended_sheet, pa.DataFrameSchema(fit, name=schema.name))
    for name, column in fit.items():
        if (column.metadata or {}).get("unit") == "°C" and name.startswith("lst_"):
            faults += fahrenheit_column_faults(mended_sheet, name)
    return faults


def with_mended_ids(sheet: Sheet) -> Sheet:
    """Mend the ids of a table, so that one accident is not reported as many."""
    ids = {name: mended(sheet.frame[name]) for name in ID_COLUMNS if name in sheet.frame}
    frame = sheet.frame.assign(**ids)
    if isinstance(sheet.frame, gpd.GeoDataFrame):
        return replace(sheet, frame=frame)
    return replace(sheet, frame=pd.DataFrame(frame))
