r"""How each pixel of a picture moves the day's estimate, by integrated gradients.

.. math:: e_i = (x_i - \bar x_i) \int_0^1
    \frac{\partial T}{\partial x_i}\big(\bar x + a\,(x - \bar x)\big)\, da, \qquad
    \sum_i e_i = T(x) - T(\bar x)

(Sundararajan et al. 2017, ICML, eq. 1 and proposition 1), T the members' mean through encoder and
model. The integral is a Gauss–Legendre sum over ever more points until the effects sum to the
change. Features lose what the proxies say of them before the base sees them, and those proxies stay
as they were read: an effect is the picture's way through the base, beside the proxies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.inputs import HeatInputs

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
# Temperature of N standardised pictures of one tract, (N, 3, S, S) → (N,), °C.
DayOf = Callable[[Tensor], Tensor]

POINTS: Final = (16, 32, 64, 128)
# Points along the way that are looked at together.
BATCH: Final = 16
# What the effects may sum to beside the change: this much, and this share of the change.
TOLERANCE_C: Final = 0.002
TOLERANCE_SHARE: Final = 0.01


@dataclass(frozen=True)
class Saliency:
    """What a picture's pixels do.

    Attributes
    ----------
    effect_c
        Of each pixel, °C, (S, S).
    change_c
        The estimate with the picture less that with the mean picture, °C.
    """

    effect_c: Array
    change_c: float

    @property
    def gap_c(self) -> float:
        """How far the effects are from summing to the change, °C."""
        return abs(float(self.effect_c.sum()) - self.change_c)

    @property
    def complete(self) -> bool:
        """Whether the effects sum to the change within the tolerance."""
        return self.gap_c <= TOLERANCE_C + TOLERANCE_SHARE * abs(self.change_c)


def image_saliency(
    day: DayOf, picture: Floats, mean: Floats, points: Sequence[int] = POINTS
) -> Saliency:
    """Tell what each pixel of a picture does against the mean picture.

    Parameters
    ----------
    day
        The model, asked of this tract with this one picture changed.
    picture, mean
        Standardised, (3, S, S).
    points
        Numbers of points to try, until the effects sum to the change.
    """
    here, there = torch.from_numpy(picture), torch.from_numpy(mean)
    with torch.no_grad():
        change_c = float(-day(torch.stack([here, there])).double().diff())
    for count in points:
        slope = mean_slope(day, here, there, count)
        found = Saliency(((here - there).double() * slope).sum(0).numpy(), change_c)
        if found.complete:
            break
    return found


def mean_slope(day: DayOf, here: Tensor, there: Tensor, points: int) -> Tensor:
    """Average the gradient along the straight way from ``there`` to ``here``, (3, S, S)."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    total = torch.zeros_like(here, dtype=torch.float64)
    for first in range(0, points, BATCH):
        share = torch.tensor((nodes[first : first + BATCH] + 1) / 2, dtype=torch.float32)
        part = torch.tensor(weights[first : first + BATCH] / 2)
        way = there + share[:, None, None, None] * (here - there)  # (N, 3, S, S)
        (slope,) = torch.autograd.grad(day(way.requires_grad_()).sum(), way)
        total += torch.einsum("n,ncij->cij", part, slope.double())
    return total


def with_tile(models: Sequence[HeatModel], encoders: Encoders, tract: HeatInputs) -> DayOf:
    """Ask the model of one tract under other tiles."""

    def day(tiles: Tensor) -> Tensor:
        seen = encoders.satellite(tiles)  # (N, 1 + G², D)
        return day_of(models, replace(repeated(tract, len(tiles)), satellite=seen))

    return day


def with_photo(
    models: Sequence[HeatModel], encoders: Encoders, tract: HeatInputs, number: int
) -> DayOf:
    """Ask the model of one tract under other photos in the place of one of its own."""

    def day(photos: Tensor) -> Tensor:
        own = repeated(tract, len(photos))
        seen = encoders.street(photos)  # (N, D)
        before, after = own.street[:, :number], own.street[:, number + 1 :]
        return day_of(models, replace(own, street=torch.cat([before, seen[:, None], after], 1)))

    return day


def repeated(tract: HeatInputs, count: int) -> HeatInputs:
    """Give one tract as many rows as there are pictures."""
    return tract.rows(torch.zeros(count, dtype=torch.long))


def day_of(models: Sequence[HeatModel], inputs: HeatInputs) -> Tensor:
    """Estimate the day with members that do not learn, but whose gradient is asked for, (B,)."""
    return torch.stack([model.eval()(inputs).day for model in models]).mean(0)


def in_cells(effect_c: Array, cells: tuple[int, int]) -> Array:
    """Sum pixels into cells, (S, S) → (R, C); a picture of fewer pixels has as many cells."""
    rows, columns = (min(count, side) for count, side in zip(cells, effect_c.shape, strict=True))
    down, across = effect_c.shape
    by_row = np.add.reduceat(effect_c, np.arange(rows) * down // rows, axis=0)
    summed: Array = np.add.reduceat(by_row, np.arange(columns) * across // columns, axis=1)
    return summed
