r"""From features, conditions and proxies to temperature by day and by night.

By day (``monotone``):

.. math:: T - T_{ref} = t_0 + u_m + k^\top \bar k + v^\top (c - \bar c) + b(c) - b(\bar c)
    + w^\top z + \sum_k s_k m_k g_k(p_k; h)

c the context that varies within metros, c̄ its mean over the tract's metro, k̄ the context that does
not, the climate: how hot a metro is as a whole is told by its climate alone, and on a line, since
metros are few. z the fused image features, h the conditions, u a level of each metro learned from
(0 for others), g the curves of :mod:`aespa_core.models.physics_head`, which never fall. No proxy
enters any other term. By night only albedo keeps its sign; the others act freely.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from aespa_core.models.physics_head import HeadSettings, MonotoneCurve

ALBEDO = 3


@dataclass(frozen=True)
class HeadParts:
    """What a head sees of B tracts.

    Attributes
    ----------
    features
        Fused image features z, (B, D).
    context, usual
        Standardised, as in the metro where missing, and its mean over the tract's metro, (B, C).
    conditions
        h, (B, H).
    proxies
        Standardised, 0 where missing, (B, K).
    seen
        1 where a proxy is known, (B, K).
    metro
        Number of the metro among those learned from, −1 for another, (B,).
    """

    features: Tensor
    context: Tensor
    usual: Tensor
    conditions: Tensor
    proxies: Tensor
    seen: Tensor
    metro: Tensor


@dataclass(frozen=True)
class Excess:
    """Temperature above the reference, °C: base (B,) and contribution of each proxy (B, K)."""

    base: Tensor
    contribution: Tensor

    @property
    def total(self) -> Tensor:
        """Base plus contributions, (B,)."""
        return self.base + self.contribution.sum(-1)


class Base(nn.Module):
    """Everything that is not a proxy."""

    varies: Tensor

    def __init__(self, features: int, context: int, metros: int, settings: HeadSettings) -> None:
        super().__init__()
        self.level = nn.Parameter(torch.zeros(()))
        self.metro_level = nn.Parameter(torch.zeros(metros))
        self.context = nn.Linear(context, 1, bias=False)
        self.features = nn.Linear(features, 1, bias=False)
        self.bend = nn.Sequential(nn.Linear(context, settings.hidden), nn.SiLU())
        self.bent = nn.Linear(settings.hidden, 1, bias=False)
        self.dropout = nn.Dropout(settings.dropout)
        # 0 for columns in which all tracts of a metro have one value
        self.register_buffer("varies", torch.ones(context))
        nn.init.zeros_(self.context.weight)
        nn.init.zeros_(self.bent.weight)
        nn.init.zeros_(self.features.weight)

    def forward(self, parts: HeadParts) -> Tensor:
        """Evaluate, (B,)."""
        known = parts.metro >= 0
        own = torch.where(known, self.metro_level[parts.metro.clamp(min=0)], 0.0)
        here, usual = self.varies * parts.context, self.varies * parts.usual
        return (
            self.level
            + own
            + self.context(parts.context - usual)[:, 0]
            + self.bent(self.dropout(self.bend(here) - self.bend(usual)))[:, 0]
            + self.features(parts.features)[:, 0]
        )


class Curves(nn.Module):
    """Curves of some proxies, each with its sign."""

    signs: Tensor

    def __init__(self, settings: HeadSettings, signs: Sequence[int]) -> None:
        super().__init__()
        self.curves = nn.ModuleList(MonotoneCurve(settings, 1) for _ in signs)
        self.register_buffer("signs", torch.tensor(signs, dtype=torch.float32))

    def each(self) -> list[MonotoneCurve]:
        """List the curves, proxy by proxy."""
        return [cast(MonotoneCurve, curve) for curve in self.curves]

    def forward(self, conditions: Tensor, proxies: Tensor, seen: Tensor) -> Tensor:
        """Give contributions: (B, H), (B, K), (B, K) → (B, K)."""
        # the curves hold M members side by side; here M is 1
        hidden, along = conditions[None], proxies[None, :, :, None]
        bends = [curve(hidden, along[:, :, k])[0] for k, curve in enumerate(self.curves)]
        return self.signs * seen * torch.stack(bends, -1)


class MonotoneDay(nn.Module):
    """Day head whose every proxy keeps its sign, whatever the weights are."""

    def __init__(
        self, features: int, context: int, metros: int, curves: HeadSettings, signs: Sequence[int]
    ) -> None:
        super().__init__()
        self.base = Base(features, context, metros, curves)
        self.curves = Curves(curves, signs)

    def forward(self, parts: HeadParts) -> Excess:
        """Estimate."""
        bends = self.curves(parts.conditions, parts.proxies, parts.seen)
        return Excess(self.base(parts), bends)


class FreeDay(nn.Module):
    """Day head in which the proxies join the features: nothing binds their effect."""

    def __init__(
        self, features: int, context: int, metros: int, settings: HeadSettings, proxies: int
    ) -> None:
        super().__init__()
        hidden = settings.hidden
        self.base = Base(features, context, metros, settings)
        self.straight = nn.Linear(proxies, 1, bias=False)
        self.free = nn.Sequential(
            nn.Linear(features + 2 * proxies + hidden, hidden), nn.SiLU(), nn.Linear(hidden, 1)
        )
        nn.init.zeros_(self.straight.weight)

    def forward(self, parts: HeadParts) -> Excess:
        """Estimate; there are no contributions to tell apart."""
        shown = parts.proxies * parts.seen
        everything = torch.cat([parts.features, shown, parts.seen, parts.conditions], -1)
        free = self.free(everything)[:, 0] + self.straight(shown)[:, 0]
        return Excess(self.base(parts) + free, torch.zeros_like(shown))


class Night(nn.Module):
    """Night head: a curve that never rises in albedo, all else free."""

    def __init__(
        self, features: int, context: int, metros: int, curves: HeadSettings, proxies: int
    ) -> None:
        super().__init__()
        self.base = Base(features, context, metros, curves)
        self.albedo = Curves(curves, (-1,))
        self.free = nn.Sequential(
            nn.Linear(2 * (proxies - 1) + curves.hidden, curves.hidden),
            nn.SiLU(),
            nn.Linear(curves.hidden, 1),
        )

    def forward(self, parts: HeadParts) -> Tensor:
        """Estimate, (B,)."""
        others = [k for k in range(parts.proxies.shape[1]) if k != ALBEDO]
        seen = parts.seen[:, others]
        free = torch.cat([parts.proxies[:, others] * seen, seen, parts.conditions], -1)
        bright = self.albedo(parts.conditions, parts.proxies[:, [ALBEDO]], parts.seen[:, [ALBEDO]])
        night: Tensor = self.base(parts) + self.free(free)[:, 0] + bright[:, 0]
        return night
