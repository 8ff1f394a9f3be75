"""Foreign, broken and hostile weights: one sentence that names the file, and nothing is run."""

import json
import os
import pickle
from contextlib import suppress
from dataclasses import asdict

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import ViTConfig, ViTModel

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.errors import ArtifactError, ConfigError
from aespa_core.models.heat.checkpoint import KEY, load_checkpoint
from aespa_core.models.heat.checkpoints import CLIP, VIT, quiet, read_checkpoint, sizes
from aespa_core.models.heat.pretrained import network_of
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.models.weights_file import read_weights
from tests.models.heat.test_checkpoint import saved
from tests.models.heat.test_pretrained import SIZE

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"


class Evil:
    """What a pickle may do where it is trusted."""

    def __init__(self, trace) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple:
        """Make a folder as soon as somebody unpickles."""
        return os.mkdir, (str(self.trace),)


@pytest.fixture
def vit(tmp_path):
    """Write a ViT."""
    with quiet():
        ViTModel(ViTConfig(**SIZE), add_pooling_layer=False).save_pretrained(tmp_path / "vit")
    return tmp_path / "vit"


def asked(folder):
    return network_of(VIT, EncoderSettings(weights=str(folder), image_px=16, patch_px=4))


def changed_config(vit, **changes: object):
    words = json.loads((vit / "config.json").read_text()) | changes
    (vit / "config.json").write_text(json.dumps(words))


def test_a_pickle_is_not_run(vit, tmp_path):
    tensors = load_file(vit / "model.safetensors")
    (vit / "model.safetensors").unlink()
    torch.save(tensors, vit / "pytorch_model.bin")
    assert torch.isfinite(asked(vit).layernorm.weight).all()
    trace = tmp_path / "was run"
    for content in (pickle.dumps(Evil(trace)), pickle.dumps({"a": Evil(trace)})):
        (vit / "pytorch_model.bin").write_bytes(content)
        with pytest.raises(ArtifactError, match=r"pytorch_model\.bin is not a file .* again") as e:
            asked(vit)
        assert "weights_only" not in str(e.value)
    torch.save({"a": Evil(trace)}, vit / "pytorch_model.bin")
    with pytest.raises(ArtifactError, match="nothing in it was run"):
        asked(vit)
    assert not trace.exists()


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
@pytest.mark.parametrize("content", [b"", POINTER, b"<html>" * 20, b"\x80\x04.", b"PK\x03\x04" * 9])
def test_what_is_no_weights_is_named(vit, name, content):
    (vit / "model.safetensors").unlink()
    (vit / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=rf"weights in .*vit cannot be read .*{name}.* again"):
        asked(vit)


def test_a_folder_in_the_place_of_weights_is_named(vit):
    (vit / "model.safetensors").unlink()
    (vit / "model.safetensors").mkdir()
    with pytest.raises(ArtifactError, match=r"model\.safetensors is a folder"):
        asked(vit)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(vit, value):
    tensors = load_file(vit / "model.safetensors")
    tensors["layernorm.weight"][3] = value
    save_file(tensors, vit / "model.safetensors", {"format": "pt"})
    with pytest.raises(ArtifactError, match=r"values of layernorm\.weight that are not finite"):
        asked(vit)


def test_what_else_lies_beside_a_checkpoint_is_not_followed(vit, tmp_path):
    before = {n: v.clone() for n, v in asked(vit).state_dict().items()}
    (vit / "adapter_config.json").write_text(
        json.dumps({"peft_type": "LORA", "base_model_name_or_path": str(tmp_path / "elsewhere")})
    )
    (vit / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"layernorm.weight": "../../elsewhere.safetensors"}})
    )
    after = asked(vit).state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden_size": -4}, {"hidden_size": float("nan")}, {"hidden_size": 10**9},
        {"hidden_size": "16"}, {"hidden_size": True}, {"num_hidden_layers": 0},
        {"num_hidden_layers": 10**12}, {"patch_size": 5}, {"patch_size": 0},
        {"image_size": [16, 16]}, {"num_attention_heads": 3}, {"num_channels": 4},
        {"intermediate_size": -1}, {"vision_config": [1]}, {"vision_config": None},
        {"hidden_size": 4096, "num_hidden_layers": 40},
    ],
)  # fmt: skip
def test_sizes_that_cannot_be_built_are_refused_before_they_are(vit, changes):
    changed_config(vit, **changes)
    with pytest.raises(ArtifactError, match=r"config\.json does not hold the size of a network"):
        sizes(VIT, vit, EncoderSettings())


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden_act": "no such"}, {"layer_norm_eps": "x"}, {"qkv_bias": "x"},
        {"dtype": "no such"}, {"quantization_config": {"quant_method": "no such"}},
        {"intermediate_size": 99},
    ],
)  # fmt: skip
def test_odd_words_of_a_config_are_one_sentence_or_change_nothing(vit, changes):
    before = asked(vit).state_dict()
    changed_config(vit, **changes)
    with suppress(ArtifactError):
        after = asked(vit).state_dict()
        assert all(torch.equal(after[name], value) for name, value in before.items())


