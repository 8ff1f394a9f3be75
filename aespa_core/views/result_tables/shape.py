"""How much paper a printed table takes."""

from typing import Final

from aespa_core.views.result_tables.printed_table import PrintedTable

# characters in a line of a page that stands, at 10 points
UPRIGHT: Final = 92
# rows of a page, its caption and note left room
PAGE_ROWS: Final = 38
# a column of text that is wider than this is broken into lines
BROKEN: Final = 34


def line_width(table: PrintedTable) -> int:
    """Characters of a whole row, the space between columns included."""
    return sum(min(width, BROKEN) + 2 for width in table.widths())


def is_wide(table: PrintedTable) -> bool:
    """Whether a table asks for a page on its side."""
    return line_width(table) > UPRIGHT


def is_long(table: PrintedTable) -> bool:
    """Whether a table runs over more than one page."""
    return len(table.rows) > PAGE_ROWS


def is_broken(table: PrintedTable, column: int) -> bool:
    """Whether a column's text is broken into lines."""
    return not table.numeric[column] and table.widths()[column] > BROKEN
