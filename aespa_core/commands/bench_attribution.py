"""``aespa bench attribution``: explanations against the truth of simulated metros left out."""

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

SHOWN = ("mae", "calibration_slope", "spearman_unit")


@when_stopped(
    "Finished answers are kept under runs/bench_attribution: the same command goes on from there. "
    "No table was written."
)
def attribution_command(
    world: Annotated[str, typer.Option(help="twin, stress, or both.")] = "both",
    quick: Annotated[
        bool, typer.Option("--quick", help="A small simulated metro, one seed, no table kept.")
    ] = False,
    seeds: Annotated[int, typer.Option(min=1, max=3, help="How many.")] = 3,
    cores: Cores = 2,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the table; assets/benchmarks if none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare explanations with what is true: our own, usual and simple ones, metros left out.

    A stopped run goes on where it was; answers are kept under runs/bench_attribution.
    A quick run is kept apart: without --out it writes no table.
    """
    from aespa_core.benchmarks.attribution import (
        SEEDS,
        WORLDS,
        build_if_missing,
        cases_of,
        rows_of,
        run_cases,
    )
    from aespa_core.benchmarks.heat_benches import QUICK
    from aespa_core.benchmarks.table import check_folder, replace_rows
    from aespa_core.errors import ConfigError

    if world not in (*WORLDS, "both"):
        raise ConfigError(f"--world {world} is unknown: choose twin, stress or both.")
    check_folder("attribution", out)
    worlds = (QUICK,) if quick else WORLDS if world == "both" else (world,)
    chosen = SEEDS[: 1 if quick else seeds]
    rows = []
    for name in worlds:
        with counting_bar() as bar:
            cases = cases_of(name, chosen)
            line = bar.add_task(f"{name}: metros left out", total=len(cases))
            build_if_missing(name)
            run_cases(cases, lambda case: bar.update(line, advance=1), cores)  # noqa: B023
        rows += rows_of(name, cases)
    studies = sorted({row.study for row in rows})
    path = None
    for study in studies if out is not None or not quick else ():
        path = replace_rows("attribution", study, [r for r in rows if r.study == study], out)
    if as_json:
        words = {
            "table": None if path is None else str(path),
            "rows": [asdict(row) for row in rows],
        }
        typer.echo(json_text(words))
        return
    shown = Table("study", "method", *SHOWN)
    for study in studies:
        for method in dict.fromkeys(row.method for row in rows):
            values = [
                [
                    row.value
                    for row in rows
                    if (row.study, row.method, row.metro, row.metric)
                    == (study, method, "all", metric)
                ]
                for metric in SHOWN
            ]
            shown.add_row(study, method, *(f"{sum(v) / len(v):.3f}" if v else "–" for v in values))
    Console().print(shown)
    typer.echo("No table was kept." if path is None else f"Table: {path}")
