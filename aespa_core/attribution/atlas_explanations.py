"""The atlas explained: parts and responses of all its metros, in a form that may ship.

Some sources of the proxies state no licence for redistribution, so no value of a tract leaves:
neither as itself nor as what ends or parts of a curve would give away to many digits. How far a
proxy may move is told in steps, towards no move; own parts are told in twentieths of a degree.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.attribution.attributed_run import Attribution
from aespa_core.attribution.tract_attribution import explain_metro
from aespa_core.datasets.national_tracts import NationalTracts
from aespa_core.inference.metro_model import load_metro_model
from aespa_core.studies.atlas_run import RUN
from aespa_core.studies.atomic import replacing_folder
from aespa_core.studies.folder import Study, add_explanations, open_study
from aespa_core.studies.info import write_info
from aespa_core.studies.response_table import OFFSETS, SLOPES, WEIGHTS

NOTE: Final = (
    "attributions: base and each measured proxy's part of every estimate, the range of nine in ten "
    "members of the model, and the part that is the tract's own (to .05 °C); responses: each "
    "member's curve of each measured proxy at the tract's own place, and how far the proxy may "
    "move (in steps of .02); no value of a source is in them."
)
LIMITS: Final = ("lowest", "highest", "usual_lowest", "usual_highest")
COEFFICIENTS: Final = ("line_c", *WEIGHTS, *SLOPES, *OFFSETS)
STEP: Final = 0.02
OWN_STEP_C: Final = 0.05
# Of the 23 that single precision has after the point: moves differ by less than .002 °C.
BITS: Final = 12


def attribute_atlas(
    atlas: Study,
    weights: Path,
    national: NationalTracts,
    progress: Callable[[], None] = lambda: None,
) -> Attribution:
    """Write attributions and responses of every metro beside the atlas's estimates.

    Parameters
    ----------
    atlas
        With its estimates; the tables are replaced, the estimates stay as they are.
    weights
        Folder of the models that made them.
    national
        All tracts of the country.
    progress
        Called after each metro.

    Raises
    ------
    StudyError
        If the estimates are not those of the stored models.
    """
    estimates = atlas.read("estimates")
    found, members = [], 0
    for metro, rows in estimates.groupby("metro"):
        model = load_metro_model(weights, str(metro)).model
        found.append(explain_metro(model, national, rows, atlas.path, with_values=False))
        members = max(members, model.settings.members)
        progress()
    tables = {
        "attributions": shipped_attributions(joined(found, "attributions", ["part", "geoid"])),
        "responses": shipped_responses(joined(found, "responses", ["proxy", "geoid", "member"])),
    }
    notes = (*(note for note in atlas.info.notes if note != NOTE), NOTE)
    with replacing_folder(atlas.path) as temporary:
        shutil.copytree(atlas.path, temporary, dirs_exist_ok=True)
        info = replace(atlas.info, notes=notes)
        write_info(temporary, info)
        add_explanations(Study(temporary, info), RUN, tables)
    gap = max(metro.largest_gap_c for metro in found)
    return Attribution(atlas.path, RUN, tuple(tables), len(estimates), members, gap)
