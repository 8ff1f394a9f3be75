"""Read and write a study folder; opening one examines it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aespa_core.errors import ConfigError, ManifestError, StudyError
from aespa_core.names import plain_name
from aespa_core.studies.atomic import replacing, to_parquet, write_parquet
from aespa_core.studies.changed_files import own_name, place_of
from aespa_core.studies.declared import DECLARED
from aespa_core.studies.faults import Fault, Notice
from aespa_core.studies.info import INFO_FILE, KINDS, StudyInfo, read_info, write_info
from aespa_core.studies.kept_examination import examined, examined_as_it_is
from aespa_core.studies.manifest import (
    MANIFEST,
    manifest_faults,
    manifest_text,
    quoted,
    write_manifest,
)
from aespa_core.studies.reserved_names import shadowing_problem, shadows
from aespa_core.studies.run_tables import EXPLANATIONS, RUN_TABLES
from aespa_core.studies.table_file import GEOGRAPHIC_TABLES, read_table
from aespa_core.studies.validation import new_table_faults, with_changed_files

__all__ = (
    "GEOGRAPHIC_TABLES",
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
    """A study on disk that was found sound when it was opened; tables are read on demand.

    Attributes
    ----------
    path
        Its folder.
    info
        What its ``study.toml`` says.
    notices
        What its readers must know: what is not read or was repaired, and doubtful values.
    """

    path: Path
    info: StudyInfo
    notices: tuple[Notice, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """Ids of the tables that the study has."""
        return tuple(
            name for name in DECLARED[self.info.kind] if (self.path / f"{name}.parquet").is_file()
        )

    @property
    def runs(self) -> tuple[str, ...]:
        """Ids of the model runs under ``estimates/``."""
        files = sorted((self.path / "estimates").glob("*.parquet"))
        names = (path.stem for path in files if path.is_file())
        # a run that is being written has a name with a dot
        return tuple(name for name in names if not name.startswith("."))

    def read(self, table: str) -> pd.DataFrame:
        """Read one table by id; ``tracts`` comes with its geometry."""
        schema = DECLARED[self.info.kind][table]
        path = self.path / f"{table}.parquet"
        return read_table(path, schema, geographic=table in GEOGRAPHIC_TABLES)

    def read_rows(self, table: str, geoid: str) -> pd.DataFrame:
        """Read one tract's rows of a table; the others stay on disk."""
        return read_table(
            self.path / f"{table}.parquet",
            DECLARED[self.info.kind][table],
            geographic=table in GEOGRAPHIC_TABLES,
            geoid=geoid,
        )

    def read_run(self, run: str, table: str = "estimates") -> pd.DataFrame:
        """Read a table of one model run; of an atlas, which is one run, ``run`` is not asked."""
        return read_table(self.run_file(run, table), RUN_TABLES[table])

    def read_tract(self, run: str, table: str, geoid: str) -> pd.DataFrame:
        """Read one tract's rows of a table of a model run; the others stay on disk."""
        return read_table(self.run_file(run, table), RUN_TABLES[table], geoid=geoid)

    def run_tables(self, run: str) -> tuple[str, ...]:
        """Ids of the tables that a model run has left."""
        return tuple(name for name in RUN_TABLES if self.run_file(run, name).is_file())

    def run_file(self, run: str, table: str) -> Path:
        """File of a table of a model run.

        Raises
        ------
        StudyError
            If the run's name is no plain one: it must not lead out of its folder.
        """
        if self.info.kind == "estimated":
            return self.path / f"{table}.parquet"
        if run:
            try:
                plain_name(run, "The run")
            except ConfigError as error:
                raise StudyError(str(error)) from error
        return self.path / f"{table}/{run}.parquet"


def open_study(folder: Path) -> Study:
    """Open a study after examining it: what ``aespa study validate`` refuses is refused here.

    What is found is kept by its content, so that it costs once for each time the study is written.

    Raises
    ------
    StudyError
        If it is not valid, with the validator's first sentence.
    ManifestError
        If a file was changed, added or taken away since the study was written; where its content is
        wrong, too, that comes first.
    """
    if shadows(place_of(folder)):
        name = own_name(folder)
        raise StudyError(f"{name}: {'; '.join(shadowing_problem(Path(name)))}.")
    info = read_info(folder)
    if differs(folder):
        found = with_changed_files(folder, examined_as_it_is(folder))
        raise refused(ManifestError, folder, found.faults)
    found = examined(folder)
    if found.faults:
        raise refused(StudyError, folder, found.faults)
    return Study(folder, info, found.notices)


def differs(folder: Path) -> bool:
    """Whether the files of a study are not those of its manifest, or it has none that is one."""
    try:
        return bool(manifest_faults(folder))
    except ManifestError:
        return True


def refused(kind: type[StudyError], folder: Path, faults: Sequence[Fault]) -> StudyError:
    """Make the error of a study that is not opened; it knows all that is at fault."""
    error = kind(refusal(folder, faults))
    error.faults = tuple(faults)
    return error


def refusal(folder: Path, faults: Sequence[Fault]) -> str:
    """Say in one sentence why a study is not opened."""
    more = len(faults) - 1
    command = f"`aespa study validate {quoted(folder)}`"
    rest = f" ({more:,} more: {command} lists them)" if more else ""
    name = folder if folder.name else own_name(folder)
    return f"{name}: {faults[0]}{rest}."


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
    # they explained estimates that are no more
    gone = [study.run_file(run, name) for name in EXPLANATIONS]
    return replace_tables(study, {study.run_file(run, "estimates"): estimates}, gone)


def add_explanations(study: Study, run: str, tables: Mapping[str, pd.DataFrame]) -> Study:
    """Write tables of :data:`EXPLANATIONS` beside the estimates that they explain."""
    return replace_tables(study, {study.run_file(run, n): table for n, table in tables.items()})


def replace_tables(
    study: Study, tables: Mapping[Path, pd.DataFrame], gone: Sequence[Path] = ()
) -> Study:
    """Write tables of a study and its manifest: all of them, or on a full disk none.

    Parameters
    ----------
    study
        The study.
    tables
        File → rows.
    gone
        Files that are taken away.

    Raises
    ------
    StudyError
        If a table is not valid: nothing is written, for the study would not open any more.
    """
    named = {path.relative_to(study.path).with_suffix("").as_posix(): table
             for path, table in tables.items()}  # fmt: skip
    if faults := new_table_faults(study.path, study.info.kind, named):
        raise StudyError(f"Nothing is written. {refusal(study.path, faults)}")
    with ExitStack() as stack:
        # entered first, left last: a study is what its manifest says
        manifest = stack.enter_context(replacing(study.path / MANIFEST))
        new = {path: stack.enter_context(replacing(path)) for path in tables}
        for path, table in tables.items():
            to_parquet(new[path], table)
        manifest.write_text(manifest_text(study.path, new, gone), encoding="utf-8")
        for path in gone:
            path.unlink(missing_ok=True)
    return open_study(study.path)
