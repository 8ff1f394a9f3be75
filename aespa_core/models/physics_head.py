r"""Surface temperature as a base plus one monotone curve a proxy.

.. math:: \mathrm{LST} - \overline{\mathrm{LST}} = b(c) + \sum_k s_k\, m_k\, g_k(z_k; c)

c is the context (no proxy in it), z_k the proxy's own and neighbouring values minus the area's
frozen mean, m_k is 1 where the proxy is measured, s_k its expected sign. Each g_k never falls in
any element of z_k, whatever the weights are:

.. math:: g_k = w_0(c)\, a_0 + \sum_u w_u(c)\,[\tanh(q_u(c)\, a_u + r_u(c)) - \tanh r_u(c)],
   \quad a = z_k V,\quad w, q, V \ge 0

and g_k = 0 at the area's mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from aespa_core.models.members import MemberLinear


@dataclass(frozen=True)
class HeadSettings:
    """Size of the head.

    Attributes
    ----------
    members
        Networks in the ensemble.
    hidden
        Width of the context network.
    units
        Saturating units a curve.
    dropout
        Share of hidden values dropped in training.
    """

    members: int = 8
    hidden: int = 32
    units: int = 4
    dropout: float = 0.1


@dataclass(frozen=True)
class HeadShape:
    """Numbers of inputs: ``context``, ``descriptors`` of the area, ``distances`` a proxy."""

    context: int
    descriptors: int
    distances: int


@dataclass(frozen=True)
class HeadInputs:
    """Standardised inputs, every tensor with the members in front.

    Attributes
    ----------
    anomaly
        Proxies minus the area's mean, 0 where missing, shape (M, B, K, 1 + S).
    seen
        1 where the tract's own proxy is measured, shape (M, B, K).
    context
        Place, shape (M, B, C).
    descriptors
        Area, shape (M, B, D).
    proxy_descriptors
        Mean and deviation of each proxy in the area, shape (M, B, K, 2).
    """

    anomaly: Tensor
    seen: Tensor
    context: Tensor
    descriptors: Tensor
    proxy_descriptors: Tensor


@dataclass(frozen=True)
class HeadOutput:
    """Parts of an estimate in °C: ``base`` (M, B) and ``contribution`` of each proxy (M, B, K)."""

    base: Tensor
    contribution: Tensor

    @property
    def estimate(self) -> Tensor:
        """Base plus contributions, shape (M, B)."""
        return self.base + self.contribution.sum(-1)


@dataclass(frozen=True)
class CurveForm:
    """One proxy's curve at each row's context, before its sign: all but ``offset`` are ≥ 0.

    Attributes
    ----------
    line
        w_0, (M, B).
    weight, slope, offset
        w_u, q_u, r_u of the saturating units, (M, B, U).
    mix
        V, how the proxy's values enter the line and the units, (M, 1 + S, 1 + U).
    """

    line: Tensor
    weight: Tensor
    slope: Tensor
    offset: Tensor
    mix: Tensor


class MonotoneCurve(nn.Module):
    """g_k of one proxy: never falls in any of its inputs; slopes come from the context network."""

    def __init__(self, settings: HeadSettings, distances: int) -> None:
        super().__init__()
        members, units = settings.members, settings.units
        self.units = units
        # softplus makes the mixing weights positive: −1 starts them at about .3
        self.mix = nn.Parameter(torch.randn(members, distances, units + 1) * 0.3 - 1.0)
        self.shape = MemberLinear(members, settings.hidden, 1 + 3 * units, gain=0.3)
        with torch.no_grad():
            self.shape.bias[..., : 1 + units] = -1.0
            self.shape.bias[..., 1 + units : 1 + 2 * units] = 0.5
            self.shape.bias[..., 1 + 2 * units :] = torch.linspace(-1.5, 1.5, units)

    def form(self, hidden: Tensor) -> CurveForm:
        """Take the curve out of the context network's answer, (M, B, H)."""
        shape = self.shape(hidden)
        weight, slope, offset = shape.split([1 + self.units, self.units, self.units], -1)
        weight, slope = functional.softplus(weight), functional.softplus(slope)
        mix = functional.softplus(self.mix)
        return CurveForm(weight[..., 0], weight[..., 1:], slope, offset, mix)

    def forward(self, hidden: Tensor, anomaly: Tensor) -> Tensor:
        """Evaluate the curve: (M, B, H), (M, B, 1 + S) → (M, B)."""
        form = self.form(hidden)
        along = torch.bmm(anomaly, form.mix)  # (M, B, 1 + U)
        steps = torch.tanh(form.slope * along[..., 1:] + form.offset) - torch.tanh(form.offset)
        return form.line * along[..., 0] + (form.weight * steps).sum(-1)


class PhysicsHead(nn.Module):
    """Base and curves of all members.

    Parameters
    ----------
    settings
        Size.
    shape
        Numbers of inputs.
    signs
        Expected sign of each proxy's effect, −1 or +1, length K.
    """

    signs: Tensor

    def __init__(self, settings: HeadSettings, shape: HeadShape, signs: Sequence[int]) -> None:
        super().__init__()
        members, hidden = settings.members, settings.hidden
        width = shape.context + shape.descriptors + 3 * len(signs)
        self.first = MemberLinear(members, width, hidden)
        self.second = MemberLinear(members, hidden, hidden)
        self.dropout = nn.Dropout(settings.dropout)
        self.base = MemberLinear(members, hidden, 1, gain=0.3)
        self.straight = MemberLinear(members, shape.context, 1, gain=0.1)
        self.curves = nn.ModuleList(MonotoneCurve(settings, shape.distances) for _ in signs)
        self.register_buffer("signs", torch.tensor(signs, dtype=torch.float32))

    def at_context(self, inputs: HeadInputs) -> Tensor:
        """Run the context network, whose answer shapes the base and every curve: (M, B, H)."""
        free = torch.cat(
            [
                inputs.context,
                inputs.descriptors,
                inputs.proxy_descriptors.flatten(2),
                inputs.seen,
            ],
            -1,
        )  # (M, B, C + D + 3 K)
        hidden = self.dropout(functional.silu(self.first(free)))
        return self.dropout(functional.silu(self.second(hidden)))

    def forward(self, inputs: HeadInputs) -> HeadOutput:
        """Estimate the difference from the area's mean and take it apart."""
        hidden = self.at_context(inputs)
        curves = torch.stack(
            [curve(hidden, inputs.anomaly[:, :, k]) for k, curve in enumerate(self.curves)], -1
        )  # (M, B, K)
        base = self.base(hidden)[..., 0] + self.straight(inputs.context)[..., 0]
        return HeadOutput(base, self.signs * inputs.seen * curves)
