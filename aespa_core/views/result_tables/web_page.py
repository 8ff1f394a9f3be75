"""Tables as one HTML page that needs nothing else: no network, no script, no font."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.exports import Origin
from aespa_core.views.file_text import one_line
from aespa_core.views.result_tables.printed import printed
from aespa_core.views.result_tables.printed_table import PrintedRow, PrintedTable

TITLE: Final = "Disparity tables"
# a page that may load nothing cannot be made to, whatever stands in its cells
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
STYLE: Final = """
:root { color-scheme: light dark; --ink: #22211f; --paper: #fff; --line: #c9c4bc; --soft: #f5f3f0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9e6e1; --paper: #181716; --line: #4d4944; --soft: #24221f; } }
body { font: 15px/1.5 sans-serif; max-width: 1200px; margin: 2rem auto; padding: 0 1.5rem;
  color: var(--ink); background: var(--paper); }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 3rem; }
a { color: inherit; } .scroll { overflow-x: auto; margin-top: 2.5rem; }
table { border-collapse: collapse; font-size: 0.85rem;
  border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
caption { text-align: left; font-size: 1.05rem; font-weight: bold; padding-bottom: 0.5rem; }
th, td { padding: 0.15rem 0.7rem; text-align: left; font-weight: normal; vertical-align: top; }
thead th, thead td { border-bottom: 1px solid var(--ink); vertical-align: bottom; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody + tbody { border-top: 1px solid var(--line); }
th[scope=rowgroup] { font-style: italic; background: var(--soft); }
.note { font-size: 0.82rem; max-width: 60rem; } .note p { margin: 0.15rem 0; }
dl { font-size: 0.85rem; overflow-wrap: anywhere; } dd { margin: 0 0 0.4rem 1rem; }
@media print { .scroll { overflow: visible; } thead { display: table-header-group; } }
"""


def as_html(tables: Sequence[ResultTable], provenance: Origin) -> bytes:
    """Write the page: a list of the tables, each as printed with its note, where they come from."""
    shown = [printed(table) for table in tables]
    links = (
        f'<li><a href="#{escape(table.id)}">{escape(table.id)}</a> {escape(table.title)}</li>'
        for table in shown
    )
    origin = (line.partition(": ") for line in map(one_line, provenance.lines()))
    parts = [
        f"<h1>{TITLE}</h1>",
        f"<p>{escape(one_line(provenance.content))}</p>",
        f"<nav><ul>{''.join(links)}</ul></nav>",
        *map(section, shown),
        "<h2>Where the numbers come from</h2>",
        f"<dl>{''.join(f'<dt>{escape(k)}</dt><dd>{escape(v)}</dd>' for k, _, v in origin)}</dl>",
    ]
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{TITLE}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )
    return page.encode()


def section(table: PrintedTable) -> str:
    """Write a table with its caption and note."""
    heads = "".join(
        f'<th scope="col"{side(numeric)}>{escape(head)}</th>' if head else "<td></td>"
        for head, numeric in zip(table.heads, table.numeric, strict=True)
    )
    notes = "".join(f"<p>{escape(line)}</p>" for line in table.notes)
    return (
        f'<section id="{escape(table.id)}"><div class="scroll" tabindex="0"><table>'
        f"<caption>{escape(table.id)}. {escape(table.title)}</caption>"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(rows(table))}</tbody></table></div>"
        f'<div class="note">{notes}</div></section>'
    )


def rows(table: PrintedTable) -> Iterable[str]:
    """Write the rows; a line begins the next part of the body."""
    for row in table.rows:
        if row.kind == "rule":
            yield "</tbody>\n<tbody>\n"
        elif row.kind == "panel":
            span = f'scope="rowgroup" colspan="{len(table.heads)}"'
            yield f"<tr><th {span}>{escape(row.cells[0])}</th></tr>\n"
        else:
            yield body_row(table, row)


def body_row(table: PrintedTable, row: PrintedRow) -> str:
    """Write a row whose first cell names it, where it has a name."""
    first, *others = row.cells
    named = f'<th scope="row">{escape(first)}</th>' if first else "<td></td>"
    cells = zip(others, table.numeric[1:], strict=True)
    return (
        f"<tr>{named}"
        + "".join(f"<td{side(numeric)}>{escape(text)}</td>" for text, numeric in cells)
        + "</tr>\n"
    )


def side(numeric: bool) -> str:
    """Let numbers stand at the right."""
    return ' class="n"' * numeric
