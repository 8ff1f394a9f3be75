"""Curves of the tract model: exact with neighbours frozen, and never too good a promise."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.response import from_rows
from aespa_core.attribution.response_rows import response_rows
from aespa_core.attribution.tract_response import tract_curves, tract_ground
from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import raw_proxies, with_proxies
from aespa_core.inference.tract_estimate import evaluated
from aespa_core.models.tract_model import CLIP_PROXY, SIGNS, raw_inputs
from aespa_core.schema import PROXIES, PROXY_IDS
from aespa_core.studies.explanation_faults import wrong_way_faults
from aespa_core.studies.faults import Sheet
from aespa_core.studies.response_table import RESPONSES
from tests.made_nation import BARE_METRO
from tests.made_tract_model import MEMBERS, model_of_chance, town_features

COLUMN = [PROXY_IDS.index(name) for name in LEARNED]


@pytest.fixture(scope="module")
def features(nation):
    return town_features(nation)


@pytest.fixture(scope="module")
def model(features):
    return model_of_chance(features)


def rows_of(model, features, *, with_values=True):
    return response_rows(
        tract_ground(model, features), tract_curves(model, features), with_values=with_values
    )


def day(model, features):
    """Estimate by every member, (M, B)."""
    return evaluated(model, raw_inputs(features), ()).estimate.double().numpy()


def rebuilt(nation, features, change):
    """Change raw proxies (B, K) of the town's tracts and rebuild all features from them."""
    raw = raw_proxies(nation.table)
    raw[features.neighbourhood.own] += change
    return with_proxies(features, raw)


def frozen(features, after):
    """Leave the neighbours' proxies as they were."""
    proxies = features.proxies.copy()
    proxies[:, :, 0] = after.proxies[:, :, 0]
    return replace(features, proxies=proxies)


def moves(curves, rng):
    """Draw a move of every proxy within its limits, (B, K)."""
    low, high = curves.lowest[:, COLUMN], curves.highest[:, COLUMN]
    return np.nan_to_num(low + (high - low) * rng.random(low.shape))


def in_all(change):
    """Lay moves of the learned proxies out for all five."""
    whole = np.zeros((len(change), len(PROXIES)))
    whole[:, COLUMN] = change
    return whole


def test_the_table_is_as_declared(nation, model, features):
    rows = rows_of(model, features)
    RESPONSES.validate(rows)
    assert len(rows) == 64 * len(LEARNED) * MEMBERS
    assert not wrong_way_faults(Sheet("responses/tract_model.parquet", rows))
    # another town measures NDVI alone
    bare = rows_of(model, town_features(nation, BARE_METRO))
    assert set(bare["proxy"]) == {"ndvi"}


def test_a_proxy_without_a_label_has_no_curve(features):
    model = model_of_chance(features)
    model.learned[1] = 0.0
    assert set(rows_of(model, features)["proxy"]) == {"ndvi", "impervious"}


def test_values_stay_where_they_may_not_leave(model, features):
    assert rows_of(model, features)["value"].notna().all()
    assert rows_of(model, features, with_values=False)["value"].isna().all()


@pytest.mark.parametrize("seed", range(5))
def test_with_neighbours_frozen_the_table_says_what_the_model_says(nation, features, seed):
    model = model_of_chance(features, seed)
    curves = from_rows(rows_of(model, features))
    change = moves(curves, np.random.default_rng(seed))
    after = frozen(features, rebuilt(nation, features, change))
    found = curves.effect_c(in_all(change))
    said = day(model, after) - day(model, features)
    np.testing.assert_allclose(found, said, atol=3e-5)
    assert np.abs(said).max() > 0.3
    # had the neighbours moved too, the numbers would be others
    everywhere = day(model, rebuilt(nation, features, change)) - day(model, features)
    assert np.abs(everywhere - found).max() > 0.03


def test_neighbours_count_where_the_curve_starts(model, features, nation):
    """A curve that forgot its neighbours would give other numbers."""
    lonely = features.proxies.copy()
    lonely[:, :, 1:] = features.proxy_mean[:, :, 1:]
    wrong = from_rows(rows_of(model, replace(features, proxies=lonely)))
    right = from_rows(rows_of(model, features))
    change = in_all(moves(right, np.random.default_rng(0)))
    assert np.abs(wrong.effect_c(change) - right.effect_c(change)).max() > 0.03


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31), share=st.floats(0.02, 1.0))
def test_many_at_once_cool_at_least_as_much_as_the_table_says(nation, features, seed, share):
    """Each tract's neighbours change too: that only adds cooling, also where nothing was done."""
    model, rng = model_of_chance(features, seed), np.random.default_rng(seed)
    curves = from_rows(rows_of(model, features))
    room = np.where(np.array(SIGNS) < 0, curves.highest[:, COLUMN], curves.lowest[:, COLUMN])
    treated = rng.random(64) < share
    change = room * rng.random(room.shape) * treated[:, None]
    said = curves.effect_c(in_all(change))
    model_says = day(model, rebuilt(nation, features, change)) - day(model, features)
    assert (said <= 0).all()
    assert (model_says <= said + 3e-5).all()
    assert (said[:, ~treated] == 0).all()


def test_room_is_the_models_range_around_the_metros_mean(model, features):
    rows = rows_of(model, features)
    rows = rows[rows["member"] == 0]
    for k, name in enumerate(LEARNED):
        mine = rows[rows["proxy"] == name]
        mean = features.proxy_mean[0, k, 0]
        low, high = (mine["value"] + mine[end] for end in ("lowest", "highest"))
        # the hottest and greenest tracts of training are this town's own
        outside = (mine["lowest"] == 0) & (mine["highest"] == 0)
        assert outside.mean() < 0.05
        np.testing.assert_allclose(low[~outside], mean + float(model.anomaly_low[k]), atol=1e-6)
        np.testing.assert_allclose(high[~outside], mean + float(model.anomaly_high[k]), atol=1e-6)


def test_no_move_leads_out_of_what_a_proxy_can_be_or_the_model_sees(nation, features):
    model = model_of_chance(features)
    model.anomaly_low.fill_(-5.0)
    model.anomaly_high.fill_(5.0)
    rows = rows_of(model, features)
    assert (rows["value"] + rows["lowest"]).min() >= -1.0 - 1e-9
    shares = rows[rows["proxy"] != "ndvi"]
    assert (shares["value"] + shares["lowest"]).min() >= -1e-9
    assert (shares["value"] + shares["highest"]).max() <= 1 + 1e-9
    # the model cuts what lies too far out: beyond, a curve would promise what it does not say
    with torch.no_grad():
        model.anomaly_scale.mul_(0.25)
    curves = from_rows(rows_of(model, features))
    standard = np.abs(raw_inputs(features).anomaly[:, :, 0]) / model.anomaly_scale[:, 0].numpy()
    beyond = standard > CLIP_PROXY
    assert beyond.any()
    assert (curves.highest[:, COLUMN][beyond] == 0).all()
    assert (curves.lowest[:, COLUMN][beyond] == 0).all()
    for end in (curves.lowest, curves.highest):
        change = end[:, COLUMN]
        after = frozen(features, rebuilt(nation, features, change))
        said = day(model, after) - day(model, features)
        np.testing.assert_allclose(curves.effect_c(in_all(change)), said, atol=5e-5)
