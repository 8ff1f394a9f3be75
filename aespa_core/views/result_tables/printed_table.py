"""The form of a table on paper: strings in rows, with notes."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class PrintedRow:
    """A row: ``body`` has a text for each head, ``panel`` one text, ``rule`` (a line) none."""

    kind: Literal["body", "panel", "rule"]
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrintedTable:
    """What is printed of a table.

    Attributes
    ----------
    id, title
        Of the table.
    heads
        One text a column, (C,).
    numeric
        Whether a column holds numbers and stands at the right, (C,).
    rows
        Rows in order.
    notes
        Lines under the table, what its signs mean first.
    """

    id: str
    title: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[PrintedRow, ...]
    notes: tuple[str, ...]

    def texts(self) -> list[str]:
        """All texts of the body."""
        return [cell for row in self.rows if row.kind == "body" for cell in row.cells]

    def widths(self) -> list[int]:
        """Characters of the longest text of each column."""
        columns = zip(
            self.heads, *(row.cells for row in self.rows if row.kind == "body"), strict=True
        )
        return [max(map(len, column)) for column in columns]
