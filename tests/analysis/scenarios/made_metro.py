"""The town of ``tests/tiny_study.py`` with curves drawn by chance, of the expected signs.

Tract 11 knows no canopy, 13 lies outside of what was learned on, 17 is full of trees, 19 has no
curve at all.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.analysis.response import from_rows
from aespa_core.analysis.scenarios.baseline import Baseline, aligned
from aespa_core.schema import PROXIES, PROXY_IDS
from aespa_core.studies.folder import Study, StudyInfo, add_explanations, write_study
from aespa_core.studies.response_table import OFFSETS, SLOPES, WEIGHTS
from tests.made_cells import made_cells
from tests.tiny_study import METRO, tiny_tables

MEMBERS = 3
RUN = "heat_teacher"
NO_CANOPY, OUTSIDE, FULL, NO_CURVE = 11, 13, 17, 19
STANDING = ["lowest", "highest", "usual_lowest", "usual_highest"]


def chance_rows(
    geoid: Sequence[str],
    metro: str = METRO,
    proxies: Sequence[str] = PROXY_IDS,
    members: int = MEMBERS,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw the rows of a responses table."""
    rng = np.random.default_rng(seed)
    count, parts = len(geoid), []
    for proxy in PROXIES:
        if proxy.id not in proxies:
            continue
        # from 0.4 to the ends of a share
        room = rng.uniform(0.0, 0.4, (2, count))
        usual = room * rng.uniform(0.2, 1.0, (2, count))
        tracts = pd.DataFrame(
            {
                "geoid": list(geoid), "metro": metro, "proxy": proxy.id, "value": 0.4,
                "lowest": -room[0], "highest": room[1],
                "usual_lowest": -usual[0], "usual_highest": usual[1],
            }
        )  # fmt: skip
        for member in range(members):
            weight, slope = rng.gamma(1.0, 1.0, (2, count, 4))
            offset = rng.normal(0.0, 1.0, (count, 4))
            drawn = {
                "line_c": proxy.sign * rng.gamma(1.0, 3.0, count),
                **{name: proxy.sign * weight[:, u] for u, name in enumerate(WEIGHTS)},
                **{name: slope[:, u] for u, name in enumerate(SLOPES)},
                **{name: offset[:, u] for u, name in enumerate(OFFSETS)},
            }
            parts.append(tracts.assign(member=member, **drawn))
    return pd.concat(parts, ignore_index=True)


def special(rows: pd.DataFrame, geoid: Sequence[str]) -> pd.DataFrame:
    """Make the four tracts of the module's docstring special."""
    canopy = rows["proxy"] == "canopy"
    rows = rows.copy()
    rows.loc[rows["geoid"] == geoid[OUTSIDE], STANDING] = 0.0
    rows.loc[canopy & (rows["geoid"] == geoid[FULL]), "usual_highest"] = 0.0
    gone = (canopy & (rows["geoid"] == geoid[NO_CANOPY])) | (rows["geoid"] == geoid[NO_CURVE])
    return rows[~gone].reset_index(drop=True)


def made_baseline(
    proxies: Sequence[str] = PROXY_IDS, members: int = MEMBERS, *, people: bool = True
) -> Baseline:
    """Lay the town out in memory; without people as the atlas is, estimates alone."""
    tables, estimates = tiny_tables()
    geoid = estimates["geoid"].to_numpy(str)
    frame = estimates.set_index("geoid").drop(columns="metro")
    if people:
        tracts = pd.DataFrame(tables["tracts"]).set_index("geoid")
        frame = frame.join(tracts.drop(columns=["geometry", "metro"]))
    rows = special(chance_rows(geoid, proxies=proxies, members=members), geoid)
    kind = "simulated" if people else "estimated"
    return Baseline("Gridville", kind, METRO, RUN, frame, aligned(from_rows(rows), geoid))


def with_plantable(baseline: Baseline, share: float) -> Baseline:
    """Let plantable ground be measured in all but the first tract."""
    known = np.full(len(baseline.frame), share)
    known[0] = np.nan
    return replace(baseline, frame=baseline.frame.assign(plantable_share=known))


def write_made_study(folder: Path, proxies: Sequence[str] = PROXY_IDS) -> Study:
    """Write the town with responses as a study folder."""
    tables, estimates = tiny_tables()
    geoid = estimates["geoid"].to_numpy(str)
    info = StudyInfo("Gridville", "simulated", "imaginary", ("made by tests",), ("tests",))
    study = write_study(folder, info, tables, runs={RUN: {"estimates": estimates}})
    rows = special(chance_rows(geoid, proxies=proxies), geoid)
    return add_explanations(study, RUN, {"responses": rows})


def write_made_atlas(folder: Path) -> Study:
    """Write a study of estimates alone, with curves of vegetation and sealed ground."""
    _, estimates = tiny_tables()
    geoid = estimates["geoid"].to_numpy(str)
    cells = made_cells(pd.Series(geoid))
    info = StudyInfo("Made atlas", "estimated", "imaginary", ("made by tests",), ("tests",))
    rows = special(chance_rows(geoid, proxies=("ndvi", "impervious")), geoid)
    return write_study(
        folder,
        info,
        {"estimates": estimates, "cells": cells, "responses": rows.assign(value=np.nan)},
    )
