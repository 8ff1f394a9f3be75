"""The rows that a fault stands for: a few in its line, more for programs."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

# So many rows are named in a line; of further ones the number is told.
SHOWN_ROWS: Final = 5
# So many rows of a fault are listed, where a program asks for them.
LISTED_ROWS: Final = 2_000


def rows_in_words(rows: Sequence[object], count: int, most: int = SHOWN_ROWS) -> str:
    """List a few rows and count the rest of ``count``."""
    named = ", ".join(str(row) for row in rows[:most])
    more = count - min(len(rows), most)
    return f"{named} and {more:,} more" if more > 0 else named


def listed(rows: npt.ArrayLike) -> tuple[int, ...]:
    """Give the rows of a fault as they are listed."""
    return tuple(np.asarray(rows, dtype=np.int64)[:LISTED_ROWS].tolist())
