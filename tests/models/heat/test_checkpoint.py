"""Weights on disk: what was saved comes back, and what is not ours is refused in a sentence."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.errors import ArtifactError
from aespa_core.models.heat.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from aespa_core.models.heat.encoders import TractPixels, encoders_of
from aespa_core.models.heat.heat_model import HeatModel, ModelShape
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings

TINY = EncoderSettings(image_px=16, patch_px=8, width=8, depth=1, heads=2, adaptation="lora")
SETTINGS = ModelSettings(satellite=TINY, street=TINY, grid=2, photos=2, width=16, heads=2)
SHAPE = ModelShape(5, 8, 8, len(CONTEXT), ("here", "there"))
WORDS = {"experiment": "test", "seed": "0"}


def saved(path, encoders=None, settings=SETTINGS):
    torch.manual_seed(0)
    model = HeatModel(settings, SHAPE)
    save_checkpoint(Checkpoint((model,), CONTEXT, "teacher", WORDS, encoders), path)
    return model


def test_settings_travel_with_the_weights(tmp_path):
    """Published: a student builds its teacher from its own settings, which then does not load."""
    other = replace(SETTINGS, width=24, heads=3, use_mobility=False, physics="soft")
    model = saved(tmp_path / "a.safetensors", settings=other)
    read = load_checkpoint(tmp_path / "a.safetensors", CONTEXT)
    assert read.models[0].settings == other
    assert read.models[0].shape == SHAPE
    assert (read.mode, read.words) == ("teacher", WORDS)
    for name, value in model.state_dict().items():
        assert torch.equal(read.models[0].state_dict()[name], value)


def test_encoders_that_learned_come_back_as_they_were(tmp_path):
    encoders = encoders_of(SETTINGS)
    with torch.no_grad():
        for weights in encoders.parameters():
            weights.add_(0.1 * torch.randn_like(weights))
    saved(tmp_path / "a.safetensors", encoders)
    read = load_checkpoint(tmp_path / "a.safetensors", CONTEXT).encoders
    pixels = TractPixels(
        torch.randint(255, (3, 16, 16, 3), dtype=torch.uint8).numpy(),
        torch.randint(255, (3, 2, 16, 16, 3), dtype=torch.uint8).numpy(),
    )
    ours, theirs = (next(e.eval().batches(pixels)) for e in (encoders, read))
    assert torch.equal(ours.satellite, theirs.satellite)
    assert torch.equal(ours.street, theirs.street)


def test_equal_models_are_equal_files(tmp_path):
    saved(tmp_path / "a.safetensors")
    saved(tmp_path / "b.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_what_is_no_checkpoint_is_refused(tmp_path):
    path = tmp_path / "best.safetensors"
    with pytest.raises(ArtifactError, match=r"best.safetensors is missing: train it again"):
        load_checkpoint(path, CONTEXT)
    path.write_bytes(b"not safetensors")
    with pytest.raises(ArtifactError, match=r"best.safetensors is not a safetensors file"):
        load_checkpoint(path, CONTEXT)
    save_file({"weight": torch.ones(2)}, path, {"aespa": '{"format": "aespa tract model 1"}'})
    with pytest.raises(ArtifactError, match=r"no checkpoint of the heat model .*tract model"):
        load_checkpoint(path, CONTEXT)


def test_one_for_other_inputs_is_refused(tmp_path):
    saved(tmp_path / "a.safetensors")
    with pytest.raises(ArtifactError, match=r"other context .*elevation_m"):
        load_checkpoint(tmp_path / "a.safetensors", (*CONTEXT, "elevation_m"))


def test_a_cut_file_is_refused(tmp_path):
    saved(tmp_path / "a.safetensors")
    content = (tmp_path / "a.safetensors").read_bytes()
    (tmp_path / "a.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(ArtifactError, match="not a safetensors file"):
        load_checkpoint(tmp_path / "a.safetensors", CONTEXT)


def test_members_come_back_in_their_order(tmp_path):
    torch.manual_seed(1)
    members = tuple(HeatModel(SETTINGS, SHAPE) for _ in range(3))
    save_checkpoint(Checkpoint(members, CONTEXT, "student", WORDS), tmp_path / "a.safetensors")
    read = load_checkpoint(tmp_path / "a.safetensors", CONTEXT)
    assert (len(read.models), read.settings, read.metros) == (3, SETTINGS, SHAPE.metros)
    for model, again in zip(members, read.models, strict=True):
        for name, value in model.state_dict().items():
            assert torch.equal(again.state_dict()[name], value)
