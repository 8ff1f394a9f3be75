"""Build one study of several metros from the public sources of the mirror."""

from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from aespa_core.schema import metro_named
from aespa_core.sources.metro_study import (
    LICENCES,
    SOURCES,
    VINTAGE,
    check_replaceable,
    read_sources,
)
from aespa_core.sources.mirror import open_mirror
from aespa_core.studies.atomic import replacing_folder
from aespa_core.studies.folder import Study, open_study, write_study
from aespa_core.studies.info import StudyInfo


def ingest_together(
    metro_ids: Sequence[str], out_folder: Path, progress: Callable[[str], None] = lambda step: None
) -> Study:
    """Build one study of several metros; a failed ingest leaves what was there before.

    Parameters
    ----------
    metro_ids
        Metros, in order; a table that only some of them have holds the rows of those.
    out_folder
        The study folder. An observed study that stands there is replaced.
    progress
        Called with the name of each step of each metro as it begins.

    Raises
    ------
    UnknownMetroError, MirrorError, StudyError
        If a metro is unknown, a source file is missing or garbled, or something else than an
        observed study stands at ``out_folder``.
    """
    metros = [metro_named(metro_id) for metro_id in metro_ids]
    mirror = open_mirror()
    check_replaceable(out_folder)
    parts: dict[str, list[pd.DataFrame]] = {}
    notes: list[str] = []
    for metro in metros:
        tables, own = read_sources(mirror, metro.id, progress)
        for name, table in tables.items():
            parts.setdefault(name, []).append(table)
        notes += [f"{metro.name}: {note}" for note in own]
    info = StudyInfo(
        " and ".join(metro.name for metro in metros),
        "observed", VINTAGE, LICENCES, SOURCES, tuple(notes),
    )  # fmt: skip
    progress("write")
    with replacing_folder(out_folder) as temporary:
        write_study(temporary, info, {name: stacked(tables) for name, tables in parts.items()})
    return open_study(out_folder)


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Stack tables of several metros; a column that one of them lacks is missing there."""
    whole = pd.concat(tables, ignore_index=True)
    if isinstance(tables[0], gpd.GeoDataFrame):
        return gpd.GeoDataFrame(whole, crs=tables[0].crs)
    return whole
