"""A scenario: where, what and how much. Every rule about its words and numbers is kept here."""

import math
import re
from dataclasses import dataclass
from typing import Final, TypeVar

from aespa_core.analysis.budget_objective import LABELS, MEAN
from aespa_core.analysis.budget_plan import check_budget
from aespa_core.analysis.scenarios.measures import MEASURE_IDS
from aespa_core.errors import ConfigError
from aespa_core.names import shown

# Between names of a list in a link; no tract, county or urban area has it in its name.
SEPARATOR: Final = "|"
CONDITION: Final = re.compile(r"(\w+) (above|below) ([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)")


@dataclass(frozen=True)
class Condition:
    """A census column lies above or below a number: ``poverty_share above 0.25``."""

    column: str
    above: bool
    bound: float

    def __str__(self) -> str:
        """Write it as it is read."""
        return f"{self.column} {'above' if self.above else 'below'} {self.bound!r}"


@dataclass(frozen=True)
class Where:
    """Which tracts: a list of them, of areas, or a rule; exactly one of these.

    Attributes
    ----------
    tracts
        Tract ids.
    counties
        County codes, the first five digits of a tract id.
    urban_areas
        Names in the column ``urban_area`` of the study.
    hottest_share
        Share of the metro's tracts, the warmest by estimate, 0–1; 1 for all of them.
    conditions
        Of those, the tracts for which all of this holds; alone, of all tracts.
    """

    tracts: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    urban_areas: tuple[str, ...] = ()
    hottest_share: float | None = None
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is one way to choose, and that its values can be."""
        ways = {
            "tracts": bool(self.tracts),
            "counties": bool(self.counties),
            "urban_areas": bool(self.urban_areas),
            "a rule (hottest_share, conditions)": self.is_rule,
        }
        given = [name for name, used in ways.items() if used]
        if len(given) != 1:
            said = " and ".join(given) or "nothing"
            raise ConfigError(f"[where] has {said}: give exactly one of {', '.join(ways)}.")
        for name in (*self.tracts, *self.counties, *self.urban_areas):
            if SEPARATOR in name:
                raise ConfigError(
                    f"[where] names {shown(name)}: no name of a place has a '|' in it."
                )
        if self.hottest_share is not None and not 0 < self.hottest_share <= 1:
            raise ConfigError(
                f"[where] hottest_share is {exact(self.hottest_share)}: it is a share of the "
                "metro's tracts, above 0 and at most 1."
            )
        for condition in self.conditions:
            if not math.isfinite(condition.bound):
                raise ConfigError(f"The condition '{condition}' has no number to compare with.")

    @property
    def is_rule(self) -> bool:
        """Whether tracts are chosen by what they are like, and not by name."""
        return self.hottest_share is not None or bool(self.conditions)


@dataclass(frozen=True)
class Amount:
    """How much of a measure: a share of each tract's land or, ``of_limit``, of its own limit."""

    measure: str
    share: float
    of_limit: bool = False


@dataclass(frozen=True)
class UnitCost:
    """What a measure costs here, US$ for each m² treated, instead of the default."""

    measure: str
    usd_m2: float


@dataclass(frozen=True)
class Budget:
    """Money to spend where it cools most: US$, infinity for no limit, and whose cooling counts."""

    usd: float
    objective: str = MEAN

    def __post_init__(self) -> None:
        """Check the sum and the objective."""
        check_budget(self.usd)
        if self.objective not in LABELS:
            raise ConfigError(
                f"[budget] objective is {shown(self.objective)}: choose one of {', '.join(LABELS)}."
            )


Entry = TypeVar("Entry", Amount, UnitCost)


@dataclass(frozen=True)
class Scenario:
    """What is asked; hashable, and the same after a file or a link.

    Attributes
    ----------
    study
        Id in the list of studies, or the path of a folder.
    metro
        Metro id.
    where
        Which tracts.
    amounts
        Of the measures that are used, each at most once, in the order of the registry.
    run
        Whose responses; the study's last one with responses if None.
    literature
        Whether a measure without a curve may be answered by a published coefficient, apart.
    costs
        Where they differ from the defaults, in the order of the registry.
    budget
        To spend best, each tract its own amounts; ``amounts`` are then the most that a tract may
        get. The amounts themselves, everywhere alike, if None.
    """

    study: str
    metro: str
    where: Where
    amounts: tuple[Amount, ...]
    run: str | None = None
    literature: bool = False
    costs: tuple[UnitCost, ...] = ()
    budget: Budget | None = None

    def __post_init__(self) -> None:
        """Check measures and numbers, and bring them into the order of the registry."""
        for name, text in (("study", self.study), ("metro", self.metro)):
            if not text:
                raise ConfigError(f'The scenario names no {name}: write {name} = "…".')
        if not self.amounts:
            raise ConfigError(
                f"The scenario has no measure: give at least one of {', '.join(MEASURE_IDS)} "
                "under [measures]."
            )
        for place, entries in (("measures", self.amounts), ("costs", self.costs)):
            check_measures(place, [entry.measure for entry in entries])
        for amount in self.amounts:
            if not 0 <= amount.share <= 1:
                raise ConfigError(
                    f"[measures] {amount.measure} is {exact(amount.share)}: an amount is a share, "
                    "from 0 to 1."
                )
        for cost in self.costs:
            if not (cost.usd_m2 > 0 and math.isfinite(cost.usd_m2)):
                raise ConfigError(
                    f"[costs] {cost.measure} is {cost.usd_m2:g}: a cost is US$ for each m² "
                    "treated, above 0."
                )
        object.__setattr__(self, "amounts", in_order(self.amounts))
        object.__setattr__(self, "costs", in_order(self.costs))


def exact(value: float) -> str:
    """Write a number with every digit that tells it from its limit: 1.0000001, but 2."""
    return repr(value).removesuffix(".0")


def in_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Sort by the registry of measures."""
    return tuple(sorted(entries, key=lambda entry: MEASURE_IDS.index(entry.measure)))


def check_measures(place: str, names: list[str]) -> None:
    """Refuse measures that do not exist or come twice."""
    for name in names:
        if name not in MEASURE_IDS:
            raise ConfigError(
                f"[{place}] has {shown(name)}, which is no measure: choose from "
                f"{', '.join(MEASURE_IDS)}."
            )
        if names.count(name) > 1:
            raise ConfigError(f"[{place}] has '{name}' twice: give it once.")


def condition_of(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    ConfigError
        If it is not ``column above number`` or ``column below number``.
    """
    found = CONDITION.fullmatch(text.strip())
    if found is None:
        raise ConfigError(
            f"{shown(text)} is no condition: write a column of the study's tracts, above or "
            "below, and a number, as in 'poverty_share above 0.25'."
        )
    return Condition(found[1], found[2] == "above", float(found[3]))
