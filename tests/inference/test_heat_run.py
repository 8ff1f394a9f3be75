"""A teacher answers with the encoders that it learned with, or not at all."""

from dataclasses import replace

import pytest
import torch

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.errors import ArtifactError
from aespa_core.inference.heat_run import said_by
from aespa_core.inference.heat_study import Caches
from aespa_core.inference.own_encoders import hashes
from aespa_core.models.heat.checkpoint import Checkpoint
from aespa_core.models.heat.checkpoints import save_network
from aespa_core.models.heat.encoders import encoders_of
from aespa_core.models.heat.heat_model import HeatModel, ModelShape
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from tests.made_heat import METROS, made_heat

TINY = EncoderSettings(image_px=16, patch_px=8, width=8, depth=1, heads=2)


def written(folder, seed: int) -> ModelSettings:
    """Write two small encoders and name them in settings."""
    made = encoders_of(ModelSettings(satellite=TINY, street=TINY, grid=2), seed)
    save_network(made.satellite.network, folder / "satellite")
    save_network(made.street.network, folder / "street")
    return ModelSettings(
        satellite=replace(TINY, weights=str(folder / "satellite")),
        street=replace(TINY, weights=str(folder / "street")),
        grid=2, photos=2, width=16, heads=2, proxies="measured",
    )  # fmt: skip


def test_changed_encoders_are_noticed(tmp_path):
    made = made_heat()
    settings = written(tmp_path, 0)
    torch.manual_seed(0)
    model = HeatModel(settings, ModelShape(5, 8, 8, len(CONTEXT), METROS))
    teacher = Checkpoint((model,), CONTEXT, "teacher", hashes(encoders_of(settings)))
    caches = Caches(tmp_path / "numbers", tmp_path / "embeddings")
    (found,) = said_by(teacher, None, made.samples, made.split, caches)
    assert torch.isfinite(found.day).all()
    written(tmp_path, 1)
    with pytest.raises(ArtifactError, match="weights have changed since it learned"):
        said_by(teacher, None, made.samples, made.split, caches)
