"""``aespa predict`` with a checkpoint: from the command line to estimates in a study."""

import json

import pytest

from aespa_core.inference import heat_embeddings, heat_study
from aespa_core.studies.folder import open_study
from tests.painted_town import write_painted_town

TRAIN = ("train", "--mode", "teacher", "--config", "twin_tiny", "--epochs", 1, "--json")


@pytest.fixture
def caches(monkeypatch, tmp_path):
    """Keep what is made once away from the project's own runs."""
    monkeypatch.setattr(heat_study, "NUMBERS", tmp_path / "numbers")
    monkeypatch.setattr(heat_embeddings, "CACHE", tmp_path / "embeddings")


@pytest.mark.slow
def test_train_here_predict_there(aespa, caches, tmp_path):
    town = write_painted_town(tmp_path / "town").path
    code, out, err = aespa(*TRAIN, "--data-dir", town, "--checkpoint-dir", tmp_path / "run")
    assert (code, err) == (0, "")
    weights = json.loads(out)["weights"]
    other = write_painted_town(tmp_path / "other", 5, labels=False).path
    code, out, err = aespa("predict", other, "--model", weights, "--run", "elsewhere", "--json")
    assert (code, err) == (0, "")
    first = json.loads(out)
    assert (first["run"], first["tracts"], first["encoded"]) == ("elsewhere", 144, 284)
    assert open_study(other).runs == ("elsewhere",)
    code, out, _ = aespa("predict", other, "--model", weights, "--json")
    again = json.loads(out)
    assert (again["run"], again["encoded"]) == ("heat_teacher", 0)
    code, out, _ = aespa("predict", other, "--model", weights)
    assert code == 0
    assert "144 tracts by the teacher" in out
    assert aespa("study", "validate", other)[0] == 0
    # weights and reader are as readable as their folder
    for path in (tmp_path / "run").glob("*.safetensors"):
        assert oct(path.stat().st_mode).endswith("644")


def test_what_is_wrong_is_said_in_a_sentence(aespa, tiny_study, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "best.safetensors").touch()
    for words, said in (
        (("--model", tmp_path / "best.safetensors"), "best.safetensors is missing: give best."),
        (("--model", tmp_path / "nowhere"), "nowhere is missing: give best.safetensors of "),
        (("--model", folder), "is the folder of a run: give its weights"),
        (("--run", "mine"), "--run is for checkpoints of `aespa train`"),
    ):
        code, out, err = aespa("predict", tiny_study.path, *words)
        assert (code, out) == (2, "")
        assert said in err
        assert err.count("\n") == 1
