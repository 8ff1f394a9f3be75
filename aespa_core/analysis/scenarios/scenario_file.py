"""A scenario as a TOML file.

.. code-block:: toml

    study = "demo"
    metro = "demo"
    run = "heat_teacher"       # may be left out
    literature = false         # may be left out

    [where]                    # or tracts = […], counties = […], urban_areas = […]
    hottest_share = 0.2
    conditions = ["poverty_share above 0.25"]

    [measures]
    planting = { share = 0.05 }           # of the land of each chosen tract
    cool_roofs = { of_limit = 0.5 }       # of what each chosen tract can take

    [costs]                    # US$ for each m² treated, where it is not the default
    planting = 40.0

    [budget]                   # to spend best; [measures] then say the most that a tract may get
    usd = 2000000
    objective = "mean"         # or hottest, equity; may be left out
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from aespa_core.analysis.scenarios.scenario import (
    Amount,
    Budget,
    Condition,
    Scenario,
    UnitCost,
    Where,
    check_measures,
    condition_of,
)
from aespa_core.errors import ConfigError
from aespa_core.names import plain_name, plain_path, shown
from aespa_core.settings_file import read_toml
from aespa_core.studies.info import toml_value

KEYS: Final = ("study", "metro", "run", "literature", "where", "measures", "costs", "budget")
WHERE_KEYS: Final = ("tracts", "counties", "urban_areas", "hottest_share", "conditions")
AMOUNT_KEYS: Final = ("share", "of_limit")
BUDGET_KEYS: Final = ("usd", "objective")
# more than the tracts of the country; a condition is a line that someone wrote
MOST: Final = {"tracts": 100_000, "counties": 5_000, "urban_areas": 5_000, "conditions": 50}
LONGEST_TEXT: Final = 200


def read_scenario(path: Path) -> Scenario:
    """Read a scenario.

    Raises
    ------
    ConfigError
        If the file is missing, is not TOML, or says something that no scenario can.
    """
    fields = read_toml(path, "a scenario", "give a scenario's TOML file")
    try:
        return scenario_of(fields)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def scenario_of(fields: Mapping[str, Any]) -> Scenario:
    """Make a scenario of the parsed fields of a file.

    Raises
    ------
    ConfigError
        If a key is unknown or a value is of the wrong kind or out of range.
    """
    check_keys(fields, KEYS, "the scenario")
    where = table_of(fields, "where")
    measures = table_of(fields, "measures")
    costs = table_of(fields, "costs")
    check_keys(where, WHERE_KEYS, "[where]")
    check_own_keys("measures", measures)
    check_own_keys("costs", costs)
    literature = fields.get("literature", False)
    if not isinstance(literature, bool):
        raise ConfigError(f"literature is {shown(literature)}: write true or false.")
    return Scenario(
        study=plain_path(fields.get("study", ""), "study"),
        # what is left out is asked for by the scenario itself
        metro=plain_name(fields["metro"], "metro") if fields.get("metro") else "",
        where=Where(
            tracts=texts_of(where, "tracts"),
            counties=texts_of(where, "counties"),
            urban_areas=texts_of(where, "urban_areas"),
            hottest_share=(
                number_of(where["hottest_share"], "[where] hottest_share")
                if "hottest_share" in where
                else None
            ),
            conditions=conditions_of(where),
        ),
        amounts=tuple(amount_of(name, value) for name, value in measures.items()),
        run=plain_name(fields["run"], "run") if "run" in fields else None,
        literature=literature,
        costs=tuple(
            UnitCost(name, number_of(value, f"[costs] {name}")) for name, value in costs.items()
        ),
        budget=budget_of(fields) if "budget" in fields else None,
    )


def budget_of(fields: Mapping[str, Any]) -> Budget:
    """Read what is to be spent."""
    budget = table_of(fields, "budget")
    check_keys(budget, BUDGET_KEYS, "[budget]")
    if "usd" not in budget:
        raise ConfigError("[budget] names no sum: write usd = 2000000, or usd = inf for no limit.")
    usd = number_of(budget["usd"], "[budget] usd")
    if "objective" not in budget:
        return Budget(usd)
    return Budget(usd, text_of(budget["objective"], "[budget] objective"))


def amount_of(name: str, value: object) -> Amount:
    """Read one amount: a table with exactly one of its two keys."""
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= set(AMOUNT_KEYS):
        raise ConfigError(
            f"[measures] {name} is {shown(value)}: write {name} = {{ share = 0.05 }}, of each "
            f"tract's land, or {name} = {{ of_limit = 0.5 }}, of what each tract can take."
        )
    ((key, share),) = value.items()
    return Amount(name, number_of(share, f"[measures] {name}.{key}"), key == "of_limit")


def conditions_of(where: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Read the conditions of a rule."""
    return tuple(condition_of(text) for text in texts_of(where, "conditions"))


