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


def notes_of(*sentences: tuple[int, str]) -> tuple[str, ...]:
    """Keep the sentences whose count is not zero."""
    return tuple(sentence for count, sentence in sentences if count)
