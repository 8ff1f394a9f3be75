"""A scenario as the parameters of a link: plain texts by key, and back."""

from collections.abc import Mapping
from typing import Any, Final

from aespa_core.analysis.scenarios.measures import MEASURE_IDS
from aespa_core.analysis.scenarios.scenario import SEPARATOR, Scenario
from aespa_core.analysis.scenarios.scenario_file import scenario_of
from aespa_core.errors import ConfigError
from aespa_core.names import shown

LISTS: Final = ("tracts", "counties", "urban_areas", "conditions")
OF_LIMIT: Final = "_of_limit"
COST: Final = "cost_"
BUDGET, OBJECTIVE = "budget", "objective"
YES: Final = "yes"
LINK_KEYS: Final = (
    "study", "metro", "run", "literature", "hottest_share", *LISTS,
    *MEASURE_IDS, *(name + OF_LIMIT for name in MEASURE_IDS),
    *(COST + name for name in MEASURE_IDS), BUDGET, OBJECTIVE,
)  # fmt: skip


def scenario_as_link(scenario: Scenario) -> dict[str, str]:
    """Give the parameters of a link; what is not said is left out."""
    where = scenario.where
    link = {"study": scenario.study, "metro": scenario.metro}
    if scenario.run is not None:
        link["run"] = scenario.run
    if scenario.literature:
        link["literature"] = YES
    if where.hottest_share is not None:
        link["hottest_share"] = repr(where.hottest_share)
    link |= {
        key: SEPARATOR.join(map(str, entries)) for key in LISTS if (entries := getattr(where, key))
    }
    for amount in scenario.amounts:
        link[amount.measure + OF_LIMIT * amount.of_limit] = repr(amount.share)
    if scenario.budget is not None:
        link |= {BUDGET: repr(scenario.budget.usd), OBJECTIVE: scenario.budget.objective}
    return link | {COST + cost.measure: repr(cost.usd_m2) for cost in scenario.costs}


def scenario_from_link(link: Mapping[str, str]) -> Scenario:
    """Read the parameters of a link; hand over those of :data:`LINK_KEYS` only.

    Raises
    ------
    ConfigError
        If they are no scenario; in the words that a file with the same fault would get.
    """
    fields: dict[str, Any] = {"where": {}, "measures": {}, "costs": {}}
    for key, text in link.items():
        name = key.removesuffix(OF_LIMIT)
        if key in LISTS:
            fields["where"][key] = text.split(SEPARATOR)
        elif key == "hottest_share":
            fields["where"][key] = number_in(text, key)
        elif key == "literature":
            fields[key] = {YES: True, "no": False}.get(text, text)
        elif key.startswith(COST):
            fields["costs"][key.removeprefix(COST)] = number_in(text, key)
        elif key == BUDGET:
            fields.setdefault(BUDGET, {})["usd"] = number_in(text, key)
        elif key == OBJECTIVE:
            fields.setdefault(BUDGET, {})[OBJECTIVE] = text
        elif name in MEASURE_IDS:
            if name in fields["measures"]:
                raise ConfigError(
                    f"The link has {name} both ways: give {name} or {name}{OF_LIMIT}."
                )
            kind = "share" if name == key else "of_limit"
            fields["measures"][name] = {kind: number_in(text, key)}
        else:
            # what no scenario has is refused there
            fields[key] = text
    return scenario_of(fields)


def number_in(text: str, key: str) -> float:
    """Read a number of a link."""
    try:
        return float(text)
    except ValueError:
        raise ConfigError(f"The link's {key} is {shown(text)}: write a number.") from None