def check_keys(fields: Mapping[str, Any], known: Collection[str], place: str) -> None:
    """Refuse a key that nothing reads."""
    for key in fields:
        if key not in known:
            raise ConfigError(
                f"{place} has the unknown key {shown(key)}: known are {', '.join(known)}."
            )


def check_own_keys(place: str, fields: Mapping[str, Any]) -> None:
    """Refuse what is no measure: a key of the whole file that stands below a table, or a slip."""
    for key in fields:
        if key in KEYS:
            raise ConfigError(
                f"{key} stands under [{place}], as all that follows a table does: write it above "
                "the first [table] of the file."
            )
    check_measures(place, list(fields))


def table_of(fields: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Take a table of the file, empty where it is left out."""
    value = fields.get(key, {})
    if not isinstance(value, dict):
        raise ConfigError(f"{key} is {shown(value)}: it is a table, [{key}] on a line of its own.")
    return value


def text_of(value: object, key: str) -> str:
    """Take text."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ConfigError(f"{key} is {shown(value)}: write it as a short text, in quotes.")
    return value


def texts_of(fields: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Take a list of texts, empty where it is left out."""
    value = fields.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f'[where] {key} is {shown(value)}: write a list of texts, ["…", "…"].')
    if len(value) > MOST[key]:
        raise ConfigError(
            f"[where] {key} names {len(value):,}: at most {MOST[key]:,} can be answered at a time."
        )
    if long := next((item for item in value if len(item) > LONGEST_TEXT), None):
        raise ConfigError(f"[where] {key} names {shown(long)}: no name has so many characters.")
    return tuple(value)


def number_of(value: object, key: str) -> float:
    """Take a number; TOML's whole numbers are numbers, its booleans are not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{key} is {shown(value)}: write a number.")
    return float(value)


def scenario_as_toml(scenario: Scenario) -> str:
    """Write a scenario so that :func:`read_scenario` gives it back."""
    where = scenario.where
    lines = [f"study = {toml_value(scenario.study)}", f"metro = {toml_value(scenario.metro)}"]
    if scenario.run is not None:
        lines.append(f"run = {toml_value(scenario.run)}")
    lines += [f"literature = {str(scenario.literature).lower()}", "", "[where]"]
    lines += [
        f"{key} = {toml_value(names)}"
        for key in ("tracts", "counties", "urban_areas")
        if (names := getattr(where, key))
    ]
    if where.hottest_share is not None:
        lines.append(f"hottest_share = {where.hottest_share!r}")
    if where.conditions:
        lines.append(f"conditions = {toml_value(tuple(map(str, where.conditions)))}")
    lines += ["", "[measures]"]
    lines += [
        f"{amount.measure} = {{ {AMOUNT_KEYS[amount.of_limit]} = {amount.share!r} }}"
        for amount in scenario.amounts
    ]
    if scenario.costs:
        lines += ["", "[costs]"]
        lines += [f"{cost.measure} = {cost.usd_m2!r}" for cost in scenario.costs]
    if scenario.budget is not None:
        lines += ["", "[budget]", f"usd = {scenario.budget.usd!r}"]
        lines.append(f"objective = {toml_value(scenario.budget.objective)}")
    return "\n".join(lines) + "\n"
