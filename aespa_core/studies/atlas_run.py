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


def atlas_runs(geoids: pd.Series, atlas: Path = ATLAS) -> dict[str, pd.DataFrame]:
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
        Run → estimates; empty where there is no atlas, or where it lacks one of the tracts: then
        the study is of another place or of another vintage of tracts.
    """
    if not (atlas / INFO_FILE).is_file():
        return {}
    estimates = open_study(atlas).read("estimates")
    if not geoids.isin(estimates["geoid"]).all():
        return {}
    mine = estimates[estimates["geoid"].isin(geoids)]
    # columns of proxies that other metros have and this one does not
    empty = [name for name in mine if name.startswith("contribution_") and mine[name].isna().all()]
    return {RUN: mine.drop(columns=empty).reset_index(drop=True)}
