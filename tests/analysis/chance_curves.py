"""Curves of chance with the physical signs, and measures to spend a budget on."""

from dataclasses import dataclass

import numpy as np

from aespa_core.analysis.budget_menu import Array
from aespa_core.analysis.response import Responses
from aespa_core.schema import PROXIES

# planting, cool roofs, depaving, shade: change of ndvi, canopy, impervious, albedo, shadow
VECTORS = np.array(
    [
        [0.5, 1.0, 0.0, -0.02, 0.6],
        [0.0, 0.0, 0.0, 0.45, 0.0],
        [0.4, 0.0, -1.0, 0.05, 0.0],
        [0.0, 0.0, 0.0, 0.05, 0.8],
    ]
)
US_DOLLARS_PER_M2 = np.array([12.0, 18.0, 60.0, 250.0])


@dataclass(frozen=True)
class Problem:
    """Where a budget may be spent: B tracts, J measures."""

    responses: Responses
    vectors: Array
    limits: Array
    unit_cost: Array
    weights: Array


def chance_curves(rng: np.random.Generator, tracts: int, members: int = 8) -> Responses:
    """Draw monotone curves, some S-shaped."""
    sign = np.array([proxy.sign for proxy in PROXIES], float)
    shape = (members, tracts, len(PROXIES))
    value = rng.uniform(0.1, 0.6, shape[1:])
    room = rng.uniform(0, 0.3, (2, *shape[1:])) * (rng.random(shape[1:]) > 0.1)
    room[:, 0] = 0.2  # there is always something to buy
    size = rng.lognormal(-0.5, 0.6, (1, tracts, 1, 1))
    return Responses(
        geoid=np.array([f"{b:011d}" for b in range(tracts)]),
        value=value,
        lowest=-room[0],
        highest=room[1],
        usual_lowest=-room[0] / 2,
        usual_highest=room[1] / 2,
        line=sign * rng.uniform(0, 2, shape),
        weight=sign[:, None] * size * rng.uniform(0, 2, (*shape, 4)),
        slope=rng.uniform(0, 8, (*shape, 4)),
        offset=rng.normal(0, 1, (*shape, 4)),
    )


def chance_problem(rng: np.random.Generator, tracts: int, measures: int = 4) -> Problem:
    """Draw tracts with limits, prices and people; some have no room, some nobody."""
    limits = rng.uniform(0, 0.4, (tracts, measures)) * (rng.random((tracts, measures)) > 0.2)
    land = rng.lognormal(14.5, 0.8, tracts)
    people = rng.integers(500, 8000, tracts) * (rng.random(tracts) > 0.05)
    people[0] = 1000
    limits[0] = 0.2
    return Problem(
        chance_curves(rng, tracts),
        VECTORS[:measures],
        limits,
        US_DOLLARS_PER_M2[:measures] * land[:, None],
        people.astype(float),
    )
