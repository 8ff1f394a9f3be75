"""Checkpoints in the published file format, through the code that reads real ones."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import CLIPConfig, CLIPModel, ViTConfig, ViTForImageClassification

from aespa_core.errors import ArtifactError, ConfigError
from aespa_core.models.heat import checkpoints
from aespa_core.models.heat.checkpoints import CLIP, VIT, quiet, save_network
from aespa_core.models.heat.pretrained import (
    network_of,
    rebuilt,
    sized_as_checkpoint,
    weights_hash,
)
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.settings import EncoderSettings
from aespa_core.models.heat.street import StreetEncoder

SIZE = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "image_size": 16,
    "patch_size": 4,
}


@pytest.fixture
def vit(tmp_path):
    """Write a classifier, as google/vit-base-patch16-224 is one."""
    with quiet():
        ViTForImageClassification(ViTConfig(**SIZE)).save_pretrained(tmp_path / "vit")
    return tmp_path / "vit"


@pytest.fixture
def clip(tmp_path):
    """Write both towers, as openai/clip-vit-base-patch16 has them."""
    text = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    text |= {"intermediate_size": 16, "vocab_size": 9, "bos_token_id": 0, "eos_token_id": 1}
    with quiet():
        config = CLIPConfig(text_config=text, vision_config=SIZE, projection_dim=8)
        CLIPModel(config).save_pretrained(tmp_path / "clip")
    return tmp_path / "clip"


def settings_of(folder, **more: str):
    return EncoderSettings(weights=str(folder), image_px=16, patch_px=4, **more)


def test_a_published_vit_is_read_tensor_by_tensor_and_without_noise(vit, capfd):
    encoder = SatelliteEncoder(settings_of(vit), 2)
    stored = load_file(vit / "model.safetensors")
    assert encoder.shape == (5, 16)
    # names of the published files: one query among them, and the last norm
    query = stored["vit.encoder.layer.1.attention.attention.query.weight"]
    assert torch.equal(encoder.network.layers[1].attention.q_proj.weight, query)
    assert torch.equal(encoder.network.layernorm.weight, stored["vit.layernorm.weight"])
    assert capfd.readouterr() == ("", "")


def test_a_published_clip_gives_its_vision_tower(clip, capfd, monkeypatch):
    monkeypatch.setenv("CLIP_MODEL_DIR", str(clip))
    encoder = StreetEncoder(settings_of("$CLIP_MODEL_DIR", adaptation="lora"))
    stored = load_file(clip / "model.safetensors")
    key = "vision_model.encoder.layers.0.self_attn.out_proj.weight"
    layer = encoder.network.encoder.layers[0].self_attn.out_proj
    assert torch.equal(layer.base_layer.weight, stored[key])
    assert encoder.image_px == 16
    assert capfd.readouterr() == ("", "")


def test_a_network_of_ours_is_a_checkpoint_too(tmp_path):
    settings = EncoderSettings(image_px=16, patch_px=4, width=16, depth=2, heads=2)
    for kind in (VIT, CLIP):
        made = network_of(kind, settings, seed=3)
        save_network(made, tmp_path / "made")
        read = network_of(kind, settings_of(tmp_path / "made"))
        assert weights_hash(read) == weights_hash(made)
        assert weights_hash(network_of(kind, settings, seed=4)) != weights_hash(made)


def test_a_network_is_rebuilt_from_its_own_words(vit):
    """A checkpoint of the whole model needs no second file: sizes and activation travel in it."""
    network = network_of(VIT, settings_of(vit))
    words = json.loads(json.dumps(network.config.to_dict()))
    again = rebuilt(VIT, words)
    again.load_state_dict(network.state_dict())
    pixels = torch.randn(1, 3, 16, 16)
    out = network(pixel_values=pixels).last_hidden_state
    assert torch.equal(again.eval()(pixel_values=pixels).last_hidden_state, out)


def test_the_size_is_taken_from_the_checkpoint_or_must_agree(clip):
    wrong = EncoderSettings(weights=str(clip))
    with pytest.raises(ConfigError, match="set image_px = 16 and patch_px = 4"):
        network_of(CLIP, wrong)
    found = sized_as_checkpoint(CLIP, wrong)
    assert (found.image_px, found.patch_px, found.width, found.depth, found.heads) == (
        16, 4, 16, 2, 2,
    )  # fmt: skip
    assert sized_as_checkpoint(CLIP, EncoderSettings()) == EncoderSettings()


@pytest.mark.parametrize(
    ("kind", "variable", "words"),
    [(VIT, "VIT_MODEL_DIR", "a ViT"), (CLIP, "CLIP_MODEL_DIR", "a CLIP vision tower")],
)
def test_a_missing_checkpoint_says_what_was_looked_for(
    kind, variable, words, tmp_path, monkeypatch
):
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ArtifactError, match=rf"{words} from \${variable}, which is not set: give"):
        network_of(kind, settings_of(f"${variable}"))
    with pytest.raises(ArtifactError, match=rf"no folder {tmp_path}/gone to take {words} from"):
        network_of(kind, settings_of(tmp_path / "gone"))
    with pytest.raises(ArtifactError, match=r"has no config\.json"):
        network_of(kind, settings_of(tmp_path))


def test_a_name_on_the_hub_is_looked_for_at_home_first(vit, monkeypatch):
    asked = []

    def at_home(name: str, allow_patterns: list[str], local_files_only: bool) -> str:
        asked.append((name, allow_patterns, local_files_only))
        return str(vit)

    monkeypatch.setattr(checkpoints, "snapshot_download", at_home)
    network_of(VIT, settings_of("some/vit"))
    assert asked == [("some/vit", ["config.json", "*.safetensors"], True)]


def test_a_name_that_cannot_be_had_is_one_sentence(monkeypatch):
    def nowhere(name: str, allow_patterns: list[str], local_files_only: bool) -> str:
        if local_files_only:
            raise checkpoints.LocalEntryNotFoundError("not here")
        raise OSError("no network\nsecond line")

    monkeypatch.setattr(checkpoints, "snapshot_download", nowhere)
    with pytest.raises(ArtifactError, match=r"'some/vit' is no folder here .*\(no network\): give"):
        network_of(VIT, settings_of("some/vit"))


def test_another_architecture_names_both(vit, clip):
    with pytest.raises(ArtifactError, match=r"clip holds a network of type 'clip', not a ViT"):
        network_of(VIT, settings_of(clip))
    with pytest.raises(ArtifactError, match=r"type 'vit', not a CLIP vision tower"):
        network_of(CLIP, settings_of(vit))


def test_garbled_files_are_one_sentence(vit):
    weights, config = vit / "model.safetensors", vit / "config.json"
    content = weights.read_bytes()
    for broken in (content[:1000], b"", b"<html>" * 99):
        weights.write_bytes(broken)
        with pytest.raises(ArtifactError, match=r"weights in .*vit cannot be read .* again"):
            network_of(VIT, settings_of(vit))
    tensors = {k: v for k, v in load_file_bytes(content, vit).items() if "layernorm.bias" not in k}
    save_file(tensors, weights, {"format": "pt"})
    with pytest.raises(ArtifactError, match="lack 1 parameters of a ViT, such as layernorm"):
        network_of(VIT, settings_of(vit))
    weights.unlink()
    with pytest.raises(ArtifactError, match=r"weights in .*vit cannot be read"):
        network_of(VIT, settings_of(vit))
    config.write_text("{")
    with pytest.raises(ArtifactError, match=r"config\.json does not say what its network is"):
        network_of(VIT, settings_of(vit))


def load_file_bytes(content, folder):
    path = folder / "again.bin"
    path.write_bytes(content)
    tensors = load_file(path)
    path.unlink()
    return tensors


def test_weights_of_another_size_than_the_config_are_refused(vit):
    words = json.loads((vit / "config.json").read_text()) | {"hidden_size": 32}
    (vit / "config.json").write_text(json.dumps(words))
    with pytest.raises(ArtifactError, match="again, such as google/vit-base-patch16-224"):
        network_of(VIT, settings_of(vit))
