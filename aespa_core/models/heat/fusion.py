r"""Satellite and street view fused: the tile's parts attend over the photos, conditions modulate.

.. math:: x \leftarrow \mathrm{LN}(x + \mathrm{Attn}(x, \mathrm{photos})), \qquad
    \tilde x = (1 + \gamma(c)) \odot x + \beta(c)

Attention runs over the set of K photos, not within one vector as in the published code; each stream
has a modulation of its own (Perez et al. 2018, FiLM), which is the identity before training.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from aespa_core.models.heat.photo_attention import GatedAttention


class Modulation(nn.Module):
    """FiLM of one stream of width D by conditions of width C."""

    def __init__(self, conditions: int, width: int) -> None:
        super().__init__()
        self.shift = nn.Linear(conditions, 2 * width)
        nn.init.zeros_(self.shift.weight)
        nn.init.zeros_(self.shift.bias)

    def forward(self, x: Tensor, conditions: Tensor) -> Tensor:
        """Modulate (B, D)."""
        gamma, beta = self.shift(conditions).chunk(2, -1)
        return (1.0 + gamma) * x + beta


class CrossAttention(nn.Module):
    """One layer: T tokens of a tile ask K photos."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, dropout=dropout, batch_first=True)
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor, photos: Tensor, there: Tensor) -> Tensor:
        """Attend: (B, T, D), (B, K, D), mask (B, K) → (B, T, D)."""
        found, _ = self.attention(tokens, photos, photos, ~there, need_weights=False)
        normed: Tensor = self.norm(tokens + found)
        return normed


@dataclass(frozen=True)
class Fused:
    """Features z of the pair of images, (B, D), and attention of each photo, (B, K)."""

    features: Tensor
    attention: Tensor


class Fusion(nn.Module):
    """Cross-attention, pooling, modulation, and one mixing layer.

    Parameters
    ----------
    width, heads, layers
        D, attention heads, layers of cross-attention.
    conditions
        Width of the conditions.
    dropout
        Share of values dropped in training.
    """

    def __init__(
        self, width: int, heads: int, layers: int, conditions: int, dropout: float
    ) -> None:
        super().__init__()
        self.no_tile = nn.Parameter(torch.zeros(width))
        self.no_photo = nn.Parameter(torch.zeros(width))
        self.cross = nn.ModuleList(CrossAttention(width, heads, dropout) for _ in range(layers))
        self.pool = GatedAttention(width, width)
        self.film_tile = Modulation(conditions, width)
        self.film_street = Modulation(conditions, width)
        self.mix = nn.Sequential(
            nn.Linear(2 * width, width), nn.SiLU(), nn.Dropout(dropout), nn.Linear(width, width)
        )

    def forward(
        self, tokens: Tensor, photos: Tensor, has_tile: Tensor, has_photo: Tensor, by: Tensor
    ) -> Fused:
        """Fuse (B, T, D) and (B, K, D) under masks (B,), (B, K) and conditions (B, C)."""
        tokens = torch.where(has_tile[:, None, None], tokens, self.no_tile)
        # a photo that always is there: attention over none has something to look at
        null = self.no_photo.expand(len(photos), 1, -1)
        keys = torch.cat([null, photos], 1)  # (B, 1 + K, D)
        there = functional.pad(has_photo, (1, 0), value=True)
        for layer in self.cross:
            tokens = layer(tokens, keys, there)
        street = self.pool(photos, has_photo)
        tile = self.film_tile(tokens.mean(1), by)
        both = torch.cat([tile, self.film_street(street.vector, by)], -1)  # (B, 2 D)
        return Fused(self.mix(both), street.attention)
