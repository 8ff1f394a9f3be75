r"""A model starts as the best straight line that keeps the signs, told within metros.

.. math:: \min_{u,v,\beta\ge 0} \|y - u_m - v^\top c - \sum_k s_k\beta_k z_k\|^2
    + \lambda(\|v\|^2 + \|\beta\|^2) + \sigma n \|\beta - \bar\beta\|^2, \qquad
    \min_{t_0,w} \|u - t_0 - w^\top k\|^2 + \mu \|w\|^2

y the excess over the reference, u a level of each metro, c the context that varies within metros
less its mean there, z the proxies, both standardised; k the context that tells of a metro as a
whole, its climate. μ is the one under which a metro left out is told best: what a climate is worth
is learned from a handful of metros, and may be nothing. Proxies never explain how metros differ.
"""

from dataclasses import dataclass
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
Numbers = npt.NDArray[np.int64]

PENALTY: Final = 1.0
# Against sums over metros, one row each; the last leaves the climate out.
CLIMATE_PENALTIES: Final = (0.3, 1.0, 3.0, 10.0, 30.0, 1e9)
# With fewer metros there is none to leave out and still see how climates differ.
LEAST_METROS: Final = 4
SMALLEST: Final = 1e-3
# How much of its random weights a curve keeps, and how strong its bends begin, °C.
SMALL_SHARE: Final = 0.1
SMALL_BEND_C: Final = 0.01


@dataclass(frozen=True)
class Line:
    """Level, levels of metros (M,), slopes of context (C,) and of proxies, sign apart (K,), °C."""

    level: float
    metro: Array
    context: Array
    proxies: Array

    def __call__(self, context: Array, proxies: Array, metro: Numbers) -> Array:
        """Estimate, (B,); a metro numbered −1 has no level of its own."""
        own = np.where(metro >= 0, self.metro[np.maximum(metro, 0)], 0.0)
        signed: Array = proxies * np.array(SIGNS) @ self.proxies
        return self.level + own + context @ self.context + signed


def fit_line(
    context: Array, proxies: Array, metro: Numbers, y: Array, metros: int, share: float = 0.0
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
    share
        σ, how strongly the proxies' slopes are held alike.
    """
    climate = one_value_a_metro(context, metro)
    inner = np.where(climate, 0.0, context)
    own = (metro[:, None] == np.arange(metros)).astype(float)
    design = np.hstack([own, inner, proxies * np.array(SIGNS)])
    strength = np.full(design.shape[1], PENALTY)
    strength[:metros] = SMALLEST
    lower = np.full(design.shape[1], -np.inf)
    lower[-proxies.shape[1] :] = 0.0
    centre = float(y.mean())
    count = proxies.shape[1]
    alike = np.zeros((count, design.shape[1]))
    alike[:, -count:] = np.sqrt(share * len(y)) * (np.eye(count) - 1 / count)
    found = lsq_linear(
        np.vstack([design, np.diag(np.sqrt(strength)), alike]),
        np.concatenate([y - centre, np.zeros(len(strength) + count)]),
        (lower, np.inf),
    ).x
    level, inner_slopes, proxy_slopes = np.split(found, [metros, metros + context.shape[1]])
    present = own.any(0)
    first = np.array([np.flatnonzero(column)[0] for column in own.T[present]])
    outer = np.where(climate, context[first], 0.0)  # (metros present, C)
    slopes = climate_slopes(outer, level[present])
    base = float(np.mean(level[present] - outer @ slopes))
    left = np.zeros(metros)
    left[present] = np.asarray(level[present] - base - outer @ slopes)
    return Line(centre + base, left, inner_slopes + slopes, proxy_slopes)


def climate_slopes(climate: Array, level: Array) -> Array:
    """Slopes of metros' levels on their climate, (C,), under the penalty that tells one apart best.

    Parameters
    ----------
    climate
        One row a metro, 0 in columns that vary within metros, (M, C).
    level
        Level of each metro, °C, (M,).
    """
    if len(level) < LEAST_METROS:
        return np.zeros(climate.shape[1])

    def error(penalty: float) -> float:
        rows = np.arange(len(level))
        apart = [told_apart(climate, level, penalty, rows != row) for row in rows]
        return float(np.abs(apart - level).mean())

    best = min(CLIMATE_PENALTIES, key=error)
    return ridge(climate - climate.mean(0), level - level.mean(), best)


def told_apart(climate: Array, level: Array, penalty: float, rest: npt.NDArray[np.bool_]) -> float:
    """Tell the level of the one metro that is not among the rest, °C."""
    middle, mean = climate[rest].mean(0), level[rest].mean()
    slopes = ridge(climate[rest] - middle, level[rest] - mean, penalty)
    return float(mean + (climate[~rest][0] - middle) @ slopes)


def ridge(x: Array, y: Array, penalty: float) -> Array:
    """Slopes of ridge regression on centred columns."""
    return np.asarray(np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y))


@torch.no_grad()
def start_from_line(
    model: HeatModel, inputs: HeatInputs, day: Array, night: Array, share: float = 0.0
) -> None:
    """Set a model's straight parts; its bends and features begin small.

    Parameters
    ----------
    model
        With its standardisation fitted.
    inputs
        Training tracts.
    day, night
        Excess over the reference, °C, NaN where unknown, (B,).
    share
        How strongly the day's slopes of the proxies are held alike.
    """
    metro, metros = inputs.metro.numpy(), max(len(model.shape.metros), 1)
    whole = model.filled_context(inputs).numpy().astype(float)
    varies = ~one_value_a_metro(whole, metro)
    for base in (model.day.base, model.night.base):
        base.varies.copy_(torch.from_numpy(varies))
    context = whole - varies * model.standard_context(inputs.usual).numpy().astype(float)
    proxies = model.standard_proxies(inputs.proxies).numpy().astype(float)
    line = fit_line(context, proxies, metro, day, metros, share)
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


def one_value_a_metro(context: Array, metro: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Mark the columns that do not vary within any metro, (C,)."""
    spread = [np.ptp(context[metro == number], axis=0) for number in np.unique(metro)]
    constant: npt.NDArray[np.bool_] = np.max(spread, axis=0) < SMALLEST
    return constant


def start_curve(curve: MonotoneCurve, slope: float) -> None:
    """Make a curve a line of this slope, with bends that are small and can grow."""
    curve.shape.weight.mul_(SMALL_SHARE)
    # straight part: softplus(mix) = 1, softplus(weight) = the slope
    curve.mix[:, :, 0] = inverse_softplus(1.0)
    curve.shape.bias[..., 0] = inverse_softplus(max(slope, SMALLEST))
    curve.shape.bias[..., 1 : 1 + curve.units] = inverse_softplus(SMALL_BEND_C)


def set_base(base: Base, line: Line) -> None:
    """Copy a line's level and slopes of the context into a base."""
    base.level.fill_(line.level)
    base.metro_level.copy_(torch.tensor(line.metro, dtype=torch.float32))
    base.context.weight.copy_(torch.tensor(line.context, dtype=torch.float32)[None])


def inverse_softplus(value: float) -> float:
    """Give x with log(1 + eˣ) = value."""
    return float(np.log(np.expm1(value)))
