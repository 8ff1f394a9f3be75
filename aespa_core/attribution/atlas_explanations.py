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
from aespa_core.studies.folder import Study, add_explanations
from aespa_core.studies.info import write_info
from aespa_core.studies.response_table import OFFSETS, SLOPES, WEIGHTS

NOTE: Final = (
    "Attributions hold base and each measured proxy's part of every estimate, the range of nine in "
    "ten members of the model, and the part that is the tract's own (to .05 °C); responses hold "
    "each member's curve of each measured proxy at the tract's own place, and how far the proxy "
    "may move (in steps of .02, of vegetation .01); no value of a source is in them."
)
LIMITS: Final = ("lowest", "highest", "usual_lowest", "usual_highest")
COEFFICIENTS: Final = ("line_c", *WEIGHTS, *SLOPES, *OFFSETS)
# NDVI spans a few tenths only where shares span all
STEPS: Final = {"ndvi": 0.01, "canopy": 0.02, "impervious": 0.02}
OWN_STEP_C: Final = 0.05
# Of the 23 that single precision has after the point: moves differ by less than .001 °C.
BITS: Final = 12


def attribute_atlas(
    atlas: Study,
    weights: Path,
    national: Callable[[], NationalTracts],
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
        Reads all tracts of the country; called once everything else is in order.
    progress
        Called after each metro.

    Raises
    ------
    StudyError
        If the estimates are not those of the stored models.
    """
    estimates = atlas.read("estimates")
    metros = dict(list(estimates.groupby("metro")))
    models = {metro: load_metro_model(weights, metro).model for metro in metros}
    country = national()
    found = []
    for metro, rows in metros.items():
        found.append(explain_metro(models[metro], country, rows, atlas.path, with_values=False))
        progress()
    attributions, responses = (
        pd.concat([metro.tables[name] for metro in found]) for name in ("attributions", "responses")
    )
    tables = {
        "attributions": shipped_attributions(attributions),
        "responses": shipped_responses(responses),
    }
    notes = (*(note for note in atlas.info.notes if note != NOTE), NOTE)
    with replacing_folder(atlas.path) as temporary:
        shutil.copytree(atlas.path, temporary, dirs_exist_ok=True)
        info = replace(atlas.info, notes=notes)
        write_info(temporary, info)
        add_explanations(Study(temporary, info), RUN, tables)
    gap = max(metro.largest_gap_c for metro in found)
    members = max(model.settings.members for model in models.values())
    return Attribution(atlas.path, RUN, tuple(tables), len(estimates), members, gap)


def shipped_attributions(attributions: pd.DataFrame) -> pd.DataFrame:
    """Tell own parts to :data:`OWN_STEP_C`; the other parts are those of the estimates."""
    own = (attributions["own_c"] / OWN_STEP_C).round() * OWN_STEP_C + 0.0
    table = attributions.assign(own_c=own.round(2))
    return table.sort_values(["part", "geoid"], ignore_index=True)


def shipped_responses(responses: pd.DataFrame) -> pd.DataFrame:
    """Tell limits in steps of :data:`STEPS` and coefficients to :data:`BITS` bits."""
    table = responses.copy()
    step = table["proxy"].map(STEPS)
    for name in LIMITS:
        # + 0.0: no negative zero
        table[name] = (np.trunc(table[name] / step) * step).round(2) + 0.0
    for name in COEFFICIENTS:
        table[name] = rounded_bits(table[name].to_numpy(np.float32), BITS)
    return table.sort_values(["proxy", "geoid", "member"], ignore_index=True)


def rounded_bits(values: npt.NDArray[np.float32], bits: int) -> npt.NDArray[np.float32]:
    """Round to this many bits after the binary point, to the nearest; signs stay."""
    drop = np.uint32(23 - bits)
    whole = values.view(np.uint32) + (np.uint32(1) << (drop - np.uint32(1)))
    return ((whole >> drop) << drop).view(np.float32)
