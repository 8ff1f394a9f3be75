"""How much paper a printed table takes, and how it is made to fit."""

import math
from dataclasses import dataclass
from typing import Final

from aespa_core.views.result_tables.printed_table import PrintedTable

# characters in a line of a page that stands, at 10 points, and how much longer it is on its side
UPRIGHT: Final = 88
SIDEWAYS: Final = 1.54
# lines of such pages, their caption and note left room
UPRIGHT_LINES, SIDEWAYS_LINES = 38, 24
# how many more characters a line has in smaller letters, by their points; the smaller, the wider
# is a letter in proportion
SIZES: Final = {10: 1.0, 9: 1.08, 8: 1.17, 7: 1.25, 6: 1.36, 5: 1.45}
# a column of text is broken into lines at so many characters, one of numbers at half of it, and
# the letters have so many points: what is tried, in order, until a row fits its line
BROKEN: Final = 34
TRIED: Final = (
    (BROKEN, 10), (BROKEN, 9), (BROKEN, 8), (BROKEN, 7), (24, 8), (24, 7), (18, 7), (18, 6),
    (12, 6), (12, 5),
)  # fmt: skip
BETWEEN: Final = 2


@dataclass(frozen=True)
class Fit:
    """How a table fits its page.

    Attributes
    ----------
    points
        Size of the letters, a key of ``SIZES``.
    widths
        Characters of each column, (C,); less than its longest text where it is broken into lines.
    room
        Characters of a whole line.
    sideways
        Whether the page lies on its side.
    """

    points: int
    widths: tuple[int, ...]
    room: float
    sideways: bool


def fit_of(table: PrintedTable) -> Fit:
    """Fit a table to its page; a line that is still too long shares what room there is."""
    sideways = is_wide(table)
    room = UPRIGHT * (SIDEWAYS if sideways else 1)
    for limit, points in TRIED:
        widths, line = shown_widths(table, limit), room * SIZES[points]
        if whole(widths) <= line:
            break
    return Fit(points, widths, max(line, whole(widths)), sideways)


def shown_widths(table: PrintedTable, limit: int) -> tuple[int, ...]:
    """Characters of each column once text longer than ``limit`` is broken between words, (C,)."""
    columns = zip(table.heads, *(r.cells for r in table.rows if r.kind == "body"), strict=True)
    longest = [
        max((len(word) for text in column for word in text.split()), default=0)
        for column in columns
    ]
    return tuple(
        min(width, max(limit // 2 if numeric else limit, word))
        for width, word, numeric in zip(table.widths(), longest, table.numeric, strict=True)
    )


def whole(widths: tuple[int, ...]) -> int:
    """Characters of a whole row, the space between columns included."""
    return sum(widths) + BETWEEN * len(widths)


def line_width(table: PrintedTable) -> int:
    """Characters of a whole row with only very long texts broken."""
    return whole(shown_widths(table, BROKEN))


def is_wide(table: PrintedTable) -> bool:
    """Whether a table asks for a page on its side."""
    return line_width(table) > UPRIGHT


def is_long(table: PrintedTable) -> bool:
    """Whether a table runs over more than one page."""
    fit = fit_of(table)
    lines = sum(
        max([1, *(math.ceil(len(t) / w) for t, w in zip(row.cells, fit.widths, strict=False) if w)])
        if row.kind == "body"
        else 1
        for row in table.rows
    )
    return lines > (SIDEWAYS_LINES if fit.sideways else UPRIGHT_LINES)
