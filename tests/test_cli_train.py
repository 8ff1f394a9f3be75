"""``aespa train`` from a simulated study to weights; what it refuses, it refuses in a sentence."""

import json
import shutil

import pytest

from aespa_core.inference import heat_embeddings, heat_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.twin.settings import world_settings
from aespa_core.twin.study import build_world
from tests.tiny_study import write_tiny_study


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Build the smallest world."""
    return build_world(world_settings("tiny"), tmp_path_factory.mktemp("tiny") / "world").path


@pytest.fixture
def caches(monkeypatch, tmp_path):
    """Keep what is made once away from the project's own runs."""
    monkeypatch.setattr(heat_study, "NUMBERS", tmp_path / "numbers")
    monkeypatch.setattr(heat_embeddings, "CACHE", tmp_path / "embeddings")


@pytest.mark.slow
def test_a_teacher_then_its_student(aespa, world, tmp_path, caches):
    common = ("--data-dir", world, "--config", "twin_tiny", "--epochs", 2, "--json")
    code, out, err = aespa(
        "train", "--mode", "teacher", "--checkpoint-dir", tmp_path / "teacher",
        "--log-dir", tmp_path / "log", *common,
    )  # fmt: skip
    assert (code, err) == (0, "")
    teacher = json.loads(out)
    assert teacher["epochs"] == 2
    assert any((tmp_path / "log" / "member_0").glob("events*"))
    code, out, err = aespa(
        "train", "--mode", "student", "--checkpoint-dir", tmp_path / "student",
        "--teacher-checkpoint", teacher["weights"], *common,
    )  # fmt: skip
    assert (code, err) == (0, "")
    student = json.loads(out)
    epochs = (tmp_path / "student" / "epochs.csv").read_text()
    assert "kd,fd" in epochs.splitlines()[0]
    # a student is no teacher
    code, _, err = aespa(
        "train", "--mode", "student", "--checkpoint-dir", tmp_path / "third",
        "--teacher-checkpoint", student["weights"], *common,
    )  # fmt: skip
    assert code == 2
    assert "holds a student" in err
    assert not (tmp_path / "third").exists()


@pytest.mark.slow
def test_a_corrupt_photo_is_named_and_nothing_is_left(aespa, world, tmp_path, caches):
    broken = tmp_path / "world"
    shutil.copytree(world, broken)
    photo = next((broken / "images" / "street").rglob("*.jpg"))
    photo.write_bytes(photo.read_bytes()[:200])
    write_manifest(broken)
    code, _, err = aespa(
        "train", "--mode", "teacher", "--data-dir", broken, "--config", "twin_tiny",
        "--checkpoint-dir", tmp_path / "run",
    )  # fmt: skip
    assert code == 2
    assert photo.name in err
    assert "Traceback" not in err
    assert not (tmp_path / "run").exists()
    assert not list(tmp_path.rglob("*.part*"))


def test_flags_that_do_not_fit_are_named(aespa, tmp_path):
    town = write_tiny_study(tmp_path / "town").path
    common = ("--checkpoint-dir", tmp_path / "run")
    for flags, said in (
        (("--mode", "pupil"), "--mode pupil is unknown: choose one of teacher, student"),
        (("--mode", "student"), "needs --teacher-checkpoint"),
        (("--mode", "teacher", "--teacher-checkpoint", "x"), "--mode teacher takes none"),
        (
            ("--mode", "teacher", "--hold-out", "miami"),
            "--hold-out miami is for --split leave_one_metro_out: --split spatial_blocks leaves no",
        ),
        (("--mode", "teacher", "--hold-out", "x", "--split", "random"), "--hold-out x is for"),
        (("--mode", "teacher", "--config", "huge"), "no experiment 'huge': choose one of"),
        (("--mode", "teacher", "--config", "twin_tiny"), "has no study.toml"),
        (
            (
                "--mode",
                "student",
                "--teacher-checkpoint",
                tmp_path / "none",
                "--config",
                "twin_tiny",
            ),
            "none is missing: train it again",
        ),
    ):
        # the teacher is looked for once the study is open
        data = town if "none is missing" in said else tmp_path
        code, out, err = aespa("train", *flags, "--data-dir", data, *common)
        assert (code, out) == (2, "")
        assert said in err
    assert not (tmp_path / "run").exists()
