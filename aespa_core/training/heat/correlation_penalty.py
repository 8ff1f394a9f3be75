r"""The published soft physics, mended: a proxy should not correlate with the wrong sign.

.. math:: L_{phys} = \sum_k \max(0, -s_k\, \rho(p_k, \hat T)), \qquad
    \rho = \frac{\sum_i (p_i - \bar p)(\hat T_i - \bar{\hat T})}
    {\sqrt{\sum_i (p_i - \bar p)^2 \sum_i (\hat T_i - \bar{\hat T})^2}}

p are proxies as read, not as predicted, all five of them; each metro's mean is taken out. One and
the same sum stands above and below, so that a perfect correlation is 1 (published: .75 in a batch
of 4); a bank of past tracts makes it a property of the data and not of the batch.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def pearson(x: Tensor, y: Tensor) -> Tensor:
    """Correlation of each column of x, (B, K), with y, (B,), both centred already."""
    across = (x * y[:, None]).sum(0)
    return across / (x.square().sum(0) * y.square().sum() + 1e-12).sqrt()


def sign_penalty(proxies: Tensor, day: Tensor, metro: Tensor, signs: Sequence[int]) -> Tensor:
    """Sum over proxies of how far their correlation has the wrong sign.

    Parameters
    ----------
    proxies
        (B, K), 0 where missing.
    day
        Estimates, °C, (B,).
    metro
        Number of each tract's metro, (B,).
    signs
        Expected signs, length K.
    """
    both = torch.cat([proxies, day[:, None]], -1)
    for number in metro.unique():
        own = (metro == number)[:, None]
        both = both - own * (both * own).sum(0) / own.sum()
    expected = torch.tensor(signs, dtype=both.dtype, device=both.device)
    wrong = -expected * pearson(both[:, :-1], both[:, -1])
    return torch.relu(wrong).sum()


class CorrelationBank(nn.Module):
    """Remembers the last tracts that were estimated; part of what a resumed run must restore.

    Parameters
    ----------
    size
        Tracts remembered.
    proxies
        Number of proxies.
    """

    rows: Tensor
    metro: Tensor
    filled: Tensor

    def __init__(self, size: int, proxies: int) -> None:
        super().__init__()
        self.register_buffer("rows", torch.zeros(size, proxies + 1))
        self.register_buffer("metro", torch.full((size,), -2))
        self.register_buffer("filled", torch.zeros((), dtype=torch.long))

    def forward(self, proxies: Tensor, day: Tensor, metro: Tensor, signs: Sequence[int]) -> Tensor:
        """Penalise the batch together with the bank, then remember the batch."""
        kept = int(self.filled)
        rows, numbers = self.rows[:kept], self.metro[:kept]
        penalty = sign_penalty(
            torch.cat([proxies, rows[:, :-1]]),
            torch.cat([day, rows[:, -1]]),
            torch.cat([metro, numbers]),
            signs,
        )
        self.remember(torch.cat([proxies, day[:, None]], -1).detach(), metro)
        return penalty

    @torch.no_grad()
    def remember(self, rows: Tensor, metro: Tensor) -> None:
        """Put new tracts in front and let the oldest go."""
        size = len(self.rows)
        kept = int(self.filled)
        self.rows[:] = torch.cat([rows, self.rows])[:size]
        self.metro[:] = torch.cat([metro, self.metro])[:size]
        self.filled.fill_(min(size, kept + len(rows)))
