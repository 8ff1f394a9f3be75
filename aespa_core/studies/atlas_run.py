"""Estimates of the atlas as a model run of a study, so that a map needs no model to show them."""

from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.studies.catalogue import ATLAS
from aespa_core.studies.folder import INFO_FILE, open_study

RUN: Final = "atlas"
NOTE: Final = (
    "Estimates of the run 'atlas' come from the atlas that ships with the program: model output, "
    "made by a model that never saw this metro's temperatures."
)


def atlas_runs(geoids: pd.Series, atlas: Path = ATLAS) -> dict[str, dict[str, pd.DataFrame]]:
    """Take the atlas's estimates of some tracts.

    Parameters
    ----------
    geoids
        All tracts of a study.
    atlas
        Folder of the atlas.

    Returns
    -------
    dict
        Run → its tables by id; empty where there is no atlas, or where it lacks one of the tracts:
        then the study is of another place or of another vintage of tracts.
    """
    if not (atlas / INFO_FILE).is_file():
        return {}
    opened = open_study(atlas)
    tables = {name: opened.read_run(RUN, name) for name in opened.run_tables(RUN)}
    if not geoids.isin(tables["estimates"]["geoid"]).all():
        return {}
    mine = {
        name: table[table["geoid"].isin(geoids)].reset_index(drop=True)
        for name, table in tables.items()
    }
    # columns of proxies that other metros have and this one does not
    estimates = mine["estimates"]
    empty = [n for n in estimates if n.startswith("contribution_") and estimates[n].isna().all()]
    return {RUN: mine | {"estimates": estimates.drop(columns=empty)}}