@pytest.mark.parametrize(
    "text",
    ["[1]", "null", "{}", '{"model_type": ' + "[" * 50_000, "\x00", '{"a": 1' + "0" * 50_000],
)
def test_a_garbled_config_is_one_sentence(vit, text):
    (vit / "config.json").write_text(text)
    with pytest.raises(ArtifactError, match=r"config\.json does not say|not a ViT"):
        sizes(VIT, vit, EncoderSettings())
    (vit / "config.json").write_text('{"model_type": "vit", "a": "' + "x" * 2_000_000 + '"}')
    with pytest.raises(ArtifactError, match=r"config\.json does not say .*bytes"):
        read_checkpoint(CLIP, vit)


def rewritten(path, tensors=None, **changes: object):
    """Write a checkpoint again with another header or other tensors."""
    read = read_weights(path, KEY, "again")
    header = {**read.header, **changes}
    save_file(read.tensors if tensors is None else tensors, path, {KEY: json.dumps(header)})


@pytest.mark.parametrize(
    "changes",
    [
        {"members": 2}, {"members": 0}, {"members": 10**12}, {"members": "1"}, {"members": True},
        {"members": None}, {"settings": None}, {"settings": []}, {"shape": {}}, {"words": None},
        {"words": []}, {"encoders": {}}, {"encoders": {"satellite": 1, "street": 2}},
        {"settings": asdict(ModelSettings(width=64))},
        {"settings": {**asdict(ModelSettings()), "width": 10**9}},
        {"settings": {**asdict(ModelSettings()), "width": -1}},
        {"settings": {**asdict(ModelSettings()), "photos": 1.5}},
        {"settings": {**asdict(ModelSettings()), "physics": "magic"}},
        {"settings": {**asdict(ModelSettings()), "satellite": {"width": 10**6}}},
        {"settings": {**asdict(ModelSettings()), "unknown": 1}},
        {"shape": {"satellite_tokens": 10**9, "satellite_width": 8, "street_width": 8,
                   "context": 10, "metros": ["a"]}},
    ],
)  # fmt: skip
def test_a_header_that_lies_is_one_sentence(tmp_path, changes):
    path = tmp_path / "best.safetensors"
    saved(path)
    rewritten(path, **changes)
    with pytest.raises(ArtifactError, match=r"best\.safetensors does not fit its own header"):
        load_checkpoint(path, CONTEXT)


@pytest.mark.parametrize("header", ["[]", "3", "null", '"x"', "{", "[" * 50_000])
def test_a_header_of_another_kind_is_one_sentence(tmp_path, header):
    path = tmp_path / "best.safetensors"
    save_file({"a": torch.ones(2)}, path, {KEY: header})
    with pytest.raises(ArtifactError, match=r"best\.safetensors is (no checkpoint|not a safet)"):
        load_checkpoint(path, CONTEXT)


def test_inputs_that_are_no_list_are_other_inputs(tmp_path):
    path = tmp_path / "best.safetensors"
    saved(path)
    for context in (3, None, {"a": 1}, [1, 2]):
        rewritten(path, context=context)
        with pytest.raises(ArtifactError, match="was made for other context"):
            load_checkpoint(path, CONTEXT)


@pytest.mark.parametrize("kind", ["nan", "half", "whole", "shape", "lacking", "more"])
def test_tensors_of_another_kind_are_refused(tmp_path, kind):
    path = tmp_path / "best.safetensors"
    saved(path)
    tensors = read_weights(path, KEY, "again").tensors
    name = next(n for n, v in tensors.items() if v.ndim == 2)
    if kind == "nan":
        tensors[name] = torch.full_like(tensors[name], torch.nan)
    elif kind == "half":
        tensors[name] = tensors[name].half()
    elif kind == "whole":
        tensors[name] = tensors[name].int()
    elif kind == "shape":
        tensors[name] = tensors[name][:1].clone()
    elif kind == "lacking":
        del tensors[name]
    else:
        tensors["models.0.stranger"] = torch.ones(1)
    rewritten(path, tensors)
    words = "not finite" if kind == "nan" else "does not fit its own header"
    with pytest.raises(ArtifactError, match=rf"best\.safetensors .*{words}"):
        load_checkpoint(path, CONTEXT)


def test_a_folder_or_a_pointer_in_the_place_of_a_checkpoint_is_named(tmp_path):
    with pytest.raises(ArtifactError, match="is a folder, not a file of weights"):
        load_checkpoint(tmp_path, CONTEXT)
    (tmp_path / "best.safetensors").write_bytes(POINTER)
    with pytest.raises(ArtifactError, match="a pointer of git LFS"):
        load_checkpoint(tmp_path / "best.safetensors", CONTEXT)


@pytest.mark.parametrize("changes", [{"width": 0}, {"depth": 1.0}, {"heads": "4"}, {"rank": -1}])
def test_settings_know_which_sizes_there_are(changes):
    with pytest.raises(ConfigError, match="must be a whole number from 1"):
        EncoderSettings(**changes)
