"""Tables as a Word document: real tables whose heads come again on each page."""

import io
from collections.abc import Sequence
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.exports import Origin
from aespa_core.views.file_text import one_line
from aespa_core.views.result_tables.archive import EPOCH, undated
from aespa_core.views.result_tables.printed import printed
from aespa_core.views.result_tables.printed_table import PrintedTable
from aespa_core.views.result_tables.shape import UPRIGHT, is_wide, line_width

TITLE: Final = "Disparity tables"
# A4
SHORT, LONG, MARGIN = Cm(21), Cm(29.7), Cm(2)
LARGEST, SMALLEST = 9.0, 5.0
THICK, THIN = 8, 4


def as_docx(tables: Sequence[ResultTable], provenance: Origin) -> bytes:
    """Write a document: each table as printed with its note, at the end where they come from."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = TITLE, f"AESPA {provenance.code_version}"
    properties.comments = one_line(provenance.content)
    properties.created = properties.modified = EPOCH
    turn(document, on_side=False)
    document.add_heading(TITLE, 0)
    document.add_paragraph(one_line(provenance.content))
    on_side = False
    for table in map(printed, tables):
        if is_wide(table) != on_side:
            on_side = not on_side
            document.add_section(WD_SECTION.NEW_PAGE)
            turn(document, on_side)
        add_table(document, table)
    if on_side:
        document.add_section(WD_SECTION.NEW_PAGE)
        turn(document, on_side=False)
    document.add_heading("Where the numbers come from", 1)
    for line in provenance.lines():
        small(document.add_paragraph(one_line(line)))
    stream = io.BytesIO()
    document.save(stream)
    return undated(stream.getvalue())


def turn(document: WordDocument, on_side: bool) -> None:
    """Turn the pages of the last section."""
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE if on_side else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG, SHORT) if on_side else (SHORT, LONG)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN


def add_table(document: WordDocument, table: PrintedTable) -> None:
    """Write a table with its title above and its note below."""
    title = document.add_heading(f"{table.id}. {table.title}", 2)
    title.paragraph_format.keep_with_next = True
    lines = [row for row in table.rows if row.kind != "rule"]
    made = document.add_table(rows=1 + len(lines), cols=len(table.heads))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, True
    room = UPRIGHT * (1.5 if is_wide(table) else 1)
    size = Pt(round(max(min(LARGEST, 10 * room / line_width(table)), SMALLEST) * 2) / 2)
    head, *rest = made.rows
    on_each_page(head)
    for at, cell in enumerate(head.cells):
        put(cell, table.heads[at], size, table.numeric[at], bold=True)
        border(cell, top=THICK, bottom=THIN)
    # a line of the printed table is the upper border of the row after it
    ruled = {
        sum(other.kind != "rule" for other in table.rows[:at])
        for at, row in enumerate(table.rows)
        if row.kind == "rule"
    }
    for down, (made_row, row) in enumerate(zip(rest, lines, strict=True)):
        cells = made_row.cells
        if row.kind == "panel":
            cells = (cells[0].merge(cells[-1]),)
        for at, (cell, text) in enumerate(zip(cells, row.cells, strict=True)):
            put(cell, text, size, table.numeric[at], italic=row.kind == "panel")
            border(
                cell,
                top=THIN if down in ruled else 0,
                bottom=THICK if down == len(lines) - 1 else 0,
            )
    for line in table.notes:
        small(document.add_paragraph(line))


def put(
    cell: _Cell, text: str, size: Pt, right: bool, bold: bool = False, italic: bool = False
) -> None:
    """Write a cell."""
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = size, bold or None, italic or None
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def small(paragraph: Paragraph) -> None:
    """Set a line of the note."""
    paragraph.paragraph_format.space_after = Pt(1)
    for run in paragraph.runs:
        run.font.size = Pt(8)


def on_each_page(row: _Row) -> None:
    """Let a row of heads come again on each page."""
    element = OxmlElement("w:tblHeader")
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)


def border(cell: _Cell, **sides: int) -> None:
    """Draw lines above and below a cell, in eighths of a point."""
    borders = OxmlElement("w:tcBorders")
    for side, width in sides.items():
        if width:
            line = OxmlElement(f"w:{side}")
            line.set(qn("w:val"), "single")
            line.set(qn("w:sz"), str(width))
            borders.append(line)
    if len(borders):
        cell._tc.get_or_add_tcPr().append(borders)
