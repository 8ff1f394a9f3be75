"""The promise of the day head, what it may not see, and what each part does with missing data."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from aespa_core.datasets.heat.context import CONTEXT, METRO_CONTEXT
from aespa_core.models import physics_head
from aespa_core.models.heat.heads import HeadParts
from aespa_core.models.heat.heat_model import SIGNS, HeatModel, ModelShape
from aespa_core.models.heat.inputs import heat_inputs
from aespa_core.models.heat.settings import ModelSettings
from tests.made_heat import METROS, made_heat

MADE = made_heat()
SMALL = ModelSettings(width=16, heads=2, hidden=16, mobility_hidden=8)
ALBEDO = 3


def inputs_of(proxies=None, metros=METROS):
    samples = MADE.samples
    return heat_inputs(
        samples,
        samples.proxies if proxies is None else proxies,
        MADE.satellite,
        MADE.street,
        metros,
        read=samples.proxies,
    )


def random_model(seed: int, size: float, chosen: ModelSettings = SMALL) -> HeatModel:
    """Draw every weight at random; only the standardisation comes from data."""
    torch.manual_seed(seed)
    model = HeatModel(chosen, ModelShape(5, 6, 6, len(CONTEXT), METROS))
    model.fit_standardisation(inputs_of())
    with torch.no_grad():
        for weights in model.parameters():
            weights.copy_(size * torch.randn_like(weights))
    return model.eval()


def wrong_moves(model: HeatModel, seed: int, by: str = "day", only: tuple = range(5)) -> int:
    """Move each proxy of each tract, rebuild the inputs, count answers against the sign."""
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        before = getattr(model(inputs_of()), by).double()
        tolerance = 1e-5 * (1.0 + float(before.abs().max()))
        wrong = 0
        for k in only:
            moved = MADE.samples.proxies.copy()
            moved[:, k] += rng.uniform(0.01, 0.3, len(moved))
            after = getattr(model(inputs_of(moved)), by).double()
            wrong += int((SIGNS[k] * (after - before) < -tolerance).sum())
    return wrong


@settings(max_examples=8)
@given(st.integers(0, 2**31 - 1), st.floats(0.05, 3.0))
def test_no_weights_make_a_proxy_act_against_its_sign(seed, size):
    model = random_model(seed, size)
    assert wrong_moves(model, seed) == 0
    assert wrong_moves(model, seed, "night", (ALBEDO,)) == 0


def test_a_broken_construction_is_seen():
    """Without softplus the slopes may fall; the same count then finds moves that do."""
    with patch.object(physics_head.functional, "softplus", lambda x: x):
        broken = [wrong_moves(random_model(seed, 1.0), seed) for seed in range(3)]
    assert sum(broken) > 0
    assert functional.softplus(torch.tensor(-1.0)) > 0


def test_the_soft_model_promises_nothing():
    soft = replace(SMALL, physics="soft")
    assert sum(wrong_moves(random_model(seed, 1.0, soft), seed) for seed in range(3)) > 0


def test_no_proxy_reaches_the_base():
    """Published: nothing kept image features from carrying a proxy around its constraint."""
    model = random_model(0, 1.0)
    moved = MADE.samples.proxies + 0.2
    with torch.no_grad():
        assert torch.equal(model(inputs_of()).base, model(inputs_of(moved)).base)


def test_what_varies_within_metros_does_not_tell_how_hot_one_is_as_a_whole():
    """A tract like its metro has the same base, however much water its metro has."""
    model = random_model(3, 1.0)
    varies = (torch.arange(len(CONTEXT)) >= len(METRO_CONTEXT)).float()
    base = model.day.base
    base.varies.copy_(varies)
    inputs = inputs_of()
    like_it = torch.randn(len(inputs), len(CONTEXT))
    other = like_it + varies * torch.randn(len(CONTEXT))

    def evaluated(context: torch.Tensor, usual: torch.Tensor) -> torch.Tensor:
        zeros = torch.zeros(len(inputs), 16)
        proxies = torch.zeros_like(inputs.proxies)
        with torch.no_grad():
            parts = HeadParts(zeros, context, usual, zeros, proxies, proxies, inputs.metro)
            return base(parts)

    assert torch.allclose(evaluated(like_it, like_it), evaluated(other, other), atol=1e-4)
    # within a metro it does tell, and between metros the climate does
    assert not torch.allclose(evaluated(like_it, like_it), evaluated(other, like_it), atol=0.1)
    warmer = like_it + (1 - varies)
    assert not torch.allclose(evaluated(like_it, like_it), evaluated(warmer, warmer), atol=0.1)


def test_a_tract_that_does_not_say_is_like_its_metro():
    model, inputs = random_model(4, 1.0), inputs_of()
    gap = inputs.context.clone()
    gap[0] = torch.nan
    filled = model.filled_context(replace(inputs, context=gap))
    assert torch.equal(filled[0], model.standard_context(inputs.usual)[0])
    assert torch.equal(filled[1:], model.filled_context(inputs)[1:])
    own = MADE.samples.metro == MADE.samples.metro[0]
    mean = MADE.samples.context[own].mean().to_numpy()
    assert inputs.usual[0].numpy() == pytest.approx(mean, rel=1e-5)


def test_base_and_contributions_are_the_estimate():
    found = random_model(1, 1.0)(inputs_of())
    assert torch.allclose(found.base + found.contribution.sum(-1), found.day, atol=1e-4)


def test_residuals_know_nothing_linear_of_the_proxies():
    model = HeatModel(SMALL, ModelShape(5, 6, 6, len(CONTEXT), METROS))
    model.fit_standardisation(inputs_of())
    inputs = inputs_of()
    rows = inputs.has_tile
    read = model.standard_proxies(inputs.read)
    residual = model.tile_residual(inputs.satellite, read)[rows].flatten(1).numpy()
    raw = inputs.satellite[rows].flatten(1).numpy()

    def strongest(features) -> float:
        both = np.corrcoef(features.T, read[rows].numpy().T)
        return np.abs(both[: features.shape[1], features.shape[1] :]).max()

    assert strongest(raw) > 0.9
    assert strongest(residual) < 0.05


def test_a_scenario_does_not_move_what_the_images_were_read_as():
    before, after = inputs_of(), inputs_of(MADE.samples.proxies + 0.2)
    assert torch.equal(before.read, after.read)
    assert not torch.equal(before.proxies, after.proxies)


@pytest.mark.parametrize(("row", "mask"), [(3, "has_tile"), (5, "has_photo"), (7, "has_week")])
def test_a_missing_modality_is_masked_and_not_read(row, mask):
    """Published: noise for a missing image, 0 for a missing proxy."""
    inputs, model = inputs_of(), random_model(2, 0.5)
    assert not getattr(inputs, mask)[row].any()
    noise = {
        "has_tile": {"satellite": torch.randn_like(inputs.satellite)},
        "has_photo": {"street": torch.randn_like(inputs.street)},
        "has_week": {"week": torch.randn_like(inputs.week), "volume": inputs.volume + 9},
    }[mask]
    with torch.no_grad():
        same = model(inputs).day[row]
        assert torch.isfinite(same)
        assert torch.allclose(model(replace(inputs, **noise)).day[row], same)


def test_a_proxy_that_is_not_known_contributes_nothing():
    proxies = MADE.samples.proxies.copy()
    proxies[:, 2] = np.nan
    found = random_model(0, 1.0)(inputs_of(proxies))
    assert (found.contribution[:, 2] == 0).all()
    assert torch.isfinite(found.day).all()


def test_mobility_keeps_its_volume():
    """Published: each hour over its sum over channels; fifty times the visits look alike."""
    model = random_model(0, 0.5)
    crowded = replace(MADE.samples, mobility=50 * MADE.samples.mobility)
    inputs = heat_inputs(crowded, crowded.proxies, MADE.satellite, MADE.street, METROS)
    with torch.no_grad():
        moved = (model(inputs).day - model(inputs_of()).day).abs()
    there = np.isfinite(MADE.samples.mobility).all((1, 2))
    assert (moved[torch.from_numpy(there)] > 1e-4).float().mean() > 0.9
    assert moved[7] == 0


def test_photos_are_a_set_and_attention_falls_only_on_those_there():
    """Published: attention ran over heads within one vector."""
    model, inputs = random_model(0, 0.5), inputs_of()
    order = torch.tensor([2, 0, 3, 1])
    shuffled = replace(inputs, street=inputs.street[:, order], has_photo=inputs.has_photo[:, order])
    with torch.no_grad():
        one, other = model(inputs), model(shuffled)
    assert torch.allclose(one.day, other.day, atol=1e-4)
    assert torch.allclose(one.attention[:, order], other.attention, atol=1e-5)
    few = replace(inputs, has_photo=torch.tensor([True, False, True, False]).expand(200, 4))
    attention = model(few).attention
    assert (attention[:, 1] == 0).all()
    assert torch.allclose(attention.sum(1), torch.ones(200))
    # a changed photo changes the estimate through the cross-attention of the tile as well
    other_photo = inputs.street.clone()
    other_photo[:, 0] += 1.0
    with torch.no_grad():
        assert not torch.allclose(model(replace(inputs, street=other_photo)).day, one.day)


def test_an_unseen_metro_is_defined_by_its_context():
    """Published: a city id, always 0."""
    model = random_model(0, 0.5)
    seen, unseen = inputs_of(), inputs_of(metros=("elsewhere",))
    assert (unseen.metro == -1).all()
    with torch.no_grad():
        assert torch.isfinite(model(unseen).day).all()
        own = model.day.base.metro_level[seen.metro]
        assert torch.allclose(model(seen).base - own, model(unseen).base, atol=1e-4)


def test_conditions_modulate_each_stream_apart_and_start_as_identity():
    """Published: one shared modulation, γ instead of 1 + γ."""
    model = HeatModel(SMALL, ModelShape(5, 6, 6, len(CONTEXT), METROS))
    film = model.fusion.film_tile
    x, by = torch.randn(4, 16), torch.randn(4, 16)
    assert torch.equal(film(x, by), x)
    assert film is not model.fusion.film_street
