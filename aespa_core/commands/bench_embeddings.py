"""``aespa bench embeddings``: what it saves to look at each image only once."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import STUDY_HELP, Json, seed_option

EXPERIMENT = "twin_small"
DEMO = "twin_demo"


def embeddings_command(
    study: Annotated[
        str | None, typer.Argument(help=f"{STUDY_HELP} It has images; the demo twin if none.")
    ] = None,
    seed: Annotated[int, seed_option("Of the split, the order and the model.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the table; assets/benchmarks if none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Time a training epoch that encodes every image against one that takes cached embeddings.

    Encoders are new ones of the size that `aespa bench heat` uses: what they have learned does not
    change how long they take.
    """
    from aespa_core.benchmarks.embedding_speed import embedding_speed
    from aespa_core.benchmarks.table import check_folder, replace_rows
    from aespa_core.datasets.heat.samples import read_samples
    from aespa_core.errors import StudyError
    from aespa_core.inference.heat_embeddings import frozen_encoders, image_count
    from aespa_core.studies.catalogue import find_study, studies_folder
    from aespa_core.studies.folder import open_study
    from aespa_core.training.heat.settings import experiment

    check_folder("embeddings", out)
    folder = studies_folder() / DEMO if study is None else find_study(study)
    if study is None and not folder.is_dir():
        raise StudyError(
            f"There is no {folder}: run `aespa study build-twin --metro demo`, or give the folder "
            "of a study with images."
        )
    settings = experiment(EXPERIMENT)
    samples = read_samples(open_study(folder))
    if not image_count(samples, settings.model.photos):
        raise StudyError(
            f"{folder} has no images: put tiles into images/satellite/<geoid>.png and photos into "
            "images/street/<geoid>/."
        )
    encoders = frozen_encoders(settings.model, seed)
    rows = embedding_speed(folder.absolute().name, samples, settings, encoders, seed)
    path = replace_rows("embeddings", rows[0].study, rows, out)
    if as_json:
        words = {"table": str(path), "rows": [asdict(row) for row in rows]}
        typer.echo(json_text(words))
        return
    table = Table("method", "metro", "metric", "value", "unit")
    for row in rows:
        table.add_row(row.method, row.metro, row.metric, f"{row.value:.3g}", row.unit)
    Console().print(table)
    typer.echo(f"Table: {path}")
