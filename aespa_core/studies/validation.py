"""One validator for every kind of study: it lists every fault and never stops at the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from aespa_core.errors import StudyError
from aespa_core.studies.changed_files import (
    changed_files,
    fault_of_file,
    grouped_notices,
    grouped_over_files,
    own_name,
    place_of,
    strange_entries,
)
from aespa_core.studies.declared import DECLARED, REQUIRED
from aespa_core.studies.doubtful_relations import relation_notices
from aespa_core.studies.doubtful_values import notices_of
from aespa_core.studies.faults import (
    Fault,
    Notice,
    Sheet,
    in_reading_order,
    joined_over_files,
)
from aespa_core.studies.info import INFO_FILE, info_faults, info_path, read_fields
from aespa_core.studies.manifest import leads_outside
from aespa_core.studies.picture_names import picture_notices
from aespa_core.studies.relation_faults import relation_faults
from aespa_core.studies.reserved_names import shadowing_problem, shadows
from aespa_core.studies.run_tables import RUN_TABLES
from aespa_core.studies.schema_faults import ID_COLUMNS
from aespa_core.studies.sheet_faults import sheet_faults, with_mended_ids
from aespa_core.studies.study_file_faults import (
    folders_for_files,
    run_name_faults,
    strange_files,
)
from aespa_core.studies.table_file import GEOGRAPHIC_TABLES, read_sheet
from aespa_core.studies.weeks import week_gaps, weeks_are_whole

# Of all tables of a study together: each alone may be as large as a table may be.
MOST_CELLS_TOGETHER: Final = 20_000_000


@dataclass(frozen=True)
class Examination:
    """What was found in a study.

    Attributes
    ----------
    faults
        What keeps it from being opened, in reading order; none for a valid study.
    notices
        What was repaired or only counted, in the order of the files.
    """

    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...]


def validate_study(path: Path) -> list[Fault]:
    """Find everything that is wrong with a study.

    Parameters
    ----------
    path
        A study folder.

    Returns
    -------
    list of Fault
        Empty for a valid study; else what keeps it from being opened first, then by file and row;
        at the end the files that are not those of its manifest.

    Raises
    ------
    StudyError
        If there is no study at all: no folder, or no ``study.toml`` in it.
    """
    return list(examine(path).faults)


def examine(path: Path) -> Examination:
    """Find everything that is wrong with a study, and what its readers must know.

    Parameters and errors are those of :func:`validate_study`.
    """
    return with_changed_files(path, examine_content(path))


def with_changed_files(path: Path, inside: Examination) -> Examination:
    """Add to what is found in a study the files that are not those of its manifest.

    They come last: why a value cannot be is worth more than that its file was changed.
    """
    found = with_shadowing(path, inside)
    changed = in_reading_order(changed_files(path, sound=not found.faults))
    return Examination((*found.faults, *changed), found.notices)


def with_shadowing(path: Path, inside: Examination) -> Examination:
    """Add to what is found in a study that it has the name of one that ships."""
    if not shadows(place_of(path)):
        return inside
    name = own_name(path)
    problem, remedy = shadowing_problem(Path(name))
    fault = Fault(name, None, None, None, problem, remedy, unusable=True)
    return Examination((fault, *inside.faults), inside.notices)


def examine_content(path: Path) -> Examination:
    """Find what is wrong inside a study, whether or not its files are those of its manifest.

    Nothing of where the study lies is said. Parameters and errors are those of
    :func:`validate_study`.
    """
    toml = info_path(path)
    faults: list[Fault] = []
    try:
        fields = read_fields(toml)
    except StudyError as error:
        faults.append(fault_of_file(path, INFO_FILE, error))
        fields = {}
    else:
        faults += [
            Fault(INFO_FILE, None, f.key, f.value, f.problem, f.remedy, unusable=True)
            for f in info_faults(fields)
        ]
    faults += strange_entries(path)
    tables = examine_tables(path, fields.get("kind"))
    found = in_reading_order([*faults, *grouped_over_files(tables.faults)])
    return Examination(
        tuple(joined_over_files(found, ID_COLUMNS)), tuple(grouped_notices(tables.notices))
    )


def declared_tables(path: Path, kind: object) -> Mapping[str, pa.DataFrameSchema]:
    """Tables that a study of a kind may have, those of its runs as ``<table>/<run>``."""
    if not isinstance(kind, str) or kind not in DECLARED:
        # without a readable kind, the files tell
        kind = "estimated" if (path / "cells.parquet").is_file() else "observed"
    declared = dict(DECLARED[str(kind)])
    if kind != "estimated":
        for table, schema in RUN_TABLES.items():
            files = (path / table).glob("*.parquet")
            runs = sorted(file.stem for file in files if file.is_file())
            declared |= {f"{table}/{run}": schema for run in runs if not run.startswith(".")}
    return declared


def examine_tables(path: Path, kind: object) -> Examination:
    """Check every table of a study, one by one and against each other."""
    declared = declared_tables(path, kind)
    atlas = "cells" in declared
    required = REQUIRED["estimated" if atlas else "observed"]
    faults = run_name_faults(path, declared)
    notices = strange_files(path, declared)
    sheets: dict[str, Sheet] = {}
    cells = 0
    for name, schema in () if faults else declared.items():
        file = f"{name}.parquet"
        if not (path / file).is_file():
            if name in required:
                remedy = f"every {'atlas' if atlas else 'study of places'} needs it"
                problem = "the table is missing"
                faults.append(Fault(file, None, None, None, problem, remedy, unusable=True))
            continue
        if leads_outside(path / file, path):
            # told among the files, and not followed
            continue
        try:
            sheet = read_sheet(path, file, schema, geographic=name in GEOGRAPHIC_TABLES)
        except StudyError as error:
            faults.append(fault_of_file(path, file, error))
            continue
        cells += sheet.frame.size
        if cells > MOST_CELLS_TOGETHER:
            problem = (
                f"the tables up to this one have {cells:,} cells, more than {MOST_CELLS_TOGETHER:,}"
            )
            remedy = "write one study for each metro"
            faults.append(Fault(file, None, None, None, problem, remedy, unusable=True))
            break
        if name in required and sheet.frame.empty:
            problem, remedy = "the table has no row", "write the tracts into it"
            faults.append(Fault(file, None, None, None, problem, remedy, unusable=True))
        right = with_mended_ids(sheet)
        faults += sheet_faults(sheet, right, schema, geographic=name in GEOGRAPHIC_TABLES)
        notices += notices_of(sheet, schema)
        sheets[name] = right
    faults += relation_faults(sheets) + folders_for_files(path, declared)
    if not faults:
        notices += week_notices(sheets) + relation_notices(sheets)
        if "tracts" in sheets:
            notices += picture_notices(path, sheets["tracts"].frame["geoid"])
    return Examination(tuple(faults), tuple(notices))


def week_notices(sheets: Mapping[str, Sheet]) -> list[Notice]:
    """Tell of weeks that are not 168 hours; the tables are sound."""
    tracts, mobility = sheets.get("tracts"), sheets.get("mobility")
    if tracts is None or mobility is None or weeks_are_whole(mobility.frame):
        return []
    metro_of = dict(zip(tracts.frame["geoid"], tracts.frame["metro"], strict=True))
    gaps = week_gaps(mobility.frame, metro_of)
    return [
        Notice(mobility.file, None, sentence.partition(": ")[2].rstrip("."), gaps.tracts)
        for sentence in gaps.sentences()
    ]


def new_table_faults(path: Path, kind: str, tables: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Find what would be wrong with tables of runs that are about to be written into a study.

    Parameters
    ----------
    path
        A valid study.
    kind
        Its kind.
    tables
        Table, as ``estimates/<run>``, → rows.
    """
    sheets: dict[str, Sheet] = {}
    for name, schema in declared_tables(path, kind).items():
        # what the new ones are held against: the tracts, and the estimates that are explained
        if name == "tracts" or name.partition("/")[0] == "estimates":
            sheet = read_sheet(path, f"{name}.parquet", schema, geographic=name == "tracts")
            sheets[name] = with_mended_ids(sheet)
    faults = []
    for name, table in tables.items():
        sheet = Sheet(f"{name}.parquet", table.reset_index(drop=True))
        sheets[name] = with_mended_ids(sheet)
        schema = RUN_TABLES[name.partition("/")[0]]
        faults += sheet_faults(sheet, sheets[name], schema, geographic=False)
    files = {f"{name}.parquet" for name in tables}
    faults += [fault for fault in relation_faults(sheets) if fault.file in files]
    return in_reading_order(faults)
