"""Which declared name someone may have meant by another: case, units and spaces put aside."""

import difflib
import re
from collections.abc import Iterable
from typing import Final

LIKE_ENOUGH: Final = 0.72
CONTAINED: Final = 0.75
LEAST_LETTERS: Final = 3
# endings that tell a unit or a form of a share, by which publishers' names differ from ours
ENDINGS: Final = re.compile(
    r"(_|\b)(pct|percent|perc|share|frac|fraction|prop|rate|usd|dollars|celsius|deg_c|c|k|mean|"
    r"med|median|avg|km2|m2|index|est|estimate)\b"
)


def bare(name: str) -> str:
    """Put a name in small letters without units, spaces and signs."""
    words = re.sub(r"[^0-9a-z]+", "_", name.lower()).strip("_")
    short = ENDINGS.sub("", words).strip("_")
    return short or words


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Give the name of ``known`` that is most like ``name``; None where none is like it."""
    best, likeness = None, LIKE_ENOUGH
    for other in known:
        exact = difflib.SequenceMatcher(None, name.lower(), other.lower()).ratio()
        short = difflib.SequenceMatcher(None, bare(name), bare(other)).ratio()
        whole = CONTAINED if holds(bare(name), bare(other)) else 0.0
        if max(exact, short, whole) > likeness:
            best, likeness = other, max(exact, short, whole)
    return best


def holds(one: str, other: str) -> bool:
    """Whether one of two bare names begins with, or ends in, the other."""
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_LETTERS and (long.startswith(short) or long.endswith(short))
