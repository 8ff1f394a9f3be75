r"""A model starts as the best straight line that keeps the signs.

.. math:: \min_{t_0,u,v,\beta\ge 0} \|y - t_0 - u_m - v^\top c - \sum_k s_k\beta_k z_k\|^2
    + \lambda_u \|u\|^2 + \lambda_c \|v\|^2 + \lambda_\beta \|\beta\|^2

y the excess over the reference, c the standardised context, z the standardised proxies, u a level
of each metro. λ_u and λ_c are those under which a metro left out is told best: the weight of a
metro's climate is learned from a handful of metros.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import lsq_linear

from aespa_core.models.heat.heads import Base, MonotoneDay
from aespa_core.models.heat.heat_model import SIGNS, HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.models.physics_head import MonotoneCurve

Array = npt.NDArray[np.float64]

CONTEXT_PENALTIES: Final = (1.0, 10.0, 30.0, 100.0, 300.0)
METRO_PENALTIES: Final = (1.0, 10.0)
PROXY_PENALTY: Final = 1.0
# With fewer metros there is none to leave out and still see how climates differ.
LEAST_METROS: Final = 4
SMALLEST: Final = 1e-3
SMALL_SHARE: Final = 0.1


@dataclass(frozen=True)
class Line:
    """Level, levels of metros (M,), slopes of context (C,) and of proxies, sign apart (K,), °C."""

    level: float
    metro: Array
    context: Array
    proxies: Array

    def __call__(self, context: Array, proxies: Array, metro: npt.NDArray[np.int64]) -> Array:
        """Estimate, (B,); a metro numbered −1 has no level of its own."""
        own = np.where(metro >= 0, self.metro[np.maximum(metro, 0)], 0.0)
        signed: Array = proxies * np.array(SIGNS) @ self.proxies
        return self.level + own + context @ self.context + signed


def fit_line(
    context: Array,
    proxies: Array,
    metro: npt.NDArray[np.int64],
    y: Array,
    metros: int,
    penalty: tuple[float, float] | None = None,
) -> Line:
    """Fit the line.

    Parameters
    ----------
    context, proxies
        Standardised, 0 where missing, (B, C) and (B, K).
    metro
        Number of each tract's metro, (B,).
    y
        Excess over the reference, °C, (B,).
    metros
        How many metros there are.
    penalty
        λ_c and λ_u; chosen by leaving metros out if None.
    """
    context_penalty, metro_penalty = penalty or best_penalty(context, proxies, metro, y, metros)
    level = y.mean()
    own = (metro[:, None] == np.arange(metros)).astype(float)
    design = np.hstack([np.ones((len(y), 1)), own, context, proxies * np.array(SIGNS)])
    strength = np.concatenate(
        [
            [0.0],
            np.full(metros, metro_penalty),
            np.full(context.shape[1], context_penalty),
            np.full(proxies.shape[1], PROXY_PENALTY),
        ]
    )
    lower = np.full(design.shape[1], -np.inf)
    lower[-proxies.shape[1] :] = 0.0
    found = lsq_linear(
        np.vstack([design, np.diag(np.sqrt(strength))]),
        np.concatenate([y - level, np.zeros(len(strength))]),
        (lower, np.inf),
    ).x
    first, second = 1 + metros, 1 + metros + context.shape[1]
    return Line(level + found[0], found[1:first], found[first:second], found[second:])


def best_penalty(
    context: Array, proxies: Array, metro: npt.NDArray[np.int64], y: Array, metros: int
) -> tuple[float, float]:
    """Choose λ_c and λ_u by the error on each metro when the others tell it."""
    present = np.unique(metro[metro >= 0])
    if len(present) < LEAST_METROS:
        return CONTEXT_PENALTIES[1], METRO_PENALTIES[0]

    def error(pair: tuple[float, float]) -> float:
        total = 0.0
        for apart in present:
            rest = metro != apart
            line = fit_line(context[rest], proxies[rest], metro[rest], y[rest], metros, pair)
            unknown = np.full((~rest).sum(), -1)
            total += float(np.abs(y[~rest] - line(context[~rest], proxies[~rest], unknown)).mean())
        return total

    return min(product(CONTEXT_PENALTIES, METRO_PENALTIES), key=error)


@torch.no_grad()
def start_from_line(model: HeatModel, inputs: HeatInputs, day: Array, night: Array) -> None:
    """Set a model's straight parts; its bends and features begin small.

    Parameters
    ----------
    model
        With its standardisation fitted.
    inputs
        Training tracts.
    day, night
        Excess over the reference, °C, NaN where unknown, (B,).
    """
    context = model.standard_context(inputs.context).numpy().astype(float)
    proxies = model.standard_proxies(inputs.proxies).numpy().astype(float)
    metro, metros = inputs.metro.numpy(), max(len(model.shape.metros), 1)
    line = fit_line(context, proxies, metro, day, metros)
    set_base(model.day.base, line)
    if isinstance(model.day, MonotoneDay):
        for slope, curve in zip(line.proxies, model.day.curves.each(), strict=True):
            start_curve(curve, float(slope))
    else:
        model.day.straight.weight.copy_(
            torch.tensor(line.proxies * np.array(SIGNS), dtype=torch.float32)[None]
        )
    known = np.isfinite(night)
    if known.any():
        at_night = fit_line(context[known], proxies[known], metro[known], night[known], metros)
        set_base(model.night.base, at_night)


def start_curve(curve: MonotoneCurve, slope: float) -> None:
    """Make a curve a line of this slope, with bends that are small and can grow."""
    curve.shape.weight.mul_(SMALL_SHARE)
    # straight part: softplus(mix) = 1, softplus(weight) = the slope
    curve.mix[:, :, 0] = inverse_softplus(1.0)
    curve.shape.bias[..., 0] = inverse_softplus(max(slope, SMALLEST))
    curve.shape.bias[..., 1 : 1 + curve.units] = inverse_softplus(SMALL_SHARE)


def set_base(base: Base, line: Line) -> None:
    """Copy a line's level and slopes of the context into a base."""
    base.level.fill_(line.level)
    base.metro_level.copy_(torch.tensor(line.metro, dtype=torch.float32))
    base.context.weight.copy_(torch.tensor(line.context, dtype=torch.float32)[None])


def inverse_softplus(value: float) -> float:
    """Give x with log(1 + eˣ) = value."""
    return float(np.log(np.expm1(value)))
