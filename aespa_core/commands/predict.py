"""``aespa predict``: add a model's estimates to a study."""

import json
from pathlib import Path
from typing import Annotated

import typer

RUN = "tract_model"


def predict_command(
    study: Annotated[Path, typer.Argument(help="Folder of an ingested study of one metro.")],
    model: Annotated[
        Path | None, typer.Option(help="Folder of weights; assets/models/tract_model if none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Estimate a study's tracts with the stored model of its metro, into estimates/tract_model."""
    import torch

    from aespa_core.datasets.national_tracts import read_national_tracts
    from aespa_core.inference.metro_estimates import estimated_metro, metro_estimates
    from aespa_core.inference.metro_model import load_metro_model
    from aespa_core.sources.mirror import open_mirror
    from aespa_core.studies.catalogue import ROOT
    from aespa_core.studies.folder import add_run, open_study

    opened = open_study(study)
    metro, geoids = estimated_metro(opened)
    weights = model or ROOT / "assets" / "models" / "tract_model"
    fitted = load_metro_model(weights, metro.id)
    # as the atlas was made: sums in another order differ in the last digit
    torch.set_num_threads(1)
    estimates = metro_estimates(fitted, read_national_tracts(open_mirror()), metro.id, geoids)
    add_run(opened, RUN, estimates)
    path = study / "estimates" / f"{RUN}.parquet"
    if as_json:
        typer.echo(json.dumps({"path": str(path), "metro": metro.id, "tracts": len(estimates)}))
    else:
        typer.echo(f"{path}: {len(estimates):,} tracts of {metro.name}.")
