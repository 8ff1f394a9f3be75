"""``aespa atlas``: train without each metro, estimate it, write what ships."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from aespa_core.commands.command_line import Commands, when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import STUDY_HELP, Json, seed_option

if TYPE_CHECKING:
    import pandas as pd

app = Commands(no_args_is_help=True, help="Build the estimates that ship.")


@app.callback()
def root() -> None:
    """Build the estimates that ship."""


@app.command("build")
@when_stopped(
    "Fitted models are kept under runs/atlas: the same command goes on from there. The atlas is as "
    "it was."
)
def build_command(
    metro: Annotated[
        str, typer.Option(help="Metro id, or `all`; others stay as they are.")
    ] = "all",
    out: Annotated[Path | None, typer.Option(help="Folder; assets/atlas if none.")] = None,
    seed: Annotated[int, seed_option("Seed of everything random.")] = 0,
    as_json: Json = False,
) -> None:
    """Estimate every tract of the metros; a stopped build goes on where it was.

    Weights and the model card go to models/tract_model beside the atlas. Attributions and responses
    come along; `aespa attribute` writes them alone, from the stored weights.
    """
    import torch

    from aespa_core.attribution.atlas_explanations import attribute_atlas
    from aespa_core.datasets.national_tracts import read_national_tracts
    from aespa_core.datasets.tract_training import training_tracts
    from aespa_core.inference.atlas import Place, World, build_metro, check_target, write_atlas
    from aespa_core.sources.metro_study import metros_chosen
    from aespa_core.sources.mirror import open_mirror
    from aespa_core.sources.tract_boundaries import read_tracts
    from aespa_core.studies.catalogue import ATLAS
    from aespa_core.training.tract_fit import FitSettings

    folder = out or ATLAS
    metros = metros_chosen(metro)
    check_target(folder)
    mirror = open_mirror()
    # sums in another order differ in the last digit: the same seed shall make the same atlas
    torch.set_num_threads(1)
    screen = Console(stderr=True)
    with Progress(
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=screen,
        disable=not screen.is_terminal,
    ) as bar:
        line = bar.add_task("reading", total=len(metros))
        national = read_national_tracts(mirror)
        world = World(national, training_tracts(national))
        parts = []
        for done, place in enumerate(metros):

            def advance(share: float, name: str = place.name, before: int = done) -> None:
                bar.update(line, completed=before + share, description=name)

            polygons = read_tracts(mirror, place.id).table.set_index("geoid").geometry
            parts.append(build_metro(world, Place(place, polygons), FitSettings(), seed, advance))
        bar.update(line, description="taking apart")
        weights = folder.parent / "models" / "tract_model"
        study = write_atlas(parts, folder, weights)
        explained = attribute_atlas(study, weights, lambda: national)
    rows = [summary(part.metro.id, part.estimates) for part in parts]
    if as_json:
        report = {"path": str(study.path), "weights": str(weights), "metros": rows} | {
            "largest_gap_c": explained.largest_gap_c
        }
        typer.echo(json_text(report))
        return
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*(f"{v:.2f}" if isinstance(v, float) else str(v) for v in row.values()))
    Console().print(table)
    typer.echo(f"Atlas: {study.path}\nWeights: {weights}")


def summary(metro_id: str, estimates: "pd.DataFrame") -> dict[str, object]:
    """Say one metro's estimates in a line."""
    return {
        "metro": metro_id,
        "tracts": len(estimates),
        "coldest_c": float(estimates["anomaly_c"].min()),
        "hottest_c": float(estimates["anomaly_c"].max()),
        "mean_width_c": float((estimates["high90_c"] - estimates["low90_c"]).mean()),
        "extrapolated": int(estimates["extrapolated"].sum()),
    }


@app.command("disparity")
def disparity_command(
    study: Annotated[
        list[str] | None,
        typer.Option(help=f"{STUDY_HELP} None: ingest all metros from the mirror."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of an atlas; assets/atlas if none.")
    ] = None,
) -> None:
    """Compute the disparity tables of the real metros, which ship as results without sources."""
    from tempfile import TemporaryDirectory

    from aespa_core.analysis.disparity.analysis import Analysis
    from aespa_core.analysis.disparity.run import TABLES, tables_of
    from aespa_core.analysis.disparity.sample import sample_of
    from aespa_core.analysis.disparity.specification import Specification
    from aespa_core.commands.native_output import native_output_aside
    from aespa_core.commands.progress import counting_bar
    from aespa_core.sources.metro_study import ingest_metro, metros_chosen
    from aespa_core.studies.atomic import write_text
    from aespa_core.studies.catalogue import ATLAS, find_study
    from aespa_core.studies.folder import open_study
    from aespa_core.studies.manifest import write_manifest
    from aespa_core.target_folder import check_writable
    from aespa_core.views.disparity_files import KEPT, provenance_of_analysis
    from aespa_core.views.result_tables.kept import kept_text

    atlas = open_study(out or ATLAS)
    check_writable(atlas.path, str(atlas.path))
    with TemporaryDirectory() as folder, native_output_aside(), counting_bar() as bar:
        metros = [] if study else metros_chosen("all")
        line = bar.add_task("metros", total=len(metros) + len(TABLES))
        studies = [open_study(find_study(name)) for name in study or ()]
        for metro in metros:
            bar.update(line, description=metro.name, advance=1)
            studies.append(ingest_metro(metro.id, Path(folder) / metro.id))
        analysis = Analysis(sample_of(studies, Specification()), Specification())
        tables = tables_of(
            analysis, lambda name: bar.update(line, description=f"table {name}", advance=1)
        )
        content = kept_text(tables, provenance_of_analysis(analysis))
    path = atlas.path / KEPT
    write_text(path, content)
    write_manifest(atlas.path)
    typer.echo(f"{len(tables)} tables of {len(studies)} metros: {path}")
