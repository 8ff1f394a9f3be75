"""A world as a study folder: metros built side by side, tables joined, pictures beside them."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from aespa_core.errors import StudyError
from aespa_core.schema import metro_named
from aespa_core.studies.atomic import replacing_folder
from aespa_core.studies.folder import Study, open_study, read_table, write_study
from aespa_core.studies.info import INFO_FILE, StudyInfo, read_info
from aespa_core.target_folder import check_target
from aespa_core.twin.disparity_truth import stated_slopes
from aespa_core.twin.metro_tables import MetroTables, metro_tables
from aespa_core.twin.people_law import PeopleLaw
from aespa_core.twin.settings import TWIN_VERSION, TwinSettings
from aespa_core.worker_pool import each_in_workers

# Each worker holds one metro; more of them would pass 2 GB.
WORKERS: Final = 2
THREADS: Final = "OPENBLAS_NUM_THREADS"
SOURCE: Final = "AESPA twin "


def build_world(
    settings: TwinSettings, folder: Path, done: Callable[[str], None] = lambda metro: None
) -> Study:
    """Build a world and write it as a study.

    Parameters
    ----------
    settings
        Of the world; the same settings give the same files.
    folder
        Study folder; an older simulated study there is replaced when the new one is whole.
    done
        Called with each finished metro.

    Raises
    ------
    UnknownMetroError
        If the settings name a metro that does not exist.
    StudyError
        If something else than a simulated study lies in the folder.
    """
    for metro in settings.metros:
        metro_named(metro)
    check_replaceable(folder)
    with replacing_folder(folder) as temporary:
        parts = sorted(
            built(settings, temporary, done), key=lambda part: settings.metros.index(part.metro)
        )
        tables = {name: joined([part.tables[name] for part in parts]) for name in parts[0].tables}
        write_study(temporary, info_of(settings), tables | {"truth/slopes": slope_table()})
    return open_study(folder)


def is_built(settings: TwinSettings, folder: Path) -> bool:
    """Whether the folder holds these metros of this world, by this version of the simulator."""
    if not (folder / INFO_FILE).is_file() or read_info(folder) != info_of(settings):
        return False
    metros = read_table(folder / "tracts.parquet")["metro"]
    has_bands = (folder / "images" / "sentinel2").is_dir()
    return set(metros) == set(settings.metros) and has_bands >= settings.bands


def check_replaceable(folder: Path) -> None:
    """Refuse to write over anything but a simulated study or an empty folder."""
    check_target(folder, is_world, "a simulated study")


def is_world(folder: Path) -> bool:
    """Whether a folder holds a study that a simulator of any version built."""
    if not (folder / INFO_FILE).is_file():
        return False
    info = read_info(folder)
    if info.kind != "simulated":
        raise StudyError(
            f"{folder} is a study of kind '{info.kind}': choose another folder with --out."
        )
    return any(source.startswith(SOURCE) for source in info.sources)


def built(
    settings: TwinSettings, folder: Path, done: Callable[[str], None]
) -> Iterator[MetroTables]:
    """Build the metros, several at a time where there are several."""
    workers = min(WORKERS, os.cpu_count() or 1, len(settings.metros))
    if workers == 1:
        for metro in settings.metros:
            yield metro_tables(settings, metro, folder)
            done(metro)
        return
    work = partial(metro_tables, settings, folder=folder)
    with one_thread_each():
        for metro, part in each_in_workers(work, settings.metros, workers):
            yield part
            done(metro)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Start processes whose linear algebra keeps to one core: the others have a metro each."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Stack the metros' tables."""
    stacked = pd.concat(tables, ignore_index=True)
    if isinstance(tables[0], gpd.GeoDataFrame):
        return gpd.GeoDataFrame(stacked, crs=tables[0].crs)
    return stacked


def slope_table() -> pd.DataFrame:
    """Lay out the stated slopes of the people's law."""
    rows = [
        (slope.outcome, slope.covariate, "+".join(slope.beside), slope.value)
        for slope in stated_slopes(PeopleLaw())
    ]
    return pd.DataFrame(rows, columns=["outcome", "covariate", "beside", "value"])


def info_of(settings: TwinSettings) -> StudyInfo:
    """Say what a simulated world is."""
    return StudyInfo(
        name=f"{settings.name} {TWIN_VERSION} (simulated)",
        kind="simulated",
        vintage=f"simulator version {TWIN_VERSION}, seed {settings.seed}",
        licences=("MIT, as the simulator that made it.",),
        sources=(
            f"{SOURCE}{TWIN_VERSION}: a surface energy balance over simulated metros. "
            "No place of this study exists.",
        ),
        notes=(
            "Climates are those of the named cities' stations in July; streets, buildings, trees "
            "and people are made up.",
            "Proxies are the true plan view at overpass; truth/ holds what each of them does.",
        ),
    )
