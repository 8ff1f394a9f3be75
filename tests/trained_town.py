"""The painted town of ``tests/painted_town.py`` with a small teacher that learned on it."""

from dataclasses import dataclass
from pathlib import Path

import torch

from aespa_core.datasets.heat.splits import RANDOM
from aespa_core.inference.heat_run import HeatRun, heat_run
from aespa_core.inference.heat_study import Caches
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.training.heat.settings import TrainSettings
from tests.painted_town import write_painted_town

FROZEN = EncoderSettings(image_px=16, patch_px=4, width=8, depth=1, heads=2)
MODEL = ModelSettings(
    FROZEN, FROZEN, grid=2, photos=2, width=8, heads=2, hidden=8, mobility_hidden=4
)
SETTINGS = TrainSettings(
    model=MODEL, epochs=2, batch_size=32, hide_modality=0.0, pretrain_steps=8, members=2
)


@dataclass(frozen=True)
class TrainedTown:
    """A study, what learned on it, and where images are kept."""

    study: Path
    weights: Path
    caches: Caches


def run_of(study: Path, folder: Path, settings: TrainSettings = SETTINGS) -> HeatRun:
    """Ask for a teacher."""
    return HeatRun(
        settings, "teacher", study, folder, None, None, RANDOM, "all", 3, "made", "cpu", 1
    )


def write_trained_town(folder: Path, settings: TrainSettings = SETTINGS) -> TrainedTown:
    """Paint the town and train."""
    # matrices so small that threads cost more than they bring
    torch.set_num_threads(1)
    caches = Caches(folder / "numbers", folder / "embeddings")
    study = write_painted_town(folder / "town").path
    made = heat_run(run_of(study, folder / "run", settings), caches=caches)
    return TrainedTown(study, made.weights, caches)
