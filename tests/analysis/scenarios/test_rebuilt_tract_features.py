"""Scenarios against the tract model: raw proxies moved, every tract's features built again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.response import from_rows
from aespa_core.analysis.scenarios.baseline import Baseline, aligned
from aespa_core.attribution.response_rows import response_rows
from aespa_core.attribution.tract_response import tract_curves, tract_ground
from aespa_core.benchmarks.whatif_checks import SPLITS, chance_scenario, place_of, played
from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import raw_proxies, with_proxies
from aespa_core.inference.tract_estimate import evaluated
from aespa_core.models.tract_model import raw_inputs
from aespa_core.schema import PROXY_IDS
from tests.made_tract_model import model_of_chance, town_features

COLUMN = [PROXY_IDS.index(name) for name in LEARNED]
SCENARIOS = 100
# the network counts in single precision
ROUNDING_C = 3e-5

pytestmark = pytest.mark.slow


def day(model, features):
    """Estimate by every member, °C, (M, B)."""
    return evaluated(model, raw_inputs(features), ()).estimate.double().numpy()


@pytest.mark.parametrize("split", SPLITS)
def test_scenarios_promise_no_more_than_the_model_does(nation, split):
    features = town_features(nation)
    model = model_of_chance(features)
    geoid = features.geoid
    rows = response_rows(tract_ground(model, features), tract_curves(model, features))
    frame = pd.DataFrame({"anomaly_c": 0.0}, index=pd.Index(geoid, name="geoid"))
    responses = aligned(from_rows(rows), geoid)
    place = place_of(Baseline("made", "observed", "seattle", "made", frame, responses))
    assert set(place.measures) == {"planting", "depaving"}
    before, rng, largest = day(model, features), np.random.default_rng(0), 0.0
    for _ in range(SCENARIOS):
        given = played(place, chance_scenario(place, split, rng))
        said = responses.effect_c(given.change)
        raw = raw_proxies(nation.table)
        raw[features.neighbourhood.own] += given.change[:, COLUMN]
        rebuilt = with_proxies(features, raw)
        # area means stay by themselves; with the neighbours frozen too the table is exact
        own = features.proxies.copy()
        own[:, :, 0] = rebuilt.proxies[:, :, 0]
        direct = day(model, replace(features, proxies=own)) - before
        np.testing.assert_allclose(said, direct, atol=ROUNDING_C)
        # and where neighbours move along, that only adds cooling
        whole = day(model, rebuilt) - before
        assert whole.max() <= ROUNDING_C
        assert (whole <= said + ROUNDING_C).all()
        largest = max(largest, -said.min())
    assert largest > 0.1
