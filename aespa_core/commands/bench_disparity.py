"""``aespa bench disparity``: how often intervals cover a known truth."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import Cores, Json
from aespa_core.commands.progress import counting_bar


@when_stopped(
    "Finished batches are kept under runs/bench_disparity: the same command goes on from there. No "
    "table was written."
)
def disparity_command(
    quick: Annotated[bool, typer.Option("--quick", help="A few worlds, no table kept.")] = False,
    cores: Cores = 2,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the table; assets/benchmarks if none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Count how often 95 % intervals cover a known truth, in 2,000 simulated worlds.

    People, trees and temperatures of the twin's metros are drawn anew in each. No images are
    needed. Finished batches are kept under runs/bench_disparity, so that a stopped run goes on.
    """
    from aespa_core.benchmarks.disparity import QUICK, SEED, WORLDS, bench_disparity
    from aespa_core.benchmarks.disparity_cases import ALL, STUDY
    from aespa_core.benchmarks.table import check_folder, write_rows

    check_folder("disparity", out)
    worlds = QUICK if quick else WORLDS
    with counting_bar() as bar:
        line = bar.add_task("worlds", total=2 * worlds)
        rows = bench_disparity(worlds, SEED, cores, done=lambda n: bar.update(line, advance=n))
    # written first: what is printed is the answer, and a failure is another
    kept = not quick or out is not None
    path = write_rows("disparity", rows, out) if kept else None
    if as_json:
        typer.echo(json_text([asdict(row) for row in rows]))
    else:
        table = Table("standard error", "slope", "coverage", "ratio to the true error")
        pooled = {
            (r.method, r.target, r.metric): r.value
            for r in rows
            if (r.study, r.metro) == (STUDY, ALL)
        }
        for method, target in dict.fromkeys((row.method, row.target) for row in rows):
            if (method, target, "coverage_95") in pooled:
                table.add_row(
                    method,
                    target,
                    f"{pooled[method, target, 'coverage_95']:.3f}",
                    f"{pooled[method, target, 'error_ratio']:.2f}",
                )
        Console().print(table)
    typer.echo(f"Table: {path}" if path else "A quick run is not kept as a table.", err=as_json)
