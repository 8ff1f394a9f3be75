"""What every source returns: a tidy table, and in counted sentences what was found and mended."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Extract:
    """Part of a source that concerns one metro.

    Attributes
    ----------
    table
        Column names carry their units; ids are text of 11 digits.
    notes
        One sentence for each gap, mended accident or caution, with its count.
    """

    table: pd.DataFrame
    notes: tuple[str, ...] = ()


def counted(number: int, one: str, many: str | None = None) -> str:
    """Put a number before its noun: ``1 tract``, ``1,360 tracts``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def notes_of(*sentences: tuple[int, str]) -> tuple[str, ...]:
    """Keep the sentences whose count is not zero."""
    return tuple(sentence for count, sentence in sentences if count)
