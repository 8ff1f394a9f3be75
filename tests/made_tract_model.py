"""A tract model of chance on two towns of the made nation, and an atlas of its estimates."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import torch

from aespa_core.datasets.national_tracts import NationalTracts
from aespa_core.datasets.tract_features import TractFeatures, build_features
from aespa_core.inference.metro_estimates import metro_estimates
from aespa_core.inference.metro_model import MetroModel, save_metro_model
from aespa_core.models.physics_head import HeadSettings
from aespa_core.models.tract_model import TractModel, raw_inputs
from aespa_core.studies.cells import assign_cells
from aespa_core.studies.folder import Study, StudyInfo, write_study
from tests.made_nation import BARE_METRO, polygons_of

# The town with all three proxies goes by the name of a metro; the other one has NDVI alone.
FULL_METRO: Final = ("seattle", 1)
METROS: Final = (FULL_METRO, BARE_METRO)
MEMBERS: Final = 3


def town_features(nation: NationalTracts, metro: tuple[str, int] = FULL_METRO) -> TractFeatures:
    """Build the features of one town as those of a metro."""
    ids = np.array(sorted(polygons_of(nation, metro[1]).index), str)
    return build_features(nation, ids, np.full(len(ids), metro[0]))


def model_of_chance(features: TractFeatures, seed: int = 0) -> TractModel:
    """Draw weights; range and standardisation are those of these tracts."""
    torch.manual_seed(seed)
    raw = raw_inputs(features)
    model = TractModel(HeadSettings(members=MEMBERS, hidden=8), raw.anomaly.shape[2])
    model.fit_standardisation(raw, features.area)
    with torch.no_grad():
        for weights in model.head.parameters():
            weights.copy_(0.4 * torch.randn_like(weights))
    return model.eval()


def write_made_atlas(assets: Path, nation: NationalTracts, model: TractModel) -> Study:
    """Write ``atlas`` and ``models/tract_model``: the same model for both metros."""
    fitted = MetroModel(model, {}, {})
    estimates, cells = [], []
    for metro, number in METROS:
        shapes = polygons_of(nation, number)
        estimates.append(metro_estimates(fitted, nation, metro, list(shapes.index)))
        cells.append(assign_cells(shapes))
        save_metro_model(fitted, assets / "models" / "tract_model", metro)
    tables = {
        name: pd.concat(parts, ignore_index=True)
        for name, parts in (("estimates", estimates), ("cells", cells))
    }
    info = StudyInfo("Atlas", "estimated", "2010", (), (), ("First note.",))
    return write_study(assets / "atlas", info, tables)
