"""More shade never warms: any weights, any tract, own or neighbouring proxies, rebuilt from raw."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import TractFeatures, raw_proxies, with_proxies
from aespa_core.inference.tract_estimate import evaluated
from aespa_core.models import physics_head
from aespa_core.models.physics_head import HeadSettings
from aespa_core.models.tract_model import SIGNS, TractModel, raw_inputs

# Three neighbouring towns, one of them with sealed ground.
TOWNS = ("10", "11", "12")
RAISE = 0.07


@pytest.fixture(scope="module")
def features(labelled) -> TractFeatures:
    """Take some towns of the made nation."""
    keep = np.array([geoid[:2] in TOWNS for geoid in labelled.features.geoid])
    return labelled.features.rows(keep)


def random_model(features: TractFeatures, seed: int, size: float) -> TractModel:
    """Draw every weight at random; only the standardisation comes from data."""
    torch.manual_seed(seed)
    raw = raw_inputs(features)
    model = TractModel(HeadSettings(members=3, hidden=8), raw.anomaly.shape[2])
    model.fit_standardisation(raw, features.area)
    with torch.no_grad():
        for weights in model.head.parameters():
            weights.copy_(size * torch.randn_like(weights))
    return model.eval()


def wrong_moves(model: TractModel, nation, features: TractFeatures, seed: int) -> int:
    """Raise raw proxies, rebuild all features, count estimates that go against the sign."""
    rng = np.random.default_rng(seed)
    raw = raw_proxies(nation.table)
    before = evaluated(model, raw_inputs(features), ()).estimate.double()
    # estimates are sums of 32-bit numbers, as large as random weights make them
    tolerance = 1e-5 * (1.0 + float(before.abs().max()))
    wrong = 0
    for k, sign in enumerate(SIGNS):
        measured = np.flatnonzero(np.isfinite(raw[:, k]))
        near = np.intersect1d(measured, features.neighbourhood.own)
        one = rng.choice(near, 1)
        many = rng.choice(measured, len(measured) // 2, replace=False)
        for rows in (one, many):
            changed = raw.copy()
            changed[rows, k] += RAISE * rng.random(len(rows))
            after = evaluated(model, raw_inputs(with_proxies(features, changed)), ())
            wrong += int((sign * (after.estimate.double() - before) < -tolerance).sum())
    return wrong


@settings(max_examples=50)
@given(seed=st.integers(0, 2**31), size=st.floats(0.2, 2.0))
def test_no_weights_can_move_an_estimate_against_the_sign(nation, features, seed, size):
    assert wrong_moves(random_model(features, seed, size), nation, features, seed) == 0


def test_the_check_sees_a_broken_construction(nation, features, monkeypatch):
    """Without softplus on the mixing weights the same check finds wrong moves."""

    def broken(value: torch.Tensor) -> torch.Tensor:
        return value if isinstance(value, torch.nn.Parameter) else functional.softplus(value)

    models = [random_model(features, seed, 1.0) for seed in range(3)]
    monkeypatch.setattr(
        physics_head, "functional", SimpleNamespace(softplus=broken, silu=functional.silu)
    )
    assert all(wrong_moves(model, nation, features, 0) > 50 for model in models)


def test_an_estimate_does_move_when_a_proxy_is_raised(nation, features):
    """Zero violations would be cheap if nothing moved."""
    model = random_model(features, 1, 0.7)
    raw = raw_proxies(nation.table)
    before = evaluated(model, raw_inputs(features), ()).estimate
    for k, sign in enumerate(SIGNS):
        changed = raw.copy()
        changed[:, k] += RAISE
        after = evaluated(model, raw_inputs(with_proxies(features, changed)), ()).estimate
        assert float((sign * (after - before)).max()) > 0.01, LEARNED[k]


def test_the_base_knows_no_proxy(features):
    """The gradient of the base by every own and neighbouring proxy is zero, not merely small."""
    model = random_model(features, 2, 1.0)
    inputs = model.standardise(raw_inputs(features)).for_members(3)
    proxies = inputs.anomaly.clone().requires_grad_()
    output = model(physics_head.HeadInputs(proxies, *(
        getattr(inputs, name) for name in ("seen", "context", "descriptors", "proxy_descriptors")
    )))  # fmt: skip
    (slope,) = torch.autograd.grad(
        output.base.sum(), proxies, allow_unused=True, materialize_grads=True, retain_graph=True
    )
    assert torch.count_nonzero(slope) == 0
    (slope,) = torch.autograd.grad(output.estimate.sum(), proxies)
    assert torch.count_nonzero(slope) > 0


def test_a_scenario_leaves_the_base_and_the_areas_means_as_they_were(nation, features):
    model = random_model(features, 3, 1.0)
    changed = with_proxies(features, raw_proxies(nation.table) + 0.1)
    before, after = raw_inputs(features), raw_inputs(changed)
    for name in ("context", "descriptors", "proxy_descriptors"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    bases = [evaluated(model, raw, ()).base for raw in (before, after)]
    assert torch.equal(*bases)
