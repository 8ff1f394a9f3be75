"""``aespa bench whatif``: scenarios that must never warm, budgets near their bound, seconds."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import STUDY_HELP, Json, seed_option
from aespa_core.commands.progress import counting_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aespa_core.benchmarks.table import Row

QUICK: Final = 40
MOST_SCENARIOS: Final = 1_000_000
EVERYTHING: Final = "everything"


@when_stopped(
    "Finished metros are kept under runs/bench_whatif: the same command goes on from there. No "
    "table was written."
)
def whatif_command(
    studies: Annotated[
        list[str] | None,
        typer.Argument(help=f"{STUDY_HELP} None: all of the list that have responses."),
    ] = None,
    scenarios: Annotated[
        int, typer.Option(min=2, max=MOST_SCENARIOS, help="To play on each study.")
    ] = 10_000,
    quick: Annotated[bool, typer.Option("--quick", help="A few scenarios only.")] = False,
    seed: Annotated[int, seed_option("Seed of the scenarios.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the table; assets/benchmarks if none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Count warmings, passed limits and leftovers over random scenarios; time answer and redraw.

    Then spend budgets in every metro, by every objective: how far below what no spending can pass,
    and against the greedy and the even way. Finished metros are kept under runs/bench_whatif, so
    that a stopped run goes on. A quick run is kept apart: without --out it writes no table.
    """
    from aespa_core.benchmarks.budget_cases import QUICK_PARTS, bench_budgets, cases_of
    from aespa_core.benchmarks.budget_gap import PARTS
    from aespa_core.benchmarks.table import check_folder, write_rows
    from aespa_core.benchmarks.whatif import QUICK_REPEATS, REPEATS, bench_whatif, with_responses
    from aespa_core.benchmarks.whatif_redraw import redraw_rows
    from aespa_core.commands.native_output import native_output_aside
    from aespa_core.studies.catalogue import ATLAS, find_study

    check_folder("whatif", out)
    folders = with_responses([find_study(name) for name in studies] if studies else None)
    count, repeats = (QUICK, QUICK_REPEATS) if quick else (scenarios, REPEATS)
    with native_output_aside(), counting_bar() as bar:
        line = bar.add_task("scenarios", total=count * len(folders))
        rows = bench_whatif(folders, count, seed, repeats, lambda: bar.update(line, advance=1))
        found = [cases_of(folder) for folder in folders]
        able = [case for cases in found for case in cases.able]
        line = bar.add_task("budgets", total=len(able))
        parts = QUICK_PARTS if quick else PARTS
        spent = bench_budgets(able, parts, progress=lambda: bar.update(line, advance=1))
    if any(folder.resolve() == ATLAS for folder in folders):
        rows += redraw_rows(seed, repeats)
    rows += spent
    path = None if quick and out is None else write_rows("whatif", rows, out)
    if as_json:
        words = {
            "table": str(path) if path else None,
            "rows": [asdict(row) for row in rows],
            "budgets_left_out": [reason for cases in found for reason in cases.left_out],
        }
        typer.echo(json_text(words))
        return
    table = Table("study", "metro", "split", "metric", "value", "unit")
    for row in rows[: len(rows) - len(spent)]:
        table.add_row(row.study, row.metro, row.split, row.metric, f"{row.value:.4g}", row.unit)
    Console().print(table)
    Console().print(budget_table(spent))
    for cases in found:
        for reason in cases.left_out:
            typer.echo(f"No budget was spent in {reason}")
    typer.echo(f"Table: {path}" if path else "A quick run is not kept as a table.")


def budget_table(rows: "Sequence[Row]") -> Table:
    """Lay budgets out, one line each: three ways to spend it, gap to the bound, seconds."""
    columns = ("best", "greedy", "uniform")
    table = Table(
        "study", "metro", "objective", "budget",
        *(f"{way} (°C)" for way in columns), "below the bound (%)", "seconds",
    )  # fmt: skip
    budgets: dict[tuple[str, str, str, str], dict[tuple[str, str], float]] = {}
    for row in rows:
        if row.split != EVERYTHING:
            place = (row.study, row.metro, row.target.removeprefix("budget_"), row.split)
            budgets.setdefault(place, {})[row.method, row.metric] = row.value
    for place, value in budgets.items():
        cooling = (f"{value[way, 'cooling']:.5f}" for way in columns)
        gap, seconds = value["best", "gap"], value["best", "seconds"]
        table.add_row(*place, *cooling, f"{100 * gap:.4f}", f"{seconds:.2f}")
    return table
