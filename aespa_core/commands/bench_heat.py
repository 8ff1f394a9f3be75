"""``aespa bench heat``: our model, its parts and what is simpler, under splits that do not leak."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import Cores, Json
from aespa_core.commands.progress import counting_bar

if TYPE_CHECKING:
    from aespa_core.benchmarks.heat_runner import Job


@when_stopped(
    "Finished answers are kept under runs/bench_heat: the same command goes on from there. No "
    "table was written."
)
def heat_command(
    study: Annotated[
        str, typer.Option(help="twin, or seattle_minneapolis: real data without images.")
    ] = "twin",
    quick: Annotated[
        bool, typer.Option("--quick", help="Two small simulated metros, small methods.")
    ] = False,
    cores: Cores = 2,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder; assets/benchmarks if none, real single tracts under runs/."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Leave blocks and whole metros out; every method with the same images, proxies and context.

    A stopped run goes on where it was; answers are kept under runs/bench_heat.
    A quick run is kept apart: without --out it writes no table.
    """
    from aespa_core.benchmarks.heat import bench_rows, run_bench, write_estimates
    from aespa_core.benchmarks.heat_benches import bench_named
    from aespa_core.benchmarks.table import check_folder, replace_rows

    check_folder("heat", out)
    bench = bench_named(study, cores, quick=quick)
    answers_wanted = sum(len(task.methods) for task in bench.tasks)
    with counting_bar() as bar:
        world_line = bar.add_task("metros", total=100)
        image_line = bar.add_task("images read", total=100)
        line = bar.add_task("answers", total=answers_wanted)

        def done(job: "Job", method: str) -> None:
            bar.update(line, advance=1, description=f"{method}, {job.task.name}")

        bench.build_if_missing(lambda share: bar.update(world_line, completed=100 * share))
        world, answers = run_bench(
            bench, done, lambda share: bar.update(image_line, completed=100 * share)
        )
    rows = bench_rows(bench.study, world, answers)
    path = None
    if out is not None or not quick:
        path = replace_rows("heat", bench.study, rows, out)
        write_estimates(bench.study, world, answers, out or bench.singles)
    report(rows, path, as_json=as_json)


def report(rows: list, path: Path | None, *, as_json: bool) -> None:
    """Print the leaderboard."""
    from aespa_core.benchmarks.heat import leaderboard

    board = leaderboard(rows)
    if as_json:
        plain = board.to_dict("records")
        table_path = str(path) if path else None
        typer.echo(json_text({"table": table_path, "rows": plain}))
        return
    table = Table(*map(str, board.columns))
    for entry in board.itertuples(index=False):
        table.add_row(*(f"{v:.3f}" if isinstance(v, float) else str(v) for v in entry))
    Console().print(table)
    typer.echo(f"Table: {path}" if path else "A quick run is not kept as a table.")
