"""AdamW over everything that learns, under a warm-up and a cosine."""

import math

import torch
from torch import nn

from aespa_core.training.heat.settings import TrainSettings


def optimiser_of(learner: nn.Module, settings: TrainSettings) -> torch.optim.AdamW:
    """Every trainable parameter, in one of two groups: matrices decay, vectors do not."""
    trained = [p for p in learner.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [p for p in trained if p.ndim > 1], "weight_decay": settings.weight_decay},
            {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=settings.learning_rate,
    )


def schedule_of(
    optimiser: torch.optim.Optimizer, settings: TrainSettings, batches: int
) -> torch.optim.lr_scheduler.LambdaLR:
    """Rise in a straight line, fall as a half cosine to 0 at the last step of the last epoch."""
    steps = max(settings.epochs * batches, 1)
    rise = max(round(settings.warmup * steps), 1)

    def share(step: int) -> float:
        if step < rise:
            return (step + 1) / rise
        return 0.5 * (1 + math.cos(math.pi * min((step - rise) / max(steps - rise, 1), 1.0)))

    return torch.optim.lr_scheduler.LambdaLR(optimiser, share)
