"""``aespa study``: list, ingest and simulate studies, and what study_check adds."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from aespa_core.commands.command_line import Commands, when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import Json, Overwrite, StudyArgument, seed_option
from aespa_core.commands.progress import counting_bar
from aespa_core.commands.study_check import seal_command, validate_command

if TYPE_CHECKING:
    from aespa_core.studies.folder import Study
    from aespa_core.studies.inventory import TableCount

# folders of the published layout, beside its file of the scale
PUBLISHED: Final = ("lst", "concepts", "mobility", "satellite", "street")
app = Commands(no_args_is_help=True, help="List, check and build studies.")
app.command("validate")(validate_command)
app.command("seal")(seal_command)


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the studies: those that ship, and yours under AESPA_STUDIES."""
    from aespa_core.studies.catalogue import list_studies

    studies = list_studies()
    if as_json:
        typer.echo(json_text([asdict(study) | {"path": str(study.path)} for study in studies]))
        return
    table = Table("id", "name", "kind")
    # a path that is cut leads nowhere
    table.add_column("folder", overflow="fold")
    for study in studies:
        words = (study.info.name, study.info.kind) if study.info else ("–", "unreadable")
        table.add_row(*(escape(str(word)) for word in (study.id, *words, study.path)))
    Console().print(table)
    for study in studies:
        if study.problem:
            typer.echo(f"{study.id}: {study.problem}")


@app.command("ingest")
@when_stopped("Studies of finished metros are kept; the one in the making is as it was before.")
def ingest_command(
    metro: Annotated[str, typer.Option(help="Metro id, as in `washington`, or `all`.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder that gets one study folder for each metro.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Build studies of real metros from the source files under AESPA_DATA_MIRROR."""
    from aespa_core.sources.metro_study import (
        STEPS,
        check_replaceable,
        ingest_metro,
        metros_chosen,
    )
    from aespa_core.studies.catalogue import studies_folder
    from aespa_core.studies.inventory import inventory

    folder = out or studies_folder()
    for place in metros_chosen(metro):
        # of the last, too, before the first takes its minutes
        check_replaceable(folder / place.id)
    reports = []
    screen = Console(stderr=True)
    for place in metros_chosen(metro):
        started = time.perf_counter()
        with Progress(
            TextColumn("{task.description:<40}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=screen,
            transient=True,
            disable=not screen.is_terminal,
        ) as bar:
            task = bar.add_task(place.name, total=STEPS)

            def begin(step: str, name: str = place.name) -> None:
                bar.update(task, advance=1, description=f"{name}: {step}")  # noqa: B023

            study = ingest_metro(place.id, folder / place.id, begin)
        seconds = time.perf_counter() - started
        counts = inventory(study)
        reports.append(report_of(place.id, study, counts, seconds))
        if not as_json:
            print_study(study, counts, seconds)
    if as_json:
        typer.echo(json_text(reports))


@app.command("build-twin")
def build_twin_command(
    world: Annotated[str, typer.Option(help="twin, stress or tiny.")] = "twin",
    metro: Annotated[
        str, typer.Option(help="Metro ids joined by commas, `demo` or `all`.")
    ] = "all",
    seed: Annotated[int | None, seed_option("Another seed than the world's own.")] = None,
    bands: Annotated[
        bool, typer.Option("--bands", help="Also twelve bands at 10 m and a column of NO₂.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Study folder to write.")] = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Leave a study of the same world alone.")
    ] = False,
) -> None:
    """Simulate metros with every modality and known causes."""
    from aespa_core.studies.catalogue import studies_folder
    from aespa_core.studies.inventory import inventory
    from aespa_core.twin.settings import chosen_world
    from aespa_core.twin.study import build_world, is_built

    settings = replace(chosen_world(world, metro, seed), bands=bands)
    folder = out or studies_folder() / settings.id
    if if_missing and is_built(settings, folder):
        return
    started = time.perf_counter()
    with counting_bar() as bar:
        task = bar.add_task(settings.name, total=len(settings.metros))
        study = build_world(settings, folder, lambda name: bar.update(task, advance=1))
    print_study(study, inventory(study), time.perf_counter() - started)


@app.command("export-published")
def export_published_command(
    study: StudyArgument,
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    seed: Annotated[
        int,
        seed_option("Of the random split: 60 % train, 20 % val, test."),
    ] = 0,
    overwrite: Overwrite = False,
) -> None:
    """Write a study in the folder layout of the published AESPA code."""
    from aespa_core.studies.catalogue import find_study
    from aespa_core.studies.folder import open_study
    from aespa_core.studies.published_layout import (
        NORMALIZATION,
        check_same_tracts,
        random_split,
        write_published,
    )
    from aespa_core.target_folder import check_target

    def own(folder: Path) -> bool:
        return {path.name for path in folder.iterdir()} <= {NORMALIZATION, *PUBLISHED}

    check_target(out, own, "a folder in the published layout")
    opened = open_study(find_study(study))
    if not overwrite:
        check_same_tracts(opened, out)
    left_out = write_published(opened, random_split(opened, seed), out)
    typer.echo(f"{out}: {left_out} tracts without a day temperature were left out.")


def report_of(
    metro_id: str, study: "Study", counts: list["TableCount"], seconds: float
) -> dict[str, object]:
    """Put one ingested study in plain values."""
    return {
        "metro": metro_id,
        "path": str(study.path),
        "seconds": round(seconds, 2),
        "tables": [asdict(count) for count in counts],
        "notes": list(study.info.notes),
    }


def print_study(study: "Study", counts: list["TableCount"], seconds: float) -> None:
    """Print what an ingested study holds, what it lacks and what was mended."""
    console = Console()
    table = Table("table", "rows", "missing per column", title=f"{study.info.name} · {study.path}")
    for count in counts:
        gaps = ", ".join(f"{column} {n:,}" for column, n in count.missing.items())
        table.add_row(count.table, f"{count.rows:,}", escape(gaps) or "none")
    console.print(table)
    counted_again = tuple(f"{count.table}: " for count in counts)
    for note in study.info.notes:
        # the table above says what is missing; the notes repeat it for the study's readers
        if not note.startswith(counted_again):
            console.print(f"  - {escape(note)}", highlight=False, soft_wrap=True)
    console.print(f"  {seconds:.1f} s", highlight=False)
