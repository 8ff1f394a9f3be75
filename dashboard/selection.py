"""What is chosen, as a link: pure, so that good and bad links are tested without Streamlit."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """A value that holds, and what to tell the reader if the link asked for something else."""

    value: str | None
    notice: str | None = None


def choose(
    query: Mapping[str, str], key: str, allowed: Collection[str], default: str | None
) -> Choice:
    """Take a parameter of the link if it is among the allowed ones, else the default.

    Parameters
    ----------
    query
        Parameters of the link.
    key
        Which one.
    allowed
        Values that exist.
    default
        Value for a link without this parameter, or with one that does not exist.
    """
    asked = query.get(key)
    if asked is None or asked == "":
        return Choice(default)
    if asked in allowed:
        return Choice(asked)
    shown = default if default is not None else "nothing"
    return Choice(
        default, f"The link asks for {key} '{asked}', which is not here: showing {shown}."
    )


@dataclass(frozen=True)
class Choices:
    """Values that hold, and what to tell the reader if the link asked for others as well."""

    values: tuple[str, ...]
    notice: str | None = None


def choose_many(
    query: Mapping[str, str], key: str, allowed: Collection[str], default: Collection[str]
) -> Choices:
    """Take a parameter of several values, joined by commas; unknown ones are named.

    Parameters are those of :func:`choose`; one that is there and empty asks for nothing.
    """
    if key not in query:
        return Choices(tuple(default))
    asked = [value for value in query[key].split(",") if value]
    wrong = [value for value in asked if value not in allowed]
    kept = tuple(dict.fromkeys(value for value in asked if value in allowed))
    if not wrong:
        return Choices(kept)
    return Choices(kept, f"The link asks for {key} '{', '.join(wrong)}', which is not here.")


def labels_of(names: Mapping[str, str]) -> dict[str, str]:
    """Tell ids apart on screen: names, with the id beside one that another has too."""
    times = Counter(names.values())
    return {key: f"{name} ({key})" if times[name] > 1 else name for key, name in names.items()}
