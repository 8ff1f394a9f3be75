"""What may be bought in each tract: measures in steps of their limits, with cost and cooling.

Exact are the cost, the cooling of every combination (by the curves themselves, not by a line
through them) and the reduction: what costs more and cools no better than another combination of
its tract can be in no best spending. Left out is what lies between the steps.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.budget_knapsack import Choices, dominant
from aespa_core.analysis.budget_limits import ROUNDING, check_arrays, reachable_share
from aespa_core.analysis.response import Responses
from aespa_core.errors import ConfigError

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# shares of a limit; twice as fine cools up to 1 % more and takes ten times as long
QUARTERS: Final = (0.0, 1 / 4, 1 / 2, 3 / 4, 1.0)
MOST_COMBINATIONS: Final = 10_000
# combinations looked at together, which bounds the memory to some 100 MB
TOGETHER: Final = 1_000_000


@dataclass(frozen=True)
class Menu:
    """What may be bought: N choices of B tracts, C combinations, J measures, K proxies.

    Attributes
    ----------
    responses
        Curves of the tracts.
    vectors
        Change of the proxies per unit amount of each measure, (J, K).
    limits
        Largest amount of each measure alone, share of land, (B, J): what was asked, or less where a
        proxy may not move so far.
    unit_cost
        Price of a unit amount, US$, (B, J).
    shares
        Of each limit, (C, J); the first is nothing.
    tract, combination
        Of each choice, sorted by tract, then cost, (N,).
    cost
        US$, (N,).
    cooling
        °C, positive = cooler, mean over members, (N,).
    """

    responses: Responses
    vectors: Array
    limits: Array
    unit_cost: Array
    shares: Array
    tract: Rows
    combination: Rows
    cost: Array
    cooling: Array

    def choices(self, weights: Array) -> Choices:
        """Value what may be bought by each tract's weight in a mean, (B,); none where it is 0."""
        share = weights / weights.sum()
        used = (share[self.tract] > 0) | (self.combination == 0)
        value = share[self.tract] * self.cooling
        return Choices(self.tract[used], self.cost[used], value[used])

    def amounts(self, weights: Array, pick: Rows) -> Array:
        """Give the amounts of one of `choices(weights)` in each tract, (B,) to (B, J)."""
        used = (weights[self.tract] > 0) | (self.combination == 0)
        return self.shares[self.combination[used][pick]] * self.limits

    def cost_of(self, amounts: Array) -> float:
        """US$ of amounts (B, J)."""
        return float((amounts * self.unit_cost).sum())

    def cooling_of(self, amounts: Array) -> Array:
        """°C by which each tract cools, mean over members, (B, J) to (B,)."""
        return -self.responses.effect_c(amounts @ self.vectors).mean(0)


def menu_of(
    responses: Responses,
    vectors: Array,
    limits: Array,
    unit_cost: Array,
    levels: tuple[float, ...] = QUARTERS,
) -> Menu:
    """List what may be bought.

    Parameters
    ----------
    responses
        Curves of B tracts.
    vectors
        Change of the K proxies per unit amount of each of J measures, (J, K).
    limits
        Largest amount in each tract, share of its land, (B, J); 0 where a measure is not available
        or the tract not chosen.
    unit_cost
        Price of a unit amount, US$ (price per m² times the land's m²), (B, J).
    levels
        Shares of a limit that may be bought, 0 to 1.

    Raises
    ------
    ConfigError
        If no tract is chosen, no measure is available, or an array holds what it may not.
    """
    check_arrays(responses, vectors, limits, unit_cost)
    measures = len(vectors)
    if min(levels) < 0 or max(levels) > 1 or len(levels) ** measures > MOST_COMBINATIONS:
        raise ConfigError(
            f"{len(levels)} levels of {measures} measures cannot be tried: give shares from 0 to 1 "
            f"and at most {MOST_COMBINATIONS:,} combinations of them."
        )
    alone = [reachable_share(limits[:, [j]] * vectors[j], responses) for j in range(measures)]
    own = limits * np.stack(alone, -1)  # (B, J)
    if not own.any():
        raise ConfigError(
            "No measure is available in the chosen tracts: none of their proxies may move in its "
            "direction and stay like what the model learned from. Choose other tracts or measures."
        )
    price = np.where(own > 0, unit_cost, 0.0)
    shares = np.array(list(product(sorted({0.0, *levels}), repeat=measures)))  # (C, J)
    size = max(1, TOGETHER // len(shares))
    parts = [
        offers(responses, vectors, own, price, shares, np.arange(at, min(at + size, len(own))))
        for at in range(0, len(own), size)
    ]
    return Menu(
        responses,
        vectors,
        own,
        price,
        shares,
        np.concatenate([part.tract for part in parts]),
        np.concatenate([part.combination for part in parts]),
        np.concatenate([part.cost for part in parts]),
        np.concatenate([part.cooling for part in parts]),
    )


@dataclass(frozen=True)
class Offers:
    """What can matter among the combinations of some tracts, as in `Menu`, each (N,)."""

    tract: Rows
    combination: Rows
    cost: Array
    cooling: Array


def offers(
    responses: Responses,
    vectors: Array,
    limits: Array,
    unit_cost: Array,
    shares: Array,
    rows: Rows,
) -> Offers:
    """Try every combination in some tracts and keep what no other beats in cost and cooling."""
    cost = (limits * unit_cost)[rows] @ shares.T  # (b, C)
    cooling = np.zeros_like(cost)
    for k in range(vectors.shape[1]):
        own = np.nonzero(vectors[:, k])[0]
        if len(own) == 0:
            continue
        # a curve adds to those of other proxies: only the measures that move it are combined
        parts, back = np.unique(shares[:, own], axis=0, return_inverse=True)
        change = (limits[rows][:, own] * vectors[own, k]) @ parts.T  # (b, C')
        low, high = responses.lowest[rows, k, None], responses.highest[rows, k, None]
        within = (change >= low - ROUNDING) & (change <= high + ROUNDING)
        part = np.where(within, mean_cooling_c(responses, rows, k, change), -np.inf)
        cooling += np.where(change == 0, 0.0, part)[:, back]
    order = np.argsort(cost, axis=1, kind="stable")
    cost = np.take_along_axis(cost, order, 1)
    cooling = np.take_along_axis(cooling, order, 1)
    keep = dominant(cost, cooling)
    return Offers(rows[np.nonzero(keep)[0]], order[keep], cost[keep], cooling[keep])


def mean_cooling_c(responses: Responses, rows: Rows, proxy: int, change: Array) -> Array:
    """°C by which tracts cool as one proxy moves, mean over members, (b, N) to (b, N)."""
    at = np.s_[:, rows, proxy]
    total = responses.line[at].mean(0)[:, None] * change
    members, _, units = responses.weight[at].shape
    now = responses.now[at]
    # one unit of one member at a time: the largest array stays (b, N)
    for m, u in product(range(members), range(units)):
        weight, slope, offset = (
            curve[at][m, :, u, None]
            for curve in (responses.weight, responses.slope, responses.offset)
        )
        total += weight / members * (np.tanh(offset + slope * change) - now[m, :, u, None])
    return -total
