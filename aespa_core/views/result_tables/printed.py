"""A table of results laid out for paper, and what its signs mean."""

from dataclasses import replace
from typing import Final

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.file_text import one_line
from aespa_core.views.result_tables.crossed import crossed
from aespa_core.views.result_tables.digits import MISSING
from aespa_core.views.result_tables.listed import listed
from aespa_core.views.result_tables.printed_table import PrintedRow, PrintedTable
from aespa_core.views.result_tables.stars import LEGEND

NO_RESULT: Final = "none; the note says why"


def printed(table: ResultTable) -> PrintedTable:
    """Lay a table out as its ``layout`` says: crossed, or as the list that its frame is.

    Raises
    ------
    ValueError
        If its layout names a column that the frame lacks, if two rows of the frame fall into one
        cell, or if the frame's stars are not those of its standard errors.
    """
    if table.frame.empty:
        body = without_rows(table)
    else:
        body = listed(table) if table.layout is None else crossed(table, table.layout)
    signs = []
    if any(text.endswith("*") for text in numbers_of(body)):
        signs.append(LEGEND)
    if any(MISSING in text for text in body.texts()):
        signs.append(f"{MISSING} : no such result, or too little to compute it from.")
    lines = [*body.notes, *signs, *table.note, *(f"Notice: {text}" for text in table.notices)]
    return replace(body, title=one_line(table.title), notes=tuple(map(one_line, lines)))


def without_rows(table: ResultTable) -> PrintedTable:
    """Lay out a table of which there is no result: it stands in its place and says so."""
    row = PrintedRow("body", (NO_RESULT,))
    return PrintedTable(table.id, table.title, ("Result",), (False,), (row,), ())


def numbers_of(table: PrintedTable) -> list[str]:
    """Texts of the columns that hold numbers."""
    return [
        cell
        for row in table.rows
        if row.kind == "body"
        for cell, numeric in zip(row.cells, table.numeric, strict=True)
        if numeric
    ]
