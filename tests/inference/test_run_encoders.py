"""Encoders of a run: named, learning, pretrained without labels, or a teacher's."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.samples import read_samples
from aespa_core.datasets.heat.splits import RANDOM, HeatSplit, heat_split
from aespa_core.errors import ConfigError
from aespa_core.inference.heat_predict import predict_heat
from aespa_core.inference.heat_run import HeatRun, heat_run
from aespa_core.inference.heat_study import Caches
from aespa_core.inference.own_encoders import hashes
from aespa_core.inference.run_encoders import run_encoders
from aespa_core.models.heat.checkpoint import load_checkpoint
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.training.heat.settings import TrainSettings
from tests.painted_town import write_painted_town

TINY = EncoderSettings(image_px=16, patch_px=8, width=8, depth=1, heads=2)
MODEL = ModelSettings(TINY, TINY, grid=2, photos=2, width=8, heads=2, hidden=8, mobility_hidden=4)
FROZEN = TrainSettings(model=MODEL, epochs=2, batch_size=32, pretrain_steps=12)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    torch.set_num_threads(1)
    return write_painted_town(tmp_path_factory.mktemp("towns") / "town")


def found(settings, town, folder, teacher=None, split=None):
    samples = read_samples(town)
    split = split or heat_split(samples, RANDOM, 3)
    return run_encoders(settings, "mine", teacher, samples, split, folder)


def test_a_frozen_network_of_random_weights_is_refused(town, tmp_path):
    bare = replace(FROZEN, pretrain_steps=0)
    with pytest.raises(ConfigError, match="'mine' freezes a satellite encoder of random weights"):
        found(bare, town, tmp_path)
    unused = replace(MODEL, use_satellite=False, use_street=False)
    assert not found(replace(bare, model=unused), town, tmp_path).carried
    whole = replace(TINY, adaptation="whole")
    assert found(replace(bare, model=replace(MODEL, satellite=whole)), town, tmp_path).carried


def test_pretraining_looks_at_training_tracts_alone_and_is_kept(town, tmp_path):
    samples = read_samples(town)
    split = heat_split(samples, RANDOM, 3)
    first = found(FROZEN, town, tmp_path / "a", split=split)
    assert hashes(first.encoders) == hashes(found(FROZEN, town, tmp_path / "a").encoders)
    # other tracts among those that are tested: nothing changes; among those that teach: it does
    rest = np.flatnonzero(~split.train)
    tested = np.isin(np.arange(len(samples)), rest[: len(rest) // 2])
    moved = HeatSplit(RANDOM, "all", 3, split.train, ~split.train & ~tested, tested)
    assert hashes(found(FROZEN, town, tmp_path / "b", split=moved).encoders) == hashes(
        first.encoders
    )
    fewer = split.train & (np.cumsum(split.train) > 10)
    less = HeatSplit(RANDOM, "all", 3, fewer, split.validation, split.test)
    other = hashes(found(FROZEN, town, tmp_path / "c", split=less).encoders)
    assert other != hashes(first.encoders)


def test_a_student_looks_through_its_teachers_encoders(town, tmp_path):
    caches = Caches(tmp_path / "numbers", tmp_path / "embeddings")

    def run(mode: str, teacher: Path | None = None) -> Path:
        asked = HeatRun(
            FROZEN, mode, town.path, tmp_path / mode, teacher, None, RANDOM, "all", 3, "mine",
            "cpu", 1,
        )  # fmt: skip
        return heat_run(asked, caches=caches).weights

    weights = run("teacher")
    teacher = load_checkpoint(weights, CONTEXT)
    student = load_checkpoint(run("student", weights), CONTEXT)
    assert hashes(teacher.encoders) == hashes(student.encoders)
    assert not (tmp_path / "student" / "encoders").exists()
    # one file says all: it estimates where no folder of encoders is left
    shown = predict_heat(town.path, weights, "mine", caches)
    assert (shown.tracts, shown.encoded) == (144, 0)
    with pytest.raises(ConfigError, match="encoders of other sizes than its teacher's"):
        found(replace(FROZEN, model=replace(MODEL, grid=1)), town, tmp_path, teacher)
