"""A tidy frame crossed for paper: one of its columns down, one across, the rest as panels."""

from collections.abc import Iterator, Sequence

from aespa_core.analysis.disparity.result_table import Layout, ResultTable
from aespa_core.views.result_tables.entries import Entry, entries_of
from aespa_core.views.result_tables.labels import head_of
from aespa_core.views.result_tables.printed_table import PrintedRow, PrintedTable

SAID = {
    "std_error": "Standard errors in parentheses.",
    "low95": "95 % intervals in brackets.",
}
RULE = PrintedRow("rule")


def crossed(table: ResultTable, layout: Layout) -> PrintedTable:
    """Cross a table; columns of text that vary beside the two become panels, others are notes."""
    absent = [name for name in (layout.rows, layout.columns) if name not in table.frame]
    if absent:
        raise ValueError(
            f"Table {table.id} is to be crossed by {' and '.join(absent)}, which its frame lacks: "
            f"it has {', '.join(map(str, table.frame.columns))}."
        )
    printed = entries_of(table, layout)
    # what is said of the model comes last
    entries = sorted(printed.entries, key=lambda entry: entry.about_model)
    columns = list(dict.fromkeys(entry.column for entry in entries))
    panels = list(dict.fromkeys(entry.panel for entry in printed.entries))
    rows: list[PrintedRow] = []
    for panel in panels:
        inside = [entry for entry in entries if entry.panel == panel]
        if len(panels) > 1:
            rows += [RULE] * bool(rows) + [PrintedRow("panel", (panel,))]
        rows += panel_rows(table.id, inside, columns)
    said = [
        SAID[name]
        for at, name in enumerate(layout.beneath)
        if name in SAID and any(entry.beneath[at] for entry in entries)
    ]
    gaps = [row for row in rows if row.kind == "body" and row.cells[0] and "" in row.cells]
    said += ["An empty cell: not part of that column."] * bool(gaps)
    return PrintedTable(
        table.id,
        table.title,
        ("" if layout.rows == "term" else head_of(layout.rows), *columns),
        (False, *(True for _ in columns)),
        tuple(rows),
        (*printed.notes, *said),
    )


def panel_rows(
    table: str, entries: Sequence[Entry], columns: Sequence[str]
) -> Iterator[PrintedRow]:
    """Print the rows of one panel: estimates, what is beneath them, what is said of the model."""
    cells: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        other = cells.setdefault((entry.row, entry.column), entry)
        if other is not entry:
            raise ValueError(
                f"Table {table} has more than one row for '{entry.row}' and '{entry.column}'"
                f"{f' in {entry.panel}' if entry.panel else ''}: a crossed table has one."
            )
    # a row with a coefficient in it is one of coefficients, wherever else its name stands
    coefficients = dict.fromkeys(entry.row for entry in entries if not entry.about_model)
    foot = [row for row in dict.fromkeys(e.row for e in entries) if row not in coefficients]
    for row in [*coefficients, *foot]:
        if coefficients and foot and row == foot[0]:
            yield RULE
        found = [cells.get((row, column)) for column in columns]
        yield PrintedRow("body", (row, *(entry.text if entry else "" for entry in found)))
        for at in range(len(entries[0].beneath)):
            texts = [entry.beneath[at] if entry else "" for entry in found]
            if any(texts):
                yield PrintedRow("body", ("", *texts))
