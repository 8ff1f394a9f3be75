"""Pretraining learns, beats its own beginning, repeats itself, and says what it cannot use."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import RidgeCV
from transformers import CLIPVisionModel, PreTrainedModel, ViTModel

from aespa_core.errors import ConfigError
from aespa_core.models.heat.settings import EncoderSettings
from aespa_core.pretraining.encoder_fit import (
    PretrainSettings,
    pretrain_clip_vision,
    pretrain_vit,
)
from aespa_core.pretraining.views import standardised
from aespa_core.pretraining.visible_patches import visible_tokens
from tests.pretraining.made_ground import PATCH, PX, Ground, made_ground

SMALL = EncoderSettings(image_px=PX, patch_px=PATCH, width=32, depth=1, heads=4)
SHORT = PretrainSettings(steps=100, words=8, decoder_width=16)
STILL = replace(SHORT, steps=1, learning_rate=1e-12)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return made_ground(300, 0)


@pytest.fixture(scope="module")
def learning(ground) -> tuple[ViTModel, list[float]]:
    losses: list[float] = []
    network = pretrain_vit(ground.tiles, SMALL, SHORT, 0, lambda step, loss: losses.append(loss))
    return network, losses


def summary_error(network: PreTrainedModel, learned: Ground, tested: Ground) -> float:
    """Root mean square error of a ridge from the summary token to the speckled share."""
    with torch.no_grad():
        told = [
            network(standardised(torch.from_numpy(g.tiles))).last_hidden_state[:, 0].numpy()
            for g in (learned, tested)
        ]
    ridge = RidgeCV(np.logspace(-4, 4, 9)).fit(told[0], learned.share)
    return float(np.sqrt(np.mean((ridge.predict(told[1]) - tested.share) ** 2)))


def test_the_loss_falls(learning):
    _, losses = learning
    assert len(losses) == SHORT.steps
    assert np.mean(losses[-10:]) < 0.7 * np.mean(losses[:10])


def test_a_pretrained_encoder_tells_more_than_its_beginning(learning, ground):
    """The share is read from few labelled tiles that pretraining never saw."""
    labelled, tested = made_ground(60, 1), made_ground(300, 2)
    begun = pretrain_vit(ground.tiles, SMALL, STILL, 0)
    before = summary_error(begun, labelled, tested)
    after = summary_error(learning[0], labelled, tested)
    assert after < 0.6 * before
    assert after < 0.5 * tested.share.std()


def test_photos_train_clips_tower_and_its_summary(ground):
    labelled, tested = made_ground(60, 1), made_ground(300, 2)
    before = pretrain_clip_vision(ground.tiles, SMALL, STILL, 0)
    after = pretrain_clip_vision(ground.tiles, SMALL, SHORT, 0)
    assert summary_error(after, labelled, tested) < 0.6 * summary_error(before, labelled, tested)


def test_the_same_seed_and_images_give_the_same_weights(ground):
    few = replace(SHORT, steps=3)
    state = torch.get_rng_state()
    first = pretrain_vit(ground.tiles, SMALL, few, 5).state_dict()
    torch.manual_seed(99)
    second = pretrain_vit(ground.tiles.copy(), SMALL, few, 5).state_dict()
    other = pretrain_vit(ground.tiles, SMALL, few, 6).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)
    torch.set_rng_state(state)
    pretrain_vit(ground.tiles, SMALL, few, 5)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("model", [pretrain_vit, pretrain_clip_vision])
def test_a_saved_encoder_reads_back(model, ground, tmp_path):
    network = model(ground.tiles, SMALL, STILL, 0)
    network.save_pretrained(tmp_path)
    assert (tmp_path / "model.safetensors").is_file()
    kind = ViTModel if model is pretrain_vit else CLIPVisionModel
    options = {"add_pooling_layer": False} if kind is ViTModel else {}
    again = kind.from_pretrained(tmp_path, **options).state_dict()
    assert all(torch.equal(again[name], value) for name, value in network.state_dict().items())


@pytest.mark.parametrize("model", [pretrain_vit, pretrain_clip_vision])
def test_hidden_patches_reach_no_token(model, ground):
    network = model(ground.tiles, SMALL, STILL, 0)
    images = standardised(torch.from_numpy(ground.tiles[:2]))
    visible = torch.tensor([[0, 5, 6], [1, 2, 15]])
    changed = images.clone()
    changed[:, :, 8:] += 1.0  # patches 8 to 15: of these only the second image shows one
    with torch.no_grad():
        before, after = (visible_tokens(network, x, visible) for x in (images, changed))
        everything = torch.arange(16).expand(2, -1)
        whole = visible_tokens(network, images, everything)
        assert torch.allclose(whole, network(images).last_hidden_state, atol=1e-5)
    assert before.shape == (2, 4, 32)
    assert torch.equal(before[0], after[0])
    assert not torch.equal(before[1], after[1])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda tiles: tiles[:10], "10 tiles are too few to pretrain on: give at least batch = 32"),
        (lambda tiles: tiles / 255, r"float64 of shape .* give uint8 of shape \(N, 16, 16, 3\)"),
        (lambda tiles: tiles[:, :8], r"\(300, 8, 16, 3\): give uint8 .* as image_px = 16 says"),
        (lambda tiles: tiles * 0, "show 1 colours, too few for words = 8"),
    ],
)
def test_images_that_teach_nothing_are_refused(ground, spoil, says):
    with pytest.raises(ConfigError, match=says):
        pretrain_vit(spoil(ground.tiles), SMALL, SHORT, 0)


def test_an_encoder_that_is_trained_already_is_refused(ground):
    with pytest.raises(ConfigError, match=r"weights = '\$VIT_MODEL_DIR' names an encoder"):
        pretrain_vit(ground.tiles, replace(SMALL, weights="$VIT_MODEL_DIR"), SHORT, 0)


def test_images_that_cannot_be_written_to_are_taken_and_left_alone(ground):
    held = ground.tiles.copy()
    held.flags.writeable = False
    pretrain_vit(held, SMALL, replace(SHORT, steps=2), 0)
    assert np.array_equal(held, ground.tiles)


def test_settings_that_cannot_run_are_refused():
    with pytest.raises(ConfigError, match="hidden_share = 1"):
        PretrainSettings(hidden_share=1)
    with pytest.raises(ConfigError, match="steps = 10 make a rise of one step"):
        PretrainSettings(steps=10)
    with pytest.raises(ConfigError, match="batch = 0 must be above 0"):
        PretrainSettings(batch=0)
    with pytest.raises(ConfigError, match="decoder_width = 30"):
        PretrainSettings(decoder_width=30)
