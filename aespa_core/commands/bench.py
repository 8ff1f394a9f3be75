"""``aespa bench``: run a benchmark and write its table under ``assets/benchmarks``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from aespa_core.commands.bench_attribution import attribution_command
from aespa_core.commands.bench_disparity import disparity_command
from aespa_core.commands.bench_embeddings import embeddings_command
from aespa_core.commands.bench_heat import heat_command
from aespa_core.commands.bench_whatif import whatif_command
from aespa_core.commands.command_line import Commands, when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import Cores, Json, seed_option
from aespa_core.commands.progress import counting_bar

if TYPE_CHECKING:
    from aespa_core.benchmarks.fold_runner import Task

app = Commands(no_args_is_help=True, help="Compare methods; a stopped run goes on where it was.")
app.command("heat")(heat_command)
app.command("embeddings")(embeddings_command)
app.command("whatif")(whatif_command)
app.command("disparity")(disparity_command)
app.command("attribution")(attribution_command)
Out = Annotated[Path | None, typer.Option(help="Folder of the table; assets/benchmarks if none.")]


@app.command("tracts")
@when_stopped(
    "Finished folds are kept under runs/bench_tracts: the same command goes on from there. No "
    "table was written."
)
def tracts_command(
    quick: Annotated[bool, typer.Option("--quick", help="Two groups, small methods.")] = False,
    seed: Annotated[int, seed_option("Seed of everything random.")] = 0,
    cores: Cores = 2,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Leave whole urban areas out; every method with the same inputs and tuning budget.

    A quick run is kept apart: without --out it writes no table.
    """
    from aespa_core.benchmarks.fold_runner import read_world
    from aespa_core.benchmarks.table import check_folder, write_rows
    from aespa_core.benchmarks.tracts import Plan, leaderboard, read_evidence, run_tracts
    from aespa_core.sources.mirror import open_mirror

    check_folder("tracts", out)
    plan = Plan(seed, 1 if quick else cores, quick)
    mirror = open_mirror()
    world = read_world()
    tasks = plan.tasks(world)
    with counting_bar() as bar:
        line = bar.add_task("folds", total=len(tasks))

        def done(task: "Task") -> None:
            bar.update(line, advance=1, description=f"{task.method} without group {task.group}")

        evidence = read_evidence(mirror, world.national.table.index.to_series())
        rows = run_tracts(world, plan, evidence, done)
    path = None if quick and out is None else write_rows("tracts", rows, out)
    summary = leaderboard(rows)
    if as_json:
        rows_of_board = summary.to_dict("records")
        typer.echo(json_text({"table": str(path) if path else None, "rows": rows_of_board}))
        return
    table = Table(*map(str, summary.columns))
    for entry in summary.itertuples(index=False):
        table.add_row(*(f"{v:.4g}" if isinstance(v, float) else str(v) for v in entry))
    Console().print(table)
    typer.echo(f"Table: {path}" if path else "A quick run is not kept as a table.")


@app.command("load")
def load_command(
    metro: Annotated[str, typer.Option(help="Metro of the atlas to open.")] = "washington",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Measure a first visit to a metro's map: bytes over the websocket, seconds to pixels."""
    from aespa_core.benchmarks.load import run
    from aespa_core.benchmarks.table import check_folder, write_rows
    from aespa_core.schema import metro_named

    check_folder("load", out)
    rows = run(metro_named(metro).id)
    path = write_rows("load", rows, out)
    if as_json:
        typer.echo(json_text({"table": str(path), "rows": [vars(row) for row in rows]}))
        return
    table = Table("method", "visit", "metric", "value", "unit")
    for row in rows:
        table.add_row(row.method, str(row.seed), row.metric, f"{row.value:.3g}", row.unit)
    Console().print(table)
    typer.echo(f"Table: {path}")


@app.command("proxies")
@when_stopped(
    "Finished metros are kept under runs/bench_proxies: the same command goes on from there. No "
    "table was written."
)
def proxies_command(
    development: Annotated[
        bool, typer.Option("--development", help="Only metros that may be looked at; no table.")
    ] = False,
    seed: Annotated[int, seed_option("Seed of the bootstrap.")] = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Score proxies read off images: against people's labels, infrared, and simulated truth.

    What is shown are images on which nothing was chosen; the table holds the others too.
    """
    from aespa_core.benchmarks.image_proxies import image_proxy_rows
    from aespa_core.benchmarks.image_scores import leaderboard
    from aespa_core.benchmarks.table import check_folder, write_rows
    from aespa_core.benchmarks.twin_proxies import all_numbers, rows_of, tasks, twin_leaderboard
    from aespa_core.sources.mirror import open_mirror

    check_folder("proxies", out)
    mirror = open_mirror()
    wanted = tasks(held_out=not development)
    with counting_bar() as bar:
        line = bar.add_task("simulated metros", total=len(wanted))
        numbers = all_numbers(wanted, lambda task: bar.update(line, advance=1))
    simulated = rows_of(numbers, seed)
    real = image_proxy_rows(mirror, seed)
    path = None if development else write_rows("proxies", [*real, *simulated], out)
    boards = [twin_leaderboard(simulated), leaderboard(real)]
    if as_json:
        lines = [board.to_dict("records") for board in boards]
        typer.echo(json_text({"table": str(path) if path else None, "rows": lines}))
        return
    for board in boards:
        table = Table(*map(str, board.columns))
        for entry in board.itertuples(index=False):
            table.add_row(*(f"{v:.3f}" if isinstance(v, float) else str(v) for v in entry))
        Console().print(table)
    typer.echo(f"Table: {path}" if path else "A look at development metros is not kept as a table.")
