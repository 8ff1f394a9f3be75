"""The curves of the table say what the model says, to single precision, and keep their signs."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.response import from_rows
from aespa_core.attribution.physics_response import heat_curves
from aespa_core.attribution.response_rows import Ground, response_rows
from aespa_core.errors import ArtifactError
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.schema import PROXIES, PROXY_IDS
from aespa_core.studies.explanation_faults import wrong_way_faults
from aespa_core.studies.faults import Sheet
from aespa_core.studies.response_table import RESPONSES
from aespa_core.training.heat.loop import estimated
from aespa_core.training.heat.training_set import training_set
from tests.made_heat import METROS, made_heat

MADE = made_heat()
SETTINGS = ModelSettings(width=8, heads=2, hidden=8, mobility_hidden=4)
MEMBERS = 2
LOW, HIGH = 0.1, 0.6


def made_inputs():
    """Lay the towns out; tract 11 knows no canopy."""
    proxies = MADE.samples.proxies.copy()
    proxies[11, 1] = np.nan
    return training_set(MADE.samples, MADE.split, proxies, MADE.satellite, MADE.street)


DATA = made_inputs()


def model_of_chance(seed: int) -> HeatModel:
    torch.manual_seed(seed)
    model = HeatModel(SETTINGS, DATA.shape)
    model.fit_standardisation(DATA.inputs.rows(DATA.train))
    with torch.no_grad():
        for value in model.day.parameters():
            value.add_(0.5 * torch.randn_like(value))
    return model.eval()


MODELS = tuple(model_of_chance(seed) for seed in range(MEMBERS))


@pytest.fixture(scope="module")
def rows():
    values = DATA.inputs.proxies.double().numpy()
    ends = dict.fromkeys(PROXY_IDS, np.array(LOW)), dict.fromkeys(PROXY_IDS, np.array(HIGH))
    named = {name: values[:, k] for k, name in enumerate(PROXY_IDS)}
    density = MADE.samples.context["log_people_km2"].to_numpy(float)
    ground = Ground(MADE.samples.geoid, MADE.samples.metro, density, named, *ends)
    curves = dict(zip(PROXY_IDS, heat_curves(MODELS, DATA.inputs), strict=True))
    return response_rows(ground, curves)


def test_the_table_is_as_declared(rows):
    RESPONSES.validate(rows)
    assert len(rows) == MEMBERS * (len(MADE.samples) * len(PROXIES) - 1)
    assert not wrong_way_faults(Sheet("responses/made.parquet", rows))
    # a curve that acts the other way would be found
    turned = rows.assign(line_c=-rows["line_c"])
    assert wrong_way_faults(Sheet("responses/made.parquet", turned))


def test_a_move_does_what_the_model_says(rows):
    metro = METROS[0]
    curves = from_rows(rows[rows["metro"] == metro])
    here = MADE.samples.metro == metro
    change = np.random.default_rng(0).uniform(-0.3, 0.3, (here.sum(), len(PROXIES)))
    change[11, 1] = 0.0
    found = curves.effect_c(change)
    moved = DATA.inputs.proxies.double().numpy()
    moved[here] += change
    for member, model in enumerate(MODELS):
        inputs = DATA.inputs.with_proxies(moved)
        # what the images were read as stays
        day = estimated(model, inputs).day - estimated(model, DATA.inputs).day
        np.testing.assert_allclose(found[member], day.numpy()[here], atol=2e-5)


def test_a_move_of_what_has_no_curve_is_not_known(rows):
    curves = from_rows(rows[rows["metro"] == METROS[0]])
    change = np.zeros((len(curves.geoid), len(PROXIES)))
    change[:, 1] = 0.1
    found = curves.effect_c(change)
    assert np.isnan(found[:, 11]).all()
    assert np.isfinite(np.delete(found, 11, axis=1)).all()
    assert not curves.known[11, 1]


@settings(max_examples=200)
@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.integers(0, 10))
def test_a_move_in_the_cooling_direction_never_warms(rows, size, tract):
    curves = from_rows(rows[rows["metro"] == METROS[0]])
    cooling = -np.array([proxy.sign for proxy in PROXIES]) * np.array(size)
    change = np.zeros((len(curves.geoid), len(PROXIES)))
    change[tract] = cooling
    found = curves.effect_c(change)
    assert (found <= 0).all()
    assert (curves.effect_c(-change) >= 0).all()
    assert (np.delete(found, tract, axis=1) == 0).all()


def test_room_ends_where_learning_did(rows):
    np.testing.assert_allclose(rows["value"] + rows["lowest"], LOW, atol=1e-6)
    np.testing.assert_allclose(rows["value"] + rows["highest"], HIGH, atol=1e-6)
    assert (rows["usual_highest"] <= rows["highest"] + 1e-9).all()
    assert (rows["usual_lowest"] >= rows["lowest"] - 1e-9).all()
    # a tenth of the tracts lie beyond the usual
    at_end = (
        rows[rows["member"] == 0].groupby("proxy")["usual_highest"].apply(lambda r: (r == 0).mean())
    )
    assert at_end.between(0.05, 0.25).all()


def test_a_tract_outside_what_was_learned_may_not_move():
    value = {"ndvi": np.array([0.2, 0.9, np.nan])}
    ground = Ground(
        np.array(["1", "2", "3"]), np.array(["m"] * 3), np.ones(3), value,
        {"ndvi": np.array(0.1)}, {"ndvi": np.array(0.6)},
    )  # fmt: skip
    curve = replace(heat_curves(MODELS, DATA.inputs)[0])
    some = type(curve)(*(getattr(curve, n)[:, :3] for n in ("line", "weight", "slope", "offset")))
    found = response_rows(ground, {"ndvi": some})
    assert found["geoid"].unique().tolist() == ["1", "2"]
    outside = found[found["geoid"] == "2"]
    assert (outside[["lowest", "highest", "usual_lowest", "usual_highest"]] == 0).all(axis=None)


def test_curves_of_other_units_are_refused_instead_of_cut():
    curve = heat_curves(MODELS, DATA.inputs)[0]
    wider = replace(curve, weight=np.concatenate([curve.weight, curve.weight], axis=-1))
    value = {"ndvi": DATA.inputs.proxies[:, 0].double().numpy()}
    ends = {"ndvi": np.array(LOW)}, {"ndvi": np.array(HIGH)}
    count = len(value["ndvi"])
    ground = Ground(MADE.samples.geoid, MADE.samples.metro, np.ones(count), value, *ends)
    with pytest.raises(ArtifactError, match=r"have 8 saturating units, .* holds 4"):
        response_rows(ground, {"ndvi": wider})
