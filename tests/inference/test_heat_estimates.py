"""An estimate's parts add up, mean what the atlas's parts mean, and keep their signs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from aespa_core.errors import StudyError
from aespa_core.inference.heat_estimates import heat_estimates
from aespa_core.inference.heat_scope import NO_REFERENCE, scope_of
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.inputs import heat_inputs
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.schema import PROXIES, PROXY_IDS
from aespa_core.studies.faults import Sheet
from aespa_core.studies.relation_faults import interval_faults, sum_faults
from aespa_core.studies.tables import ESTIMATES
from aespa_core.training.heat.training_set import training_set
from tests.made_heat import METROS, made_heat

MADE = made_heat()
SETTINGS = ModelSettings(width=8, heads=2, hidden=8, mobility_hidden=4)


@pytest.fixture(scope="module")
def data():
    """Lay the towns out; tract 11 knows no canopy."""
    proxies = MADE.samples.proxies.copy()
    proxies[11, 1] = np.nan
    return training_set(MADE.samples, MADE.split, proxies, MADE.satellite, MADE.street)


def asked(data, physics="monotone", scale=1.0):
    """Give a model whose weights are chance, and its scope."""
    torch.manual_seed(5)
    model = HeatModel(replace(SETTINGS, physics=physics), data.shape)
    model.fit_standardisation(data.inputs.rows(data.train))
    with torch.no_grad():
        for value in model.day.parameters():
            value.add_(scale * 0.5 * torch.randn_like(value))
    residual = np.random.default_rng(0).normal(size=40)
    train = data.inputs.rows(data.train)
    return model.eval(), scope_of(MADE.samples, train, residual, "")


def sheet(table) -> Sheet:
    return Sheet("estimates/made.parquet", table)


def test_the_table_is_as_declared_and_its_parts_add_up(data):
    model, scope = asked(data)
    table = heat_estimates((model,), scope, MADE.samples, data.inputs)
    ESTIMATES.validate(table)
    parts = [f"contribution_{name}_c" for name in PROXY_IDS]
    total = table["base_c"] + table[parts].sum(axis=1)
    assert np.abs(total - table["anomaly_c"]).max() < 1e-4
    assert not sum_faults(sheet(table))
    assert not interval_faults(sheet(table))
    # parts that do not add up would be found
    assert sum_faults(sheet(table.assign(base_c=table["base_c"] + 2e-4)))
    assert table["measured"][11] == "ndvi+impervious+albedo+shadow"
    assert table["contribution_canopy_c"].isna().sum() == 1
    np.testing.assert_allclose(table.groupby("metro")["anomaly_c"].median(), 0, atol=1e-5)


def test_a_contribution_is_the_change_from_the_metros_median(data):
    """One proxy at a time is put at its median: the day moves by what the table says."""
    model, scope = asked(data)
    table = heat_estimates((model,), scope, MADE.samples, data.inputs)
    proxies = data.inputs.proxies.double().numpy()
    for k, proxy in enumerate(PROXIES):
        moved = proxies.copy()
        for metro in METROS:
            here = MADE.samples.metro == metro
            moved[here, k] = np.median(proxies[here & np.isfinite(proxies[:, k]), k])
        moved[np.isnan(proxies)] = np.nan
        with torch.no_grad():
            change = model(data.inputs).day - model(data.inputs.with_proxies(moved)).day
        said = table[f"contribution_{proxy.id}_c"].to_numpy()
        known = np.isfinite(said)
        np.testing.assert_allclose(change.numpy()[known], said[known], atol=2e-4)
        # whatever the weights are, more of it never works against its sign
        assert (said * proxy.sign * (proxies - moved)[:, k])[known].min() > -1e-6


def test_the_level_is_known_by_weather_or_from_a_metro_learned_from(data):
    model, scope = asked(data)
    day = heat_estimates((model,), scope, MADE.samples, data.inputs)["lst_day_c"]
    with torch.no_grad():
        np.testing.assert_allclose(
            day, model(data.inputs).day.numpy() + MADE.samples.reference_c, atol=1e-4
        )
    blind = replace(scope, reference=NO_REFERENCE)
    one = MADE.samples.metro == METROS[0]
    elsewhere = replace(
        data.inputs, metro=torch.where(torch.from_numpy(one), -1, data.inputs.metro)
    )
    level = heat_estimates((model,), blind, MADE.samples, elsewhere)["lst_day_c"]
    assert level.isna().tolist() == one.tolist()


def test_a_model_without_curves_has_only_a_base(data):
    model, scope = asked(data, "none")
    table = heat_estimates((model,), scope, MADE.samples, data.inputs)
    assert not [name for name in table if name.startswith("contribution")]
    np.testing.assert_allclose(table["base_c"], table["anomaly_c"], atol=1e-5)


def test_tracts_of_nothing_but_a_context_are_estimated(data):
    model, scope = asked(data)
    bare = replace(MADE.samples, mobility=np.full_like(MADE.samples.mobility, np.nan))
    nothing = np.full((len(bare), 5), np.nan)
    inputs = heat_inputs(
        bare, nothing, np.full_like(MADE.satellite, np.nan), np.full_like(MADE.street, np.nan),
        METROS,
    )  # fmt: skip
    table = heat_estimates((model,), scope, bare, inputs)
    assert table["anomaly_c"].notna().all()
    assert set(table["measured"]) == {"none"}
    assert table[[f"contribution_{name}_c" for name in PROXY_IDS]].isna().all().all()


def test_what_no_tract_can_have_is_refused(data):
    model, scope = asked(data, scale=60.0)
    with pytest.raises(StudyError, match=r"The model gives tract 99\d+ .* outside -30 to 30"):
        heat_estimates((model,), scope, MADE.samples, data.inputs)
