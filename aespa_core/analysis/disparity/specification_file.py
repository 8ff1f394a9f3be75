"""A specification as a TOML file; only what differs from the defaults needs to be said.

.. code-block:: toml

    studies = ["studies/seattle"]
    outcomes = ["observed_day", "predicted_day"]
    terms = ["income_sd", "nonwhite_10pct"]
    controls = ["over_64_10pct", "under_5_10pct"]
    fixed_effects = "county"          # or metro
    weights = "population"            # or none
    quantiles = [0.1, 0.5, 0.9]

    [errors]
    kind = "conley"                   # or cr2_blocks, cr2_county, HC1, HC2, HC3, iid
    cutoff_km = 10.0
    kernel = "bartlett"               # or uniform

    [space]
    neighbours = "queen"

    [inequality]
    kappa_per_c = 0.5
"""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from aespa_core.analysis.disparity.specification import (
    Errors,
    Inequality,
    Space,
    Specification,
    few,
)
from aespa_core.errors import ConfigError
from aespa_core.names import plain_name, plain_path, shown
from aespa_core.settings_file import read_toml
from aespa_core.studies.info import toml_value

PARTS: Final = {"errors": Errors, "space": Space, "inequality": Inequality}
DEFAULT: Final = Specification()


def read_specification(path: Path) -> Specification:
    """Read a specification.

    Raises
    ------
    ConfigError
        If the file is missing, is not TOML, or asks for something that no analysis can do.
    """
    given = read_toml(path, "a specification", "give a specification's TOML file")
    try:
        return specification_of(given)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def specification_of(given: Mapping[str, Any]) -> Specification:
    """Make a specification of the parsed fields of a file.

    Raises
    ------
    ConfigError
        If a key is unknown, or a value is of the wrong kind or out of range.
    """
    checked = checked_fields(given, DEFAULT, "")
    for name, part in PARTS.items():
        if name in given:
            inner = given[name]
            if not isinstance(inner, Mapping):
                raise ConfigError(f"{name} is {shown(inner)}: write a section [{name}].")
            checked[name] = part(**checked_fields(inner, getattr(DEFAULT, name), f"[{name}] "))
    for name in ("studies", "metros"):
        if name in checked:
            few(checked[name], name)
    for name in checked.get("studies", ()):
        plain_path(name, "studies:")
    for name in checked.get("metros", ()):
        plain_name(name, "metros:")
    if "run" in checked:
        plain_name(checked["run"], "run")
    return Specification(**checked)


def checked_fields(given: Mapping[str, Any], default: object, place: str) -> dict[str, Any]:
    """Check names and kinds of one section against a dataclass with its defaults."""
    known = [entry.name for entry in fields(default)]  # type: ignore[arg-type]
    if unknown := [name for name in given if name not in known]:
        raise ConfigError(
            f"{place}there is no key {shown(unknown[0])}: known keys are {', '.join(known)}."
        )
    return {
        name: value_like(value, getattr(default, name), f"{place}{name}")
        for name, value in given.items()
        if name not in PARTS
    }


def value_like(value: Any, default: object, place: str) -> Any:  # noqa: ANN401 (TOML holds any)
    """Check that a value is of the default's kind; lists become tuples."""
    if isinstance(default, tuple):
        example = default[0] if default else "…"
        if not isinstance(value, list):
            raise ConfigError(f"{place} is {shown(value)}: write a list, such as [{example!r}].")
        return tuple(value_like(item, example, place) for item in value)
    if isinstance(default, str) or place == "run":
        wanted, right = "text", isinstance(value, str)
    elif default is None or isinstance(default, int):
        wanted, right = "a whole number", isinstance(value, int) and not isinstance(value, bool)
    else:
        wanted = "a number"
        right = isinstance(value, int | float) and not isinstance(value, bool)
    if not right:
        raise ConfigError(f"{place} is {shown(value)}: write {wanted}.")
    return float(value) if isinstance(default, float) else value


def specification_as_toml(specification: Specification) -> str:
    """Write every key, so that the file stands on its own when defaults change."""
    lines = lines_of(specification)
    for name in PARTS:
        lines += ["", f"[{name}]", *lines_of(getattr(specification, name))]
    return "\n".join(lines) + "\n"


def lines_of(part: object) -> list[str]:
    """Write the keys of one section; what is None is left out."""
    values = {entry.name: getattr(part, entry.name) for entry in fields(part)}  # type: ignore[arg-type]
    return [
        f"{name} = {written(value)}"
        for name, value in values.items()
        if name not in PARTS and value is not None
    ]


def written(value: object) -> str:
    """Write a TOML value."""
    if isinstance(value, str):
        return toml_value(value)
    if isinstance(value, tuple):
        return f"[{', '.join(written(item) for item in value)}]"
    return repr(value)
