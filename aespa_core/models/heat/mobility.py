"""A tract's week of movement as one vector: the curve by a recurrent unit, the volume beside it."""

import torch
from torch import Tensor, nn

from aespa_core.studies.tables import HOURS_OF_WEEK

CHANNELS = 3
# The unit walks through the week in steps of some hours: 168 steps teach it no more and cost more.
HOURS_A_STEP = 3


class MobilityEncoder(nn.Module):
    """GRU over the week's shape; its last state and the log volume become D numbers.

    Parameters
    ----------
    hidden
        Width of the recurrent unit.
    width
        D.
    """

    volume_centre: Tensor
    volume_scale: Tensor

    def __init__(self, hidden: int, width: int) -> None:
        super().__init__()
        self.unit = nn.GRU(CHANNELS * HOURS_A_STEP, hidden, batch_first=True)
        self.out = nn.Linear(hidden + CHANNELS, width)
        self.null = nn.Parameter(torch.zeros(width))
        self.register_buffer("volume_centre", torch.zeros(CHANNELS))
        self.register_buffer("volume_scale", torch.ones(CHANNELS))

    def forward(self, week: Tensor, volume: Tensor, there: Tensor) -> Tensor:
        """Encode shapes (B, 168, 3), volumes (B, 3); the null vector where mask (B,) is 0."""
        steps = HOURS_OF_WEEK // HOURS_A_STEP
        curve = week.reshape(len(week), steps, HOURS_A_STEP * CHANNELS)  # (B, 56, 9)
        last = self.unit(curve - 1.0)[1][-1]  # a flat week is 1 in every hour
        standard = (volume - self.volume_centre) / self.volume_scale
        found = torch.tanh(self.out(torch.cat([last, standard], -1)))  # (B, D)
        return torch.where(there[:, None], found, self.null)
