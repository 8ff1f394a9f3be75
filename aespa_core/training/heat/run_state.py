"""Where a training run stands: enough to go on after being killed, written after each epoch."""

from copy import deepcopy
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from aespa_core.errors import ArtifactError
from aespa_core.models.weights_file import NOT_WEIGHTS, unpickled
from aespa_core.studies.atomic import write_bytes
from aespa_core.training.heat.objectives import Objective
from aespa_core.training.heat.settings import TrainSettings

STATE_FILE: Final = "state.pt"


@dataclass(frozen=True)
class Epoch:
    """One epoch.

    Attributes
    ----------
    number
        From 0.
    loss, terms
        Mean over the steps of the loss, and of each term before its weight.
    validation_mae_c
        Mean absolute error of the day on the tracts that stop the learning, °C.
    """

    number: int
    loss: float
    terms: dict[str, float]
    validation_mae_c: float


@dataclass
class RunState:
    """A run between two epochs; ``best`` are the weights of the epoch with the least error.

    Attributes
    ----------
    identity
        What the run follows from: its settings, seed and data, as a hash.
    """

    identity: str
    learner: Objective
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    epochs: list[Epoch] = field(default_factory=list)
    best: dict[str, Tensor] = field(default_factory=dict)
    best_epoch: int = -1

    def close_epoch(self, epoch: Epoch) -> None:
        """Take an epoch's result in."""
        self.epochs.append(epoch)
        best = self.epochs[self.best_epoch].validation_mae_c if self.best_epoch >= 0 else None
        if best is None or epoch.validation_mae_c < best:
            self.best_epoch = epoch.number
            self.best = deepcopy(self.learner.state_dict())

    def finished(self, settings: TrainSettings) -> bool:
        """Whether the epochs are up, or the error has not fallen for too long."""
        waited = len(self.epochs) - 1 - self.best_epoch
        stopped = settings.patience > 0 and self.best_epoch >= 0 and waited >= settings.patience
        return stopped or len(self.epochs) >= settings.epochs


def write_state(folder: Path, state: RunState) -> None:
    """Write the run atomically."""
    content = {
        "identity": state.identity,
        "learner": state.learner.state_dict(),
        "optimiser": state.optimiser.state_dict(),
        "schedule": state.schedule.state_dict(),
        "epochs": [asdict(epoch) for epoch in state.epochs],
        "best": state.best,
        "best_epoch": state.best_epoch,
    }
    whole = BytesIO()
    torch.save(content, whole)
    write_bytes(folder / STATE_FILE, whole.getvalue())


def read_state(folder: Path, state: RunState) -> None:
    """Go on from a run's last whole epoch, if there is one.

    Raises
    ------
    ArtifactError
        If the file is garbled, or was left by a run with other settings or data.
    """
    path = folder / STATE_FILE
    if not path.is_file():
        return
    try:
        content = unpickled(path)
        identity = content["identity"]
    except NOT_WEIGHTS as error:
        # the library's own words advise to run what the file holds
        reason = f"{type(error).__name__}; nothing in it was run"
        raise ArtifactError(
            f"{path} is not the state of a run ({reason}): remove it to start again."
        ) from error
    if identity != state.identity:
        raise ArtifactError(
            f"{path} was left by a run with other settings, seed, data or teacher: choose another "
            "--checkpoint-dir, or remove it to start again."
        )
    try:
        state.learner.load_state_dict(content["learner"])
        state.optimiser.load_state_dict(content["optimiser"])
        state.schedule.load_state_dict(content["schedule"])
        state.epochs = [Epoch(**epoch) for epoch in content["epochs"]]
        state.best, state.best_epoch = content["best"], content["best_epoch"]
    except NOT_WEIGHTS as error:
        reason = str(error).partition("\n")[0]
        raise ArtifactError(
            f"{path} does not hold the whole state of its run ({reason}): remove it to start again."
        ) from error
