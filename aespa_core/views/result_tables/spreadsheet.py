"""Tables as an Excel workbook: numbers as numbers, text as text, never a formula."""

import io
import math
import tempfile
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.errors import FileError
from aespa_core.views.exports import Origin
from aespa_core.views.file_text import inert_text, one_line, visible
from aespa_core.views.result_tables.archive import undated

CONTENTS: Final = "Contents"
PROVENANCE: Final = "Provenance"
NARROWEST, WIDEST = 8, 40
BOLD: Final = Font(bold=True)


def as_xlsx(tables: Sequence[ResultTable], provenance: Origin) -> bytes:
    """Write a workbook: what is in it, one sheet a table, where it comes from.

    A sheet has the heads in its first row, then the tidy frame, then the note. A missing number is
    an empty cell; an infinite one, which Excel does not know, the text "inf".
    """
    book = Workbook()
    contents = book.active
    contents.title = CONTENTS
    fill(contents, ["Table", "Title", "Rows"],
         [[table.id, table.title, len(table.frame)] for table in tables])  # fmt: skip
    for row, table in enumerate(tables, start=2):
        sheet = book.create_sheet(table.id)
        fill(sheet, list(map(str, table.frame.columns)), frame_rows(table.frame))
        lines = [table.title, *table.note, *(f"Notice: {text}" for text in table.notices)]
        for at, line in enumerate(lines, start=sheet.max_row + 2):
            write(sheet.cell(at, 1), one_line(line))
        contents.cell(row, 1).hyperlink = Hyperlink("", location=f"'{table.id}'!A1")
    entries = [line.partition(": ")[::2] for line in provenance.lines()]
    fill(book.create_sheet(PROVENANCE), ["Entry", "Value"], entries)
    stream = io.BytesIO()
    try:
        book.save(stream)
    except (SerialisationError, OSError) as error:
        # the library writes each sheet to a file before it packs them
        raise FileError(
            f"The folder for temporary files, {tempfile.gettempdir()}, takes no more ({error}): "
            "free some space there, or set TMPDIR to another folder."
        ) from error
    return undated(stream.getvalue())


def frame_rows(frame: pd.DataFrame) -> Iterable[Iterable[object]]:
    """Rows of a frame as Python's own values."""
    return frame.astype(object).itertuples(index=False, name=None)


def fill(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write heads that stay in sight and rows below them, each column as wide as it needs."""
    widths = [len(head) for head in heads]
    for at, head in enumerate(heads, start=1):
        cell = sheet.cell(1, at)
        write(cell, head)
        cell.font = BOLD
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    for down, row in enumerate(rows, start=2):
        for at, value in enumerate(row):
            write(sheet.cell(down, at + 1), value)
            shown = f"{value:.6g}" if isinstance(value, float) else str(value)
            widths[at] = max(widths[at], len(shown))
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = min(
            max(width + 2, NARROWEST), WIDEST
        )
    sheet.freeze_panes = "A2"


def write(cell: Cell, value: Any) -> None:  # noqa: ANN401
    """Write a value; text is set as text, since a cell would take ``=1+1`` or ``#N/A`` for more."""
    if isinstance(value, str):
        cell.value = visible(value, keep="\t\n\r")
        cell.data_type = "s"
        # the sign of a text cell, so that editing it in Excel does not make a formula of it either
        cell.quotePrefix = inert_text(value) != value
    elif pd.isna(value):
        cell.value = None
    elif isinstance(value, float) and math.isinf(value):
        write(cell, "inf" if value > 0 else "-inf")
    elif isinstance(value, np.generic):
        write(cell, value.item())
    elif isinstance(value, float):
        # the library would write a float with 16 digits, which is one too few
        cell.value = repr(value)
        cell.data_type = "n"
    else:
        cell.value = value if isinstance(value, int | bool) else str(value)
