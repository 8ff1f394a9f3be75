"""What comes of a scenario: numbers, each with its unit and, where there is one, its interval."""

from dataclasses import dataclass

import pandas as pd

from aespa_core.analysis.budget import Spendings
from aespa_core.analysis.budget_objective import Objective
from aespa_core.analysis.exposure.income_fifths import GroupMean
from aespa_core.analysis.scenarios.scenario import Scenario
from aespa_core.analysis.trends import UNTESTED, Trends


@dataclass(frozen=True)
class Interval:
    """A number and its 90 % interval over the model's members, NaN for a single member."""

    mean: float
    low90: float
    high90: float


@dataclass(frozen=True)
class Refusal:
    """Chosen tracts that get nothing of a measure for one reason: how many, and why in words."""

    measure: str
    reason: str
    tracts: int


@dataclass(frozen=True)
class MeasureTotal:
    """One measure over all tracts that get some of it.

    Attributes
    ----------
    measure
        Its id.
    estimated
        Whether curves of this study answer it; if not, a published coefficient does.
    tracts
        That get some of it.
    held
        That get less than was asked, because of a limit; those that get nothing included.
    area_m2
        Land treated, m²; NaN where the study has no land area.
    usd_m2
        Unit cost, US$ for each m² treated.
    cost_usd
        US$; NaN as the area.
    limit
        What its limit comes from, in words.
    left_out
        Proxies that it moves and that have no curve here; their part is not counted.
    """

    measure: str
    estimated: bool
    tracts: int
    held: int
    area_m2: float
    usd_m2: float
    cost_usd: float
    limit: str
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class GapChange:
    """How unevenly heat falls on income fifths, before and after.

    Attributes
    ----------
    before, after
        Poorest minus richest fifth of the people, °C with 95 % interval over tracts.
    change_c
        After minus before, °C, with 90 % interval over members; negative: the gap closes.
    """

    before: GroupMean
    after: GroupMean
    change_c: Interval


@dataclass(frozen=True)
class Totals:
    """A metro's answer; NaN where the study lacks what the number needs.

    Attributes
    ----------
    chosen, treated, tracts
        Tracts that the scenario means, that get something, and of the metro.
    people
        Residents of the treated tracts.
    treated_c, metro_c
        Change weighted by residents over the treated tracts and over the metro, °C, negative where
        it cools.
    tract_mean_c
        Change over the treated tracts, each counted once, °C.
    area_m2, cost_usd
        Of all measures.
    """

    chosen: int
    treated: int
    tracts: int
    people: float
    treated_c: Interval
    metro_c: Interval
    tract_mean_c: Interval
    area_m2: float
    cost_usd: float


@dataclass(frozen=True)
class Published:
    """What published coefficients say of measures that have no curve here: not estimated here.

    Attributes
    ----------
    measures
        Their ids.
    tracts
        Tracts with some of them.
    treated_c, low_c, high_c
        Change over those tracts and its published range, °C: weighted by residents, or each tract
        once where the study has none.
    sources
        Citations.
    """

    measures: tuple[str, ...]
    tracts: int
    treated_c: float
    low_c: float
    high_c: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A budget spent: whose cooling counted, and what came of it in three ways."""

    objective: Objective
    ways: Spendings


@dataclass(frozen=True)
class Outcome:
    """A scenario's answer.

    Attributes
    ----------
    scenario
        What was asked.
    study, kind, metro, run, members
        What answered: name and kind of the study, ids, number of members of the model.
    table
        One row a tract of the metro, indexed by geoid: ``chosen``, ``treated``, ``held`` (yes/no);
        ``<measure>_share`` (of the tract's land) of each measure asked for; ``change_<proxy>`` (the
        proxy's unit); ``anomaly_c`` (estimate before), ``effect_c``, ``low90_c``, ``high90_c``
        (°C, by curves; negative where it cools), ``after_c``; ``published_c``,
        ``published_low_c``, ``published_high_c`` (°C, by coefficients) where any are;
        ``population`` (people, NaN where unknown); ``why_not`` (text, '' where nothing is refused).
    totals
        By curves alone.
    measures
        Of those asked for.
    refusals
        Why chosen tracts get nothing of a measure.
    gap
        None where it cannot be had; ``why_no_gap`` says why.
    published
        None where no coefficient was used; never part of ``totals``.
    plan
        How a budget was spent; None where amounts were asked for.
    trends
        What labels say of the proxies through which the measures in use work.
    notices
        What was repaired or counted when the study was opened, and incomes that are censored.
    """

    scenario: Scenario
    study: str
    kind: str
    metro: str
    run: str
    members: int
    table: pd.DataFrame
    totals: Totals
    measures: tuple[MeasureTotal, ...]
    refusals: tuple[Refusal, ...]
    gap: GapChange | None
    why_no_gap: str
    published: Published | None
    plan: Plan | None = None
    trends: Trends = UNTESTED
    notices: tuple[str, ...] = ()
