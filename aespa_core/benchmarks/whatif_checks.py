"""Random scenarios, and what must not be in what comes of them."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.scenarios.asked import asked_of
from aespa_core.analysis.scenarios.availability import availabilities
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.limits import Given, Limits, given_of, limits_of
from aespa_core.analysis.scenarios.scenario import Amount, Scenario, Where
from aespa_core.analysis.scenarios.selection import chosen_tracts
from aespa_core.schema import PROXIES

# Sums in another order differ in the last digits of a double.
ROUNDING: Final = 1e-9
SPLITS: Final = ("one_tract", "many_tracts")


@dataclass(frozen=True)
class Place:
    """A metro as scenarios find it, and the ids of the measures that it can answer."""

    baseline: Baseline
    limits: Limits
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """Scenarios, and in how many of them something was wrong; the worst warming, °C.

    ``warmings``: an estimate rose by day for some member. ``beyond_limit``: more of a measure than
    the tract takes, or a proxy outside of what was learned on or of its own range.
    ``not_restored``: a tract that was not meant changed, or a measure at zero left something.
    """

    scenarios: int = 0
    warmings: int = 0
    beyond_limit: int = 0
    not_restored: int = 0
    worst_warming_c: float = 0.0

    def plus(self, other: "Count") -> "Count":
        """Add up; the worst stays the worst."""
        return Count(
            self.scenarios + other.scenarios,
            self.warmings + other.warmings,
            self.beyond_limit + other.beyond_limit,
            self.not_restored + other.not_restored,
            max(self.worst_warming_c, other.worst_warming_c),
        )


def place_of(baseline: Baseline) -> Place:
    """Find limits and measures of a metro."""
    here = availabilities(baseline.responses, baseline.metro)
    return Place(baseline, limits_of(baseline), tuple(m.measure.id for m in here if m.estimated))


def chance_scenario(place: Place, split: str, rng: np.random.Generator) -> Scenario:
    """Draw measures, amounts and tracts."""
    index = place.baseline.frame.index
    count = 1 if split == "one_tract" else int(rng.integers(2, len(index) + 1))
    tracts = rng.choice(index, count, replace=False)
    used = rng.permutation(place.measures)[: rng.integers(1, len(place.measures) + 1)]
    amounts = tuple(
        # mostly small shares, as a city would do, and some beyond any limit
        Amount(str(name), float(rng.uniform() ** 3), bool(rng.random() < 0.5))
        for name in used
    )
    where = Where(tracts=tuple(map(str, tracts)))
    return Scenario(place.baseline.study, place.baseline.metro, where, amounts)


def played(place: Place, scenario: Scenario) -> Given:
    """Give what a scenario asks for, as far as it fits."""
    chosen = chosen_tracts(scenario.where, place.baseline)
    return given_of(asked_of(scenario, place.baseline, place.limits, chosen).share, place.limits)


def checked(place: Place, scenario: Scenario, rng: np.random.Generator) -> Count:
    """Play a scenario and look for what must not be."""
    given = played(place, scenario)
    effect_c = place.baseline.responses.effect_c(given.change)
    worst = float(effect_c.max(initial=0.0))
    return Count(
        1,
        # a number that is none is no guarantee either
        int(not (effect_c <= ROUNDING).all()),
        int(beyond(place, given)),
        int(leftover(place, scenario, effect_c, rng)),
        worst,
    )


def beyond(place: Place, given: Given) -> bool:
    """Whether anything was given or moved further than it may."""
    limits, value = place.limits, place.baseline.responses.value
    # from the amounts again: what is told of the move must be what they do
    change = np.einsum("qb,qbk->bk", given.share, limits.step)
    after = value + change  # NaN where the value may not be told
    low = np.array([proxy.low for proxy in PROXIES])
    high = np.array([proxy.high for proxy in PROXIES])
    return bool(
        (given.share > limits.share + ROUNDING).any()
        or (given.share < 0).any()
        or (given.share.sum(0) > 1 + ROUNDING).any()
        or (np.abs(change - given.change) > ROUNDING).any()
        or (change > limits.highest + ROUNDING).any()
        or (change < limits.lowest - ROUNDING).any()
        or ((after < low - ROUNDING) & (change != 0)).any()
        or ((after > high + ROUNDING) & (change != 0)).any()
    )


def leftover(
    place: Place,
    scenario: Scenario,
    effect_c: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> bool:
    """Whether a tract that was not meant changed, or a measure at zero is still there."""
    responses = place.baseline.responses
    meant = np.isin(responses.geoid, scenario.where.tracts)
    if (effect_c[:, ~meant] != 0).any():
        return True
    off = int(rng.integers(len(scenario.amounts)))
    kept = tuple(a for i, a in enumerate(scenario.amounts) if i != off)
    zeroed = (*kept, replace(scenario.amounts[off], share=0.0))
    at_zero = responses.effect_c(played(place, replace(scenario, amounts=zeroed)).change)
    if not kept:
        return bool((at_zero != 0).any())
    never = responses.effect_c(played(place, replace(scenario, amounts=kept)).change)
    return bool((at_zero != never).any())
