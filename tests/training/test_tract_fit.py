"""Training finds a law that was planted, is repeatable, and learns no curve where it sees none."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import raw_proxies, with_proxies
from aespa_core.datasets.tract_training import centred
from aespa_core.inference.tract_estimate import estimate_tracts, evaluated
from aespa_core.models.tract_model import raw_inputs
from aespa_core.training.tract_fit import fit_tract_model
from tests.made_nation import EFFECTS_C, FAST

LONGER = replace(FAST, steps=250, learning_rate=0.05, context_jitter=0.2)


@pytest.fixture(scope="module")
def fitted(labelled):
    """Fit to all groups but one."""
    return fit_tract_model(labelled.rows(labelled.group != 2), LONGER, 0)


def test_the_planted_law_is_found_in_towns_never_seen(fitted, labelled):
    towns = labelled.rows(labelled.group == 2)
    area = towns.features.area
    estimate = evaluated(fitted, raw_inputs(towns.features), ()).estimate.double().mean(0).numpy()
    error = centred(estimate - towns.labels.lst_day_c, area)
    truth = centred(towns.labels.lst_day_c, area)
    assert 1 - (error**2).sum() / (truth**2).sum() > 0.8


@pytest.mark.parametrize("name", ["ndvi", "canopy"])
def test_the_slopes_are_near_the_planted_ones(fitted, nation, labelled, name):
    """°C by .1 more of a proxy everywhere; two proxies that go together may share some of it."""
    towns = labelled.rows(labelled.group == 2).features
    raw = raw_proxies(nation.table)
    changed = raw.copy()
    changed[:, LEARNED.index(name)] += 0.1
    before, after = (
        evaluated(fitted, raw_inputs(with_proxies(towns, values)), ()).estimate.mean()
        for values in (raw, changed)
    )
    slope = float(after - before) / 0.1
    assert 1.5 * EFFECTS_C[name] < slope < 0.4 * EFFECTS_C[name]


def test_a_seed_makes_one_model(labelled):
    quick = replace(FAST, steps=15)
    one, again, other = (fit_tract_model(labelled, quick, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_every_parameter_is_trained(labelled):
    """A weight outside the optimiser would keep its first value for ever."""
    short, long = (
        fit_tract_model(labelled, replace(FAST, steps=steps), 0).head.state_dict()
        for steps in (12, 15)
    )
    assert [name for name in short if torch.equal(short[name], long[name])] == ["signs"]


def test_a_proxy_never_seen_beside_a_label_has_no_curve(labelled):
    bare = labelled.without_proxies(("impervious",))
    model = fit_tract_model(bare, replace(FAST, steps=15), 0)
    assert model.learned.tolist() == [1.0, 1.0, 0.0]
    # a town that has the proxy: it is as if it had not
    sealed = labelled.features.area[np.isfinite(labelled.features.proxies[:, 2, 0])][0]
    features = labelled.features.rows(labelled.features.area == sealed)
    here = estimate_tracts(model, features)
    assert np.isnan(here.contribution_c[:, 2]).all()
    np.testing.assert_array_equal(
        here.anomaly_c, estimate_tracts(model, features, hide=("impervious",)).anomaly_c
    )


def test_missing_is_not_zero(fitted, labelled):
    towns = labelled.rows(labelled.group == 2).features
    one = towns.rows(towns.area == towns.area[0])
    gone, zero = (one.proxies.copy() for _ in range(2))
    gone[5, 1], zero[5, 1] = np.nan, 0.0
    missing, treeless = (
        estimate_tracts(fitted, replace(one, proxies=proxies)) for proxies in (gone, zero)
    )
    assert np.isnan(missing.contribution_c[5, 1])
    assert np.isfinite(missing.anomaly_c).all()
    assert treeless.anomaly_c[5] - missing.anomaly_c[5] > 0.2


def test_parts_add_up_whatever_is_hidden(fitted, labelled):
    towns = labelled.rows(labelled.group == 2).features
    one = towns.rows(towns.area == towns.area[0])
    for hide in ((), ("canopy",), ("ndvi", "canopy"), LEARNED):
        here = estimate_tracts(fitted, one, hide)
        total = here.base_c + np.nansum(here.contribution_c, 1)
        np.testing.assert_allclose(total, here.anomaly_c, atol=1e-6)
