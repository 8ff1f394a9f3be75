"""Scenarios against the model itself: raw proxies moved, every input of the network built again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from aespa_core.analysis.response import from_rows
from aespa_core.analysis.scenarios.baseline import Baseline, aligned
from aespa_core.attribution.physics_response import heat_curves
from aespa_core.attribution.response_rows import Ground, response_rows
from aespa_core.benchmarks.whatif_checks import SPLITS, chance_scenario, place_of, played
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.schema import PROXY_IDS
from aespa_core.training.heat.loop import estimated
from aespa_core.training.heat.training_set import training_set
from tests.made_heat import METROS, made_heat

MADE = made_heat()
DATA = training_set(MADE.samples, MADE.split, MADE.samples.proxies, MADE.satellite, MADE.street)
SCENARIOS = 100
# the network counts in single precision
ROUNDING_C = 2e-5

pytestmark = pytest.mark.slow


def model_of_chance(seed: int) -> HeatModel:
    torch.manual_seed(seed)
    model = HeatModel(ModelSettings(width=8, heads=2, hidden=8, mobility_hidden=4), DATA.shape)
    model.fit_standardisation(DATA.inputs.rows(DATA.train))
    with torch.no_grad():
        for value in model.day.parameters():
            value.add_(0.5 * torch.randn_like(value))
    return model.eval()


MODELS = tuple(model_of_chance(seed) for seed in range(2))


@pytest.fixture(scope="module")
def place():
    """Lay the first town out as scenarios find it."""
    torch.set_num_threads(1)
    values = DATA.inputs.proxies.double().numpy()
    ground = Ground(
        MADE.samples.geoid,
        MADE.samples.metro,
        MADE.samples.context["log_people_km2"].to_numpy(float),
        {name: values[:, k] for k, name in enumerate(PROXY_IDS)},
        dict.fromkeys(PROXY_IDS, np.array(0.1)),
        dict.fromkeys(PROXY_IDS, np.array(0.6)),
    )
    curves = dict(zip(PROXY_IDS, heat_curves(MODELS, DATA.inputs), strict=True))
    rows = response_rows(ground, curves)
    here = MADE.samples.metro == METROS[0]
    geoid = MADE.samples.geoid[here]
    frame = pd.DataFrame({"anomaly_c": 0.0}, index=pd.Index(geoid, name="geoid"))
    responses = aligned(from_rows(rows[rows["metro"] == METROS[0]]), geoid)
    return place_of(Baseline("made", "simulated", METROS[0], "made", frame, responses))


def day(model, inputs):
    """Estimate by one member, °C, (B,)."""
    return estimated(model, inputs).day.double().numpy()


@pytest.mark.parametrize("split", SPLITS)
def test_scenarios_do_to_the_model_what_they_say(place, split):
    here = MADE.samples.metro == METROS[0]
    before = [day(model, DATA.inputs) for model in MODELS]
    raw = DATA.inputs.proxies.double().numpy()
    rng = np.random.default_rng(0)
    largest = 0.0
    for _ in range(SCENARIOS):
        scenario = chance_scenario(place, split, rng)
        given = played(place, scenario)
        said = place.baseline.responses.effect_c(given.change)
        moved = raw.copy()
        moved[here] += given.change
        # context, area means and what the images were read as stay
        after = [day(model, DATA.inputs.with_proxies(moved)) for model in MODELS]
        for member, (now, then) in enumerate(zip(before, after, strict=True)):
            change = then - now
            np.testing.assert_allclose(said[member], change[here], atol=ROUNDING_C)
            assert change.max() <= ROUNDING_C
            # nobody else's estimate is touched, in this town or in another
            meant = np.isin(MADE.samples.geoid, scenario.where.tracts)
            assert (change[~meant] == 0).all()
            largest = max(largest, -change.min())
        nothing = replace(
            scenario, amounts=tuple(replace(amount, share=0.0) for amount in scenario.amounts)
        )
        assert (played(place, nothing).change == 0).all()
    # the scenarios did something
    assert largest > 0.1
