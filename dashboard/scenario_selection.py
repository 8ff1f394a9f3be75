"""A scenario of the link, checked against a metro: pure, so that bad links are tested."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.scenarios.availability import availabilities
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.measures import MEASURE_IDS
from aespa_core.analysis.scenarios.scenario import Amount, Condition, Scenario, Where
from aespa_core.analysis.scenarios.scenario_link import LINK_KEYS, scenario_from_link
from aespa_core.analysis.scenarios.selection import chosen_tracts, column_of, holds
from aespa_core.errors import AespaError, StudyError

PLACE: Final = ("study", "metro", "run")
# what the page itself has in its link beside a scenario
OTHER: Final = ("tract", "degrees")
HALF: Final = 0.5
HOTTEST: Final = Where(hottest_share=0.2)
# census columns that a planner asks by: which end, and where that end begins, as a share of tracts
ASKED_BY: Final = (
    ("poverty_share", True, 0.8),
    ("median_household_income_usd", False, 0.2),
    ("unemployment_share", True, 0.8),
    ("white_share", False, 0.2),
    ("housing_density_km2", True, 0.5),
)


@dataclass(frozen=True)
class Linked:
    """A scenario that can be shown, and what to tell the reader if the link asked for another."""

    scenario: Scenario
    notice: str | None = None


def first_scenario(study: str, baseline: Baseline, run: str | None) -> Scenario:
    """Give what a first visit shows: half of what the hottest fifth can take, of what there is."""
    able = [a.measure.id for a in availabilities(baseline.responses, baseline.metro) if a.estimated]
    amounts = tuple(Amount(name, HALF, of_limit=True) for name in able[:1])
    none = (Amount(MEASURE_IDS[0], 0.0, of_limit=True),)
    return Scenario(study, baseline.metro, HOTTEST, amounts or none, run)


def linked_scenario(
    query: Mapping[str, str], study: str, baseline: Baseline, run: str | None
) -> Linked:
    """Take the scenario of a link, else the first one; study, metro and run are chosen already."""
    first = first_scenario(study, baseline, run)
    if strange := [key for key in query if key not in (*LINK_KEYS, *OTHER)]:
        said = f"The link asks for {', '.join(strange)}, which no scenario has"
        return Linked(first, f"{said}: showing the first one.")
    said = {key: text for key, text in query.items() if key in LINK_KEYS and key not in PLACE}
    if not said:
        return Linked(first)
    place = {"study": study, "metro": baseline.metro} | ({"run": run} if run else {})
    try:
        scenario = scenario_from_link(place | said)
        check_place(scenario.where, baseline)
    except AespaError as error:
        return Linked(first, f"The link's scenario cannot be shown: {error} Showing the first one.")
    return drop_unable(scenario, baseline)


def check_place(where: Where, baseline: Baseline) -> None:
    """Refuse names and columns that the metro lacks; a rule that chooses nobody is a scenario.

    Raises
    ------
    StudyError
        If one is not there.
    """
    if where.is_rule:
        for condition in where.conditions:
            holds(condition, baseline)
    else:
        chosen_tracts(where, baseline)


def drop_unable(scenario: Scenario, baseline: Baseline) -> Linked:
    """Leave out measures that have no curve in the metro and no coefficient that may be used."""
    here = availabilities(baseline.responses, baseline.metro)
    off = {
        a.measure.id: a.reason
        for a in here
        if not a.estimated and not (scenario.literature and a.measure.literature)
    }
    used = [amount.measure for amount in scenario.amounts if amount.share > 0]
    lost = [name for name in used if name in off]
    if not lost:
        return Linked(scenario)
    kept = tuple(amount for amount in scenario.amounts if amount.measure not in lost)
    none = (Amount(lost[0], 0.0, of_limit=True),)
    return Linked(
        replace(scenario, amounts=kept or none),
        " ".join(off[name] for name in lost) + " The link asks for it: it is left out.",
    )


def suggested_conditions(baseline: Baseline) -> tuple[str, ...]:
    """Suggest conditions in round numbers, of the census columns that the study has."""
    found = []
    for column, above, share in ASKED_BY:
        try:
            values = column_of(baseline, column)
        except StudyError:
            continue
        bound = float(f"{np.nanquantile(values.to_numpy(float), share):.2g}")
        condition = Condition(column, above, bound)
        # a column that is the same everywhere tells nobody apart
        if 0 < holds(condition, baseline).sum() < len(values):
            found.append(str(condition))
    return tuple(found)


def counties_of(geoid: pd.Index) -> list[str]:
    """County codes of tracts, in order."""
    return sorted(set(geoid.astype(str).str[:5]))
