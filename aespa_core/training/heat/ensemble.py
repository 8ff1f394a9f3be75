"""Several members of one model: same data and settings, weights and order of their own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import torch
from lightning_fabric import Fabric
from torch import Tensor

from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.heat_model import HeatEstimate, HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.training.heat.loop import Fitted, estimated, fit_heat_model
from aespa_core.training.heat.run_state import Epoch
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.training.heat.training_set import TrainingSet

# Members of one seed are no members of the next.
SEED_STRIDE: Final = 1000


def fit_members(
    data: TrainingSet,
    settings: TrainSettings,
    seed: int,
    taught: Sequence[HeatEstimate] | None = None,
    encoders: Encoders | None = None,
    fabric: Fabric | None = None,
    folder: Path | None = None,
    done: Callable[[int, Epoch], None] = lambda member, epoch: None,
) -> tuple[Fitted, ...]:
    """Fit ``settings.members`` models; parameters as of :func:`fit_heat_model` but for these.

    Parameters
    ----------
    taught
        What each of the teacher's members says; each member of a student has one as its own.
    folder
        Each member keeps its state in a folder of its own in it.
    done
        Called with the member and its epoch.
    """
    found = []
    for number in range(settings.members):
        own = None if taught is None else taught[number % len(taught)]
        found.append(
            fit_heat_model(
                data, settings, SEED_STRIDE * seed + number, own, encoders, fabric,
                None if folder is None else folder / f"member_{number}",
                lambda epoch, number=number: done(number, epoch),  # type: ignore[misc]
            )
        )  # fmt: skip
    return tuple(found)


def mean_day(models: Sequence[HeatModel], inputs: HeatInputs) -> Tensor:
    """Average the members' day, °C above the reference, in 64 bits, (B,)."""
    return torch.stack([estimated(model, inputs).day.double() for model in models]).mean(0)
