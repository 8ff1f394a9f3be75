"""Weights on disk: exact, refused where the inputs are others, no pickle."""

import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from aespa_core.errors import ArtifactError
from aespa_core.inference.tract_estimate import evaluated
from aespa_core.models import tract_weights
from aespa_core.models.tract_model import raw_inputs
from aespa_core.models.tract_weights import KEY, load_model, save_model
from aespa_core.training.tract_fit import fit_tract_model
from tests.made_nation import FAST


@pytest.fixture(scope="module")
def model(labelled):
    """Fit a small model."""
    return fit_tract_model(labelled, FAST, 0)


@pytest.fixture
def path(model, tmp_path):
    """Save it."""
    save_model(model, tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def test_a_model_comes_back_exactly(model, path, labelled):
    again = load_model(path)
    assert again.settings == model.settings
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name
    raw = raw_inputs(labelled.features)
    assert torch.equal(evaluated(again, raw, ()).estimate, evaluated(model, raw, ()).estimate)


def test_the_same_model_is_the_same_file(model, path, tmp_path):
    save_model(model, tmp_path / "twin.safetensors")
    assert (tmp_path / "twin.safetensors").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["CONTEXT", "AREA_MEANS", "AREA_SIZE", "LEARNED", "SIGNS"])
def test_weights_for_other_inputs_are_refused(path, monkeypatch, name):
    monkeypatch.setattr(tract_weights, name, getattr(tract_weights, name)[::-1])
    with pytest.raises(ArtifactError, match=r"was made for another .*aespa atlas build"):
        load_model(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "aespa tract model 0"}, "another format"),
        ({"head": {"members": 2, "breadth": 3}}, "does not say how large"),
        ({"distances": 4}, "does not fit its own header"),
    ],
)
def test_a_wrong_header_is_refused(path, change, words):
    with safe_open(path, "pt") as file:
        header = json.loads(file.metadata()[KEY])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    save_file(tensors, path, {KEY: json.dumps(header | change)})
    with pytest.raises(ArtifactError, match=words):
        load_model(path)


def test_missing_and_garbled_files_are_one_sentence(path, tmp_path):
    with pytest.raises(ArtifactError, match="is missing: make it again with"):
        load_model(tmp_path / "nothing.safetensors")
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ArtifactError, match="is not a safetensors file"):
        load_model(path)
