"""What a training step hides and blurs, so that the model can do without."""

from dataclasses import replace

import torch
from torch import Tensor

from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.training.heat.settings import TrainSettings


def augmented(inputs: HeatInputs, spread: Tensor, settings: TrainSettings) -> HeatInputs:
    """Hide modalities of some tracts and blur the context.

    Parameters
    ----------
    inputs
        A batch.
    spread
        Deviation of each context column over the training tracts, (C,).
    settings
        ``hide_modality`` and ``context_jitter``.
    """
    device = inputs.metro.device

    def keep() -> Tensor:
        return torch.rand(len(inputs), device=device) >= settings.hide_modality

    noise = torch.randn(inputs.context.shape, device=device) * spread * settings.context_jitter
    return replace(
        inputs,
        has_tile=inputs.has_tile & keep(),
        has_photo=inputs.has_photo & keep()[:, None],
        has_week=inputs.has_week & keep(),
        context=inputs.context + noise,
    )
