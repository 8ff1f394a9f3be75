"""The explanations that ship, beside those of the stored weights at full precision."""

from pathlib import Path

import numpy as np
import pytest

from aespa_core.analysis.response import from_rows
from aespa_core.attribution.atlas_explanations import LIMITS
from aespa_core.attribution.tract_attribution import explain_metro
from aespa_core.datasets.national_tracts import read_national_tracts
from aespa_core.inference.metro_model import load_metro_model
from aespa_core.schema import METRO_IDS
from aespa_core.sources.mirror import Mirror
from aespa_core.studies.catalogue import ATLAS, ROOT
from aespa_core.studies.folder import open_study

pytestmark = pytest.mark.slow

WEIGHTS = ROOT / "assets" / "models" / "tract_model"


def test_what_ships_says_what_the_stored_models_say(mirror: Path):
    country, atlas = read_national_tracts(Mirror(mirror)), open_study(ATLAS)
    estimates, shipped = atlas.read("estimates"), atlas.read("responses")
    parts = atlas.read("attributions").set_index(["geoid", "part"])
    for metro in METRO_IDS:
        model = load_metro_model(WEIGHTS, metro).model
        mine = estimates[estimates["metro"] == metro]
        explained = explain_metro(model, country, mine, ATLAS)
        assert explained.largest_gap_c < 1e-5, metro
        rows = explained.tables["attributions"].set_index(["geoid", "part"])
        said = parts.loc[rows.index]
        assert (said["effect_c"] - rows["effect_c"]).abs().max() < 1e-5, metro
        assert (said["own_c"] - rows["own_c"]).abs().max() < 0.026, metro
        exact = from_rows(explained.tables["responses"])
        coarse = from_rows(shipped[shipped["metro"] == metro])
        assert (coarse.geoid == exact.geoid).all()
        for end in LIMITS:
            # at the end of every range, of every proxy by itself
            for k in range(exact.known.shape[1]):
                change = np.zeros(exact.known.shape)
                change[:, k] = np.nan_to_num(getattr(coarse, end)[:, k])
                gap = np.abs(coarse.effect_c(change) - exact.effect_c(change)).max()
                assert gap < 0.001, (metro, end, k)
