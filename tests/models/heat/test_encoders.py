"""The image encoders: what they give, and that each adaptation learns where it says it does."""

import pytest
import torch
from torch import nn

from aespa_core.errors import ConfigError
from aespa_core.models.heat.adaptation import blocks_of
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.settings import EncoderSettings
from aespa_core.models.heat.street import StreetEncoder

GRID = 2


def settings(adaptation="frozen", **more: object):
    size = {"image_px": 16, "patch_px": 4, "width": 16, "depth": 3, "heads": 2, "rank": 2}
    return EncoderSettings(adaptation=adaptation, adapter_dropout=0.0, **(size | more))


def encoder_of(kind, adaptation):
    if kind == "satellite":
        return SatelliteEncoder(settings(adaptation), GRID)
    return StreetEncoder(settings(adaptation))


@pytest.fixture
def pixels():
    return torch.randn(3, 3, 16, 16, generator=torch.Generator().manual_seed(1))


def learn(encoder, pixels, steps=3):
    """Take steps towards another output."""
    encoder.train()
    wanted = torch.randn(len(pixels), *encoder.shape, generator=torch.Generator().manual_seed(2))
    optimiser = torch.optim.SGD([p for p in encoder.parameters() if p.requires_grad], lr=0.5)
    for _ in range(steps):
        optimiser.zero_grad()
        nn.functional.mse_loss(encoder(pixels), wanted).backward()
        optimiser.step()
    return encoder.eval()


def test_a_summary_after_the_last_norm_and_a_grid_of_averaged_parts(pixels):
    encoder = encoder_of("satellite", "frozen")
    out = encoder(pixels)
    tokens = encoder.network(pixel_values=pixels).last_hidden_state
    assert out.shape == (3, 1 + GRID**2, 16)
    assert torch.equal(out[:, 0], tokens[:, 0])
    # the parts by hand: 4 × 4 patches in rows, the upper left quarter is patches 0, 1, 4, 5
    corner = tokens[:, 1:][:, [0, 1, 4, 5]].mean(1)
    torch.testing.assert_close(out[:, 1], corner)
    # layer norm at its start: no mean, unit variance
    torch.testing.assert_close(out[:, 0].mean(1), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(out[:, 0].var(1, correction=0), torch.ones(3), atol=1e-3, rtol=0)


def test_a_grid_finer_than_the_patches_is_refused():
    with pytest.raises(ConfigError, match="grid = 5 does not fit 4 × 4 patches"):
        SatelliteEncoder(settings(), 5)


def test_a_photo_is_the_summary_before_the_last_norm(pixels):
    encoder = encoder_of("street", "frozen")
    given = encoder.network(pixel_values=pixels)
    assert encoder(pixels).shape == (3, *encoder.shape)
    assert torch.equal(encoder(pixels), given.last_hidden_state[:, 0])
    assert not torch.allclose(encoder(pixels), given.pooler_output)


@pytest.mark.parametrize("kind", ["satellite", "street"])
def test_a_new_network_follows_from_its_seed_and_moves_no_other_draw(kind, pixels):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one, same = encoder_of(kind, "lora"), encoder_of(kind, "lora")
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(one(pixels), same(pixels))


@pytest.mark.parametrize("kind", ["satellite", "street"])
@pytest.mark.parametrize("adaptation", ["lora", "adapters"])
def test_adaptation_starts_as_nothing_and_learns_alone(kind, adaptation, pixels):
    frozen, adapted = encoder_of(kind, "frozen"), encoder_of(kind, adaptation)
    assert not any(p.requires_grad for p in frozen.parameters())
    start = adapted(pixels)
    torch.testing.assert_close(start, frozen(pixels), atol=0, rtol=0)
    before = {name: p.detach().clone() for name, p in adapted.named_parameters()}
    learn(adapted, pixels)
    changed = {n for n, p in adapted.named_parameters() if not torch.equal(p, before[n])}
    word = "lora_" if adaptation == "lora" else "mlp."
    parts = ("lora_A", "lora_B") if adaptation == "lora" else ("mlp.down", "mlp.up")
    assert changed == {n for n, p in adapted.named_parameters() if p.requires_grad}
    assert changed == {n for n in before if any(part in n for part in parts)}
    assert all(word in name for name in changed)
    # each of three blocks has its own: 4 projections × 2 factors, or 2 layers with bias
    assert len(changed) == 3 * (8 if adaptation == "lora" else 4)
    assert (adapted(pixels) - start).abs().max() > 1e-3


@pytest.mark.parametrize("kind", ["satellite", "street"])
def test_a_whole_network_has_no_parameter_that_no_gradient_reaches(kind, pixels):
    encoder = encoder_of(kind, "whole").train()
    encoder(pixels).square().sum().backward()
    trainable = {n: p for n, p in encoder.named_parameters() if p.requires_grad}
    assert len(trainable) > 40
    assert [n for n, p in trainable.items() if p.grad is None] == []


def test_adapters_sit_inside_the_blocks(pixels):
    """The published code ran all of them on the final summary, where no block could see them."""
    encoder = encoder_of("satellite", "adapters")
    blocks = blocks_of(encoder.network)
    seen = []
    hook = blocks[2].register_forward_pre_hook(lambda block, given: seen.append(given[0].clone()))
    encoder(pixels)
    torch.nn.init.normal_(blocks[1].mlp.up.weight)
    encoder(pixels)
    hook.remove()
    before, after = seen  # tokens that the last block is given, (N, 1 + P², D)
    moved = (after - before).abs().amax(2)
    assert moved.shape == (3, 17)
    # every token of every image, the patches as well as the summary
    assert moved.min() > 1e-4


def test_low_rank_update_is_scaled_by_alpha_over_rank(pixels):
    encoder = encoder_of("street", "lora")
    layer = blocks_of(encoder.network)[0].self_attn.v_proj
    nn.init.normal_(layer.lora_B["default"].weight)
    tokens = torch.randn(2, 16)
    down, up = layer.lora_A["default"].weight, layer.lora_B["default"].weight
    update = tokens @ down.T @ up.T * (16 / 2)
    torch.testing.assert_close(layer(tokens), layer.base_layer(tokens) + update)


@pytest.mark.parametrize("kind", ["satellite", "street"])
def test_dropout_of_an_update_acts_in_training_alone(kind, pixels):
    if kind == "satellite":
        encoder = SatelliteEncoder(settings("lora", rank=4), GRID)
    else:
        encoder = StreetEncoder(settings("lora", rank=4))
    drops = [m for m in encoder.modules() if isinstance(m, nn.Dropout)]
    assert not any(m.training for m in drops)
    encoder.train()
    assert encoder.network.training
    frozen = encoder_of(kind, "frozen").train()
    assert frozen.training
    assert not frozen.network.training
