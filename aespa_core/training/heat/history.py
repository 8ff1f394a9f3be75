"""What a run leaves beside its weights: a table of its epochs, and TensorBoard's curves."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from torch.utils.tensorboard import SummaryWriter

from aespa_core.studies.atomic import write_text
from aespa_core.training.heat.run_state import Epoch


def history_table(epochs: Sequence[Epoch]) -> pd.DataFrame:
    """One row an epoch: loss, each term before its weight, error on validation, °C."""
    rows = [
        {
            "epoch": epoch.number,
            "loss": epoch.loss,
            **epoch.terms,
            "validation_mae_c": epoch.validation_mae_c,
        }
        for epoch in epochs
    ]
    return pd.DataFrame(rows)


def write_history(epochs: Sequence[Epoch], path: Path) -> None:
    """Write the table of epochs."""
    write_text(path, history_table(epochs).to_csv(index=False))


class Curves:
    """TensorBoard's curves of one run; nothing without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.writer = None if folder is None else SummaryWriter(str(folder))

    def draw(self, epoch: Epoch) -> None:
        """Add one epoch."""
        if self.writer is None:
            return
        for name, value in {"loss": epoch.loss, **epoch.terms}.items():
            self.writer.add_scalar(f"train/{name}", value, epoch.number)
        self.writer.add_scalar("validation/mae_c", epoch.validation_mae_c, epoch.number)
        self.writer.flush()
