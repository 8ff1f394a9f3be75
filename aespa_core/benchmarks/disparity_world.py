"""Simulated worlds with a known law of disparity: who lives where it is warm, drawn anew.

The polygons are those of the twin's metros, with all that is built on them. One seed draws the
trees (:func:`aespa_core.twin.people.draw_canopy`), the people, whose incomes follow the trees
(:mod:`aespa_core.twin.people`), and what the temperature has of its own; the rest of it follows
from the tract (:mod:`aespa_core.benchmarks.disparity_response`).

What is built stays, and so does the warmth that comes of it. A regression that does not hold it
leaves it in its residuals, and robust standard errors take it for chance although no world differs
in it: for a covariate that hardly differs between worlds either, as density, they are too large.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.benchmarks.disparity_ground import Ground, twin_grounds
from aespa_core.benchmarks.disparity_response import (
    TemperatureLaw,
    draw_rest,
    expected_c,
    read_response,
)
from aespa_core.twin.chance import metro_seed, stream
from aespa_core.twin.people import draw_canopy, draw_people
from aespa_core.twin.people_law import PeopleLaw

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.str_]

# From one metro's origin to the next: no distance that anybody looks at reaches so far.
METROS_APART_M: Final = 1e6
COUNTY_DIGITS: Final = 5


@dataclass(frozen=True)
class WorldDraw:
    """One world, N tracts of all metros; rows and arrays are in the same order in every world.

    Attributes
    ----------
    tracts
        The columns of table ``tracts`` but for the polygons, and ``lst_day_c``, °C.
    y
        Day temperature, °C, shape (N,).
    xy_m
        Centroids, east and north, metres; metros lie 1,000 km apart, shape (N, 2).
    metro
        Metro of each tract, shape (N,).
    county
        Its county, five digits, shape (N,); each simulated metro is one.
    canopy
        Share of its land under crowns, 0–1, shape (N,): what incomes and temperatures share.
    """

    tracts: pd.DataFrame
    y: Floats
    xy_m: Floats
    metro: Words
    county: Words
    canopy: Floats


@dataclass(frozen=True)
class DisparityWorlds:
    """The law of all worlds.

    Attributes
    ----------
    grounds
        What stays, one entry a metro.
    people
        Trees, incomes and shares.
    temperature
        Temperature given the trees.
    """

    grounds: tuple[Ground, ...]
    people: PeopleLaw
    temperature: TemperatureLaw

    def draw(self, seed: int) -> WorldDraw:
        """Draw a world; the same seed gives the same world.

        Parameters
        ----------
        seed
            Not negative.
        """
        canopies = [self.draw_trees(ground, seed) for ground in self.grounds]
        parts = [
            self.draw_metro(ground, canopy, seed)
            for ground, canopy in zip(self.grounds, canopies, strict=True)
        ]
        tracts = pd.concat(parts, ignore_index=True)
        geoid = np.concatenate([ground.land.geoid for ground in self.grounds])
        return WorldDraw(
            tracts=tracts,
            y=tracts["lst_day_c"].to_numpy(float),
            xy_m=np.concatenate(
                [
                    np.column_stack([g.land.x_m + number * METROS_APART_M, g.land.y_m])
                    for number, g in enumerate(self.grounds)
                ]
            ),  # (N, 2)
            metro=np.repeat(
                [ground.land.metro for ground in self.grounds],
                [ground.land.tracts for ground in self.grounds],
            ),
            county=geoid.astype(f"<U{COUNTY_DIGITS}"),
            canopy=np.concatenate(canopies),
        )

    def draw_trees(self, ground: Ground, world_seed: int) -> Floats:
        """Draw the canopy of one metro, share of the land, shape (B,)."""
        return draw_canopy(ground.land, self.people, metro_seed(world_seed, ground.land.metro))

    def draw_metro(self, ground: Ground, canopy: Floats, world_seed: int) -> pd.DataFrame:
        """Draw people and temperature of one metro under its trees, one row a tract."""
        seed = metro_seed(world_seed, ground.land.metro)
        rest_c = draw_rest(ground, self.temperature, stream(seed, "temperature"))
        people = draw_people(replace(ground.land, canopy=canopy), self.people, seed)
        return people.assign(
            awater_m2=people["aland_m2"] * ground.water_share / (1.0 - ground.water_share),
            lst_day_c=expected_c(ground, canopy, self.temperature) + rest_c,
        )


@lru_cache(maxsize=1)
def twin_worlds() -> DisparityWorlds:
    """Give the worlds of the benchmark, once a process; the first time on a machine half a minute.

    Start workers after a first call: each would build the metros otherwise.
    """
    return DisparityWorlds(twin_grounds(), PeopleLaw(), read_response())
