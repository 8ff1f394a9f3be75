"""What is chosen, as a link: pure, so that good and bad links are tested without Streamlit."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

# What each page reads of its link; What if has the words of a scenario and checks them itself.
READS: Final[Mapping[str, frozenset[str]]] = {
    "heat_map": frozenset({"study", "metro", "run", "layer", "degrees", "tract"}),
    "disparity": frozenset(
        {"study", "metro", "outcome", "degrees", "division", "terms", "controls", "effects",
         "weights", "errors", "cutoff", "kernel", "neighbours"}
    ),
    "baselines": frozenset(
        {"benchmark", "split", "target", "metro", "method", "beside", "map", "measure"}
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A value that holds, and what to tell the reader if the link asked for something else."""

    value: str | None
    notice: str | None = None


def choose(
    query: Mapping[str, str],
    key: str,
    allowed: Collection[str],
    default: str | None,
    why_not: Callable[[str], str | None] = lambda asked: None,
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
    why_not
        A value that cannot be chosen → why, in a sentence; None for one that does not exist.
    """
    asked = query.get(key)
    if asked is None or asked == "":
        return Choice(default)
    if asked in allowed:
        return Choice(asked)
    shown = default if default is not None else "nothing"
    why = why_not(asked)
    if why is None:
        notice = f"The link asks for {key} '{asked}', which is not here: showing {shown}."
    else:
        notice = f"The link asks for {key} '{asked}': {why} Showing {shown}."
    return Choice(default, notice)


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


def unread(query: Mapping[str, str], page: str) -> str | None:
    """Name what a page's link holds and the page does not read."""
    strange = [key for key in query if key not in READS.get(page, query)]
    if not strange:
        return None
    return f"The link asks for {', '.join(strange)}, which this page does not know."


def missing_page(path: str, base: str, shown: str) -> str | None:
    """Name the page that an address asks for if another one is shown instead.

    Parameters
    ----------
    path
        Path of the address.
    base
        Path below which the server serves its pages, as its setting has it.
    shown
        Path of the page that is shown, empty for the first one.
    """
    below = f"/{base.strip('/')}" if base.strip("/") else ""
    asked = path.removeprefix(below).strip("/")
    return None if asked in ("", shown) else asked


def labels_of(names: Mapping[str, str]) -> dict[str, str]:
    """Tell ids apart on screen: names, with the id beside one that another has too."""
    times = Counter(names.values())
    return {key: f"{name} ({key})" if times[name] > 1 else name for key, name in names.items()}
