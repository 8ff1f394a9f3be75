"""``aespa bench whatif``: random scenarios that must never warm, and how long an answer takes."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from aespa_core.commands.progress import counting_bar

QUICK = 40


def whatif_command(
    studies: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of studies; none: all of the list that have responses."),
    ] = None,
    scenarios: Annotated[int, typer.Option(min=2, help="To play on each study.")] = 10_000,
    quick: Annotated[bool, typer.Option("--quick", help="A few scenarios only.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the scenarios.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the table; assets/benchmarks if none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Count warmings, passed limits and leftovers over random scenarios; time answer and redraw.

    A quick run is kept apart: without --out it writes no table.
    """
    from aespa_core.benchmarks.table import write_rows
    from aespa_core.benchmarks.whatif import QUICK_REPEATS, REPEATS, bench_whatif, with_responses
    from aespa_core.benchmarks.whatif_redraw import redraw_rows
    from aespa_core.studies.catalogue import ATLAS

    folders = with_responses(studies or None)
    count, repeats = (QUICK, QUICK_REPEATS) if quick else (scenarios, REPEATS)
    with counting_bar() as bar:
        line = bar.add_task("scenarios", total=count * len(folders))
        rows = bench_whatif(folders, count, seed, repeats, lambda: bar.update(line, advance=1))
    if any(folder.resolve() == ATLAS for folder in folders):
        rows += redraw_rows(seed, repeats)
    path = None if quick and out is None else write_rows("whatif", rows, out)
    if as_json:
        words = {"table": str(path) if path else None, "rows": [asdict(row) for row in rows]}
        typer.echo(json.dumps(words, indent=1))
        return
    table = Table("study", "metro", "split", "metric", "value", "unit")
    for row in rows:
        table.add_row(row.study, row.metro, row.split, row.metric, f"{row.value:.4g}", row.unit)
    Console().print(table)
    typer.echo(f"Table: {path}" if path else "A quick run is not kept as a table.")
