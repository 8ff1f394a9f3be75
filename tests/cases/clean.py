"""The clean study that every case and sibling is one fault away from, and what learned on it."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.studies.folder import Study, StudyInfo, write_study
from tests.tiny_study import METRO, tiny_tables

Tables = dict[str, pd.DataFrame]
NAME: Final = "study"
HOURS: Final = 168
INFO: Final = StudyInfo("Test town", "observed", "imaginary", ("mine",), ("mine",))
SCENARIO: Final = """study = "{study}"
metro = "{metro}"

[where]
hottest_share = 0.2

[measures]
planting = {{ share = 0.05 }}
"""


def clean_tables(*, mobility: bool = False, metro: str = METRO) -> Tables:
    """Give the tables of ``tests/tiny_study.py``; a week of visits in each tract if asked for."""
    tables = dict(tiny_tables()[0])
    tables["tracts"]["metro"] = metro
    if mobility:
        geoid = tables["tracts"]["geoid"].to_numpy()
        hour = np.arange(HOURS)
        wave = 20.0 + 10.0 * np.sin(2 * np.pi * hour / 24)
        size = 1.0 + np.arange(len(geoid)) / len(geoid)
        tables["mobility"] = pd.DataFrame(
            {
                "geoid": np.repeat(geoid, HOURS),
                "hour_of_week": np.tile(hour, len(geoid)),
                "visits": np.outer(size, wave).ravel(),
                "outbound": np.outer(size, wave / 2).ravel(),
                "stay": np.outer(size, wave / 4).ravel(),
            }
        )
    return tables


def write_clean(folder: Path, tables: Mapping[str, pd.DataFrame] | None = None) -> Study:
    """Write it as people of a city would: observed, without any run."""
    return write_study(folder, INFO, clean_tables() if tables is None else tables)


def write_scenario(path: Path, study: Path | str, metro: str = METRO) -> Path:
    """Write what ``aespa whatif`` is asked of every study."""
    path.write_text(SCENARIO.format(study=study, metro=metro), encoding="utf-8")
    return path


@cache
def teacher() -> Path:
    """Train the smallest model of tables alone on the clean study; its weights, kept a process."""
    # here and not above: what only reads tables need not wait for torch
    import torch

    from aespa_core.inference.heat_run import heat_run
    from aespa_core.inference.heat_study import Caches
    from tests.trained_town import MODEL, SETTINGS, run_of

    # matrices so small that threads cost more than they bring
    torch.set_num_threads(1)
    folder = Path(mkdtemp(prefix="aespa_teacher_"))
    model = replace(MODEL, use_satellite=False, use_street=False, proxies="measured")
    study = write_clean(folder / NAME).path
    caches = Caches(folder / "numbers", folder / "embeddings")
    settings = replace(SETTINGS, model=model)
    made = heat_run(run_of(study, folder / "run", settings), caches=caches)
    shutil.rmtree(study)
    return made.weights
