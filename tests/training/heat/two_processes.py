"""What each of two processes runs: the losses of a short run on its share of every batch."""

import json
from dataclasses import replace
from pathlib import Path

import torch
from lightning_fabric import Fabric

from aespa_core.models.heat.settings import ModelSettings
from aespa_core.training.heat.loop import fit_heat_model
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.training.heat.training_set import training_set
from tests.made_heat import made_heat

# Noise is drawn by each process for itself: without it the steps are the same sums.
STILL = TrainSettings(
    model=ModelSettings(width=16, heads=2, hidden=16, mobility_hidden=8, dropout=0.0),
    epochs=4,
    learning_rate=1e-2,
    batch_size=32,
    hide_modality=0.0,
    context_jitter=0.0,
)


def losses(fabric: Fabric, path: Path) -> None:
    """Train and let the first process write the loss of each epoch."""
    torch.set_num_threads(1)
    made = made_heat()
    data = training_set(made.samples, made.split, made.samples.proxies, made.satellite, made.street)
    # an odd tract would wait for an epoch with two processes and not with one
    data = replace(data, train=data.train[: len(data.train) // 32 * 32])
    fitted = fit_heat_model(data, STILL, 0, fabric=fabric)
    if fabric.global_rank == 0:
        curve = [[epoch.loss, epoch.validation_mae_c] for epoch in fitted.epochs]
        path.write_text(json.dumps(curve))
