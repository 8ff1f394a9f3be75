r"""Tables for LaTeX: a fragment each to ``\input``, and a document of all that compiles.

They use booktabs, longtable, array, graphicx and pdflscape, which every Debian
``texlive-latex-recommended`` has, and plain ASCII.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.exports import Origin
from aespa_core.views.file_text import latex_text, one_line
from aespa_core.views.result_tables.archive import NamedFile
from aespa_core.views.result_tables.printed import printed
from aespa_core.views.result_tables.printed_table import PrintedRow, PrintedTable
from aespa_core.views.result_tables.shape import Fit, fit_of, is_long

PACKAGES: Final = r"\usepackage{array,booktabs,graphicx,longtable,pdflscape}"
SIZES: Final = {
    10: r"\normalsize",
    9: r"\small",
    8: r"\footnotesize",
    7: r"\scriptsize",
    6: r"\fontsize{6}{7.2}\selectfont",
    5: r"\tiny",
}
# room right of a column for the stars, which hang out of it so that numbers stand in line
STAR_ROOM: Final = r"@{\hspace{1.6em}}"
# a longer word is broken in these steps
LONG_WORD, STEP = 24, 8


def as_latex(tables: Sequence[ResultTable], provenance: Origin) -> bytes:
    """Write a whole document with every table and where the numbers come from."""
    lines = [
        r"\documentclass[10pt]{article}",
        r"\usepackage[a4paper,margin=2.5cm]{geometry}",
        PACKAGES,
        r"\begin{document}",
        # here a table is called what the text calls it; a fragment takes the number of its place
        *(
            f"\\renewcommand{{\\thetable}}{{{table.id}}}\n{fragment(printed(table))}\n\\clearpage"
            for table in tables
        ),
        r"\section*{Where the numbers come from}",
        r"\begin{flushleft}\small",
        *(breakable(line) + r"\par" for line in provenance.lines()),
        r"\end{flushleft}",
        r"\end{document}",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def latex_files(tables: Sequence[ResultTable], provenance: Origin) -> list[NamedFile]:
    """Write the document and one fragment a table."""
    return [
        NamedFile("tables.tex", as_latex(tables, provenance)),
        *(NamedFile(f"{table.id}.tex", table_latex(table, provenance)) for table in tables),
    ]


def table_latex(table: ResultTable, provenance: Origin) -> bytes:
    """Write one table as a fragment below comments that say where it comes from."""
    head = "".join(f"% {latex_text(line)}\n" for line in provenance.lines())
    return f"{head}% needs {PACKAGES}\n{fragment(printed(table))}\n".encode("ascii")


def fragment(table: PrintedTable) -> str:
    """Write one table: on a page on its side if it is wide, over several pages if it is long."""
    fit = fit_of(table)
    lines = long_table(table, fit) if is_long(table) else floating_table(table, fit)
    if fit.sideways:
        lines = [r"\begin{landscape}", *lines, r"\end{landscape}"]
    return "\n".join(lines)


def floating_table(table: PrintedTable, fit: Fit) -> list[str]:
    """Write a table that fits a page; a line that is still too long is made smaller."""
    return [
        r"\begin{table}[!htbp]",
        r"\centering",
        rf"\caption{{{latex_text(table.title)}}}\label{{tab:{table.id}}}",
        rf"\par\smallskip{SIZES[fit.points]}\setlength{{\tabcolsep}}{{4pt}}",
        r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
        rf"\begin{{tabular}}{{{column_kinds(table, fit)}}}",
        r"\toprule",
        heads(table),
        r"\midrule",
        *body(table),
        r"\bottomrule",
        r"\end{tabular}}",
        r"\par\medskip",
        r"\begin{minipage}{\linewidth}\footnotesize\raggedright",
        note(table),
        r"\end{minipage}",
        r"\end{table}",
    ]


def long_table(table: PrintedTable, fit: Fit) -> list[str]:
    """Write a table over several pages, its heads on each, in letters small enough."""
    head = [r"\toprule", heads(table), r"\midrule"]
    again = rf"\multicolumn{{{len(table.heads)}}}{{l}}{{Table \thetable, continued}}\\"
    return [
        rf"\begingroup{SIZES[fit.points]}\setlength{{\tabcolsep}}{{4pt}}",
        rf"\begin{{longtable}}{{{column_kinds(table, fit)}}}",
        rf"\caption{{{latex_text(table.title)}}}\label{{tab:{table.id}}}\\",
        *head, r"\endfirsthead",
        again, *head, r"\endhead",
        r"\bottomrule", r"\endfoot",
        *body(table),
        r"\end{longtable}",
        r"\endgroup",
        r"{\footnotesize\raggedright\noindent",
        note(table),
        r"\par}",
    ]  # fmt: skip


def column_kinds(table: PrintedTable, fit: Fit) -> str:
    """Say how each column stands, and how wide one is whose text is broken into lines."""
    kinds = []
    for at, (numeric, width) in enumerate(zip(table.numeric, fit.widths, strict=True)):
        starred = any(row.kind == "body" and row.cells[at].endswith("*") for row in table.rows)
        kind = "r" if numeric else "l"
        if table.widths()[at] > width:
            side = "left" if numeric else "right"
            share = width / fit.room
            kind = rf">{{\ragged{side}\arraybackslash}}p{{{share:.3f}\linewidth}}"
        kinds.append(kind + STAR_ROOM * (numeric and starred))
    return "".join(kinds)


def heads(table: PrintedTable) -> str:
    """Write the row of heads."""
    return " & ".join(map(latex_text, table.heads)) + r" \\"


def body(table: PrintedTable) -> list[str]:
    """Write the rows; what stands beneath an estimate stays on its page."""
    ends = [beneath.kind == "body" and not beneath.cells[0] for _, beneath in pairwise(table.rows)]
    return [
        row_of(table, row) + (r"\\*" if kept else r"\\") * (row.kind != "rule")
        for row, kept in zip(table.rows, [*ends, False], strict=True)
    ]


def row_of(table: PrintedTable, row: PrintedRow) -> str:
    """Write a row without its end."""
    if row.kind == "rule":
        return r"\midrule"
    if row.kind == "panel":
        text = rf"\textit{{{latex_text(row.cells[0])}}}"
        return rf"\multicolumn{{{len(table.heads)}}}{{l}}{{{text}}} "
    return " & ".join(map(cell_of, row.cells, table.numeric)) + " "


def cell_of(text: str, numeric: bool) -> str:
    """Write a cell; stars hang out of it."""
    bare = text.rstrip("*") if numeric else text
    stars = len(text) - len(bare)
    return latex_text(bare) + rf"\rlap{{$^{{{'*' * stars}}}$}}" * bool(stars)


def note(table: PrintedTable) -> str:
    """Write the note."""
    return r"\textit{Note.} " + " ".join(map(breakable, table.notes))


def breakable(text: str) -> str:
    """Write text whose longest words, as checksums are, may go on in the next line."""
    words = [
        r"\allowbreak{}".join(
            latex_text(word[at : at + STEP]) for at in range(0, len(word), STEP)
        )
        if len(word) > LONG_WORD
        else latex_text(word)
        for word in one_line(text).split(" ")
    ]  # fmt: skip
    return " ".join(words)
