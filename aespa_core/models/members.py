"""Layers that hold all members of an ensemble side by side: M members, B rows, D width."""

import torch
from torch import Tensor, nn


class MemberLinear(nn.Module):
    """One linear layer for each of M members: (M, B, D) → (M, B, E).

    Parameters
    ----------
    members, width_in, width_out
        M, D, E.
    gain
        Scale of the initial weights, whose standard deviation is ``gain / sqrt(D)``.
    """

    def __init__(self, members: int, width_in: int, width_out: int, gain: float = 1.0) -> None:
        super().__init__()
        scale = gain / max(width_in, 1) ** 0.5
        self.weight = nn.Parameter(torch.randn(members, width_in, width_out) * scale)
        self.bias = nn.Parameter(torch.zeros(members, 1, width_out))

    def forward(self, x: Tensor) -> Tensor:
        """Apply each member's layer to its own rows."""
        return torch.baddbmm(self.bias, x, self.weight)
