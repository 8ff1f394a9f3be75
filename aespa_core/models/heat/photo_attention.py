r"""Gated attention over a tract's photos (Ilse et al. 2018, ICML, eq. 9).

.. math:: a_k = \operatorname{softmax}_k\big(w^\top[\tanh(V x_k) \odot \sigma(U x_k)]\big), \quad
    z = \sum_k a_k x_k

over the photos that are there; a tract without any gets a learned null vector.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Pooled:
    """One vector a tract, (B, D), and the attention of each photo, (B, K), 0 where none is."""

    vector: Tensor
    attention: Tensor


class GatedAttention(nn.Module):
    """Pools K photos.

    Parameters
    ----------
    width
        D.
    hidden
        Rows of V and U.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.tanh_part = nn.Linear(width, hidden)
        self.gate_part = nn.Linear(width, hidden)
        self.score = nn.Linear(hidden, 1, bias=False)
        self.null = nn.Parameter(torch.zeros(width))

    def forward(self, photos: Tensor, there: Tensor) -> Pooled:
        """Pool (B, K, D) with mask (B, K)."""
        gated = torch.tanh(self.tanh_part(photos)) * torch.sigmoid(self.gate_part(photos))
        score = self.score(gated)[..., 0].masked_fill(~there, -torch.inf)  # (B, K)
        any_there = there.any(-1, keepdim=True)  # (B, 1)
        # a row of −inf would be NaN; it is not used
        attention = torch.softmax(torch.where(any_there, score, 0.0), -1) * there
        pooled = torch.einsum("bk,bkd->bd", attention, photos)
        return Pooled(torch.where(any_there, pooled, self.null), attention)
