"""What a run leaves beside its weights: a table of its epochs, and TensorBoard's curves."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from torch.utils.tensorboard import SummaryWriter

from aespa_core.file_faults import file_error
from aespa_core.studies.atomic import write_text
from aespa_core.training.heat.run_state import Epoch


def history_table(members: Sequence[Sequence[Epoch]]) -> pd.DataFrame:
    """One row an epoch of a member: loss, each term before its weight, validation error, °C."""
    rows = [
        {
            "member": number,
            "epoch": epoch.number,
            "loss": epoch.loss,
            **epoch.terms,
            "validation_mae_c": epoch.validation_mae_c,
        }
        for number, epochs in enumerate(members)
        for epoch in epochs
    ]
    return pd.DataFrame(rows)


def write_history(members: Sequence[Sequence[Epoch]], path: Path) -> None:
    """Write the table of epochs."""
    write_text(path, history_table(members).to_csv(index=False))


class Curves:
    """TensorBoard's curves of a run's members; nothing without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.writers: dict[int, SummaryWriter] = {}

    def draw(self, member: int, epoch: Epoch) -> None:
        """Add one epoch of a member.

        Raises
        ------
        FileError
            If the folder takes no more.
        """
        if self.folder is None:
            return
        try:
            if member not in self.writers:
                self.writers[member] = SummaryWriter(str(self.folder / f"member_{member}"))
            writer = self.writers[member]
            for name, value in {"loss": epoch.loss, **epoch.terms}.items():
                writer.add_scalar(f"train/{name}", value, epoch.number)
            writer.add_scalar("validation/mae_c", epoch.validation_mae_c, epoch.number)
            writer.flush()
        except OSError as error:
            raise file_error(error, self.folder) from error
