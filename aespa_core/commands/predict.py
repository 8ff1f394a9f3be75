"""``aespa predict``: add a model's estimates to a study."""

import json
from pathlib import Path
from typing import Annotated

import typer

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.notices import notices_of, with_notices
from aespa_core.commands.options import Json
from aespa_core.commands.progress import counting_bar

RUN = "tract_model"
Model = Annotated[
    Path | None,
    typer.Option(
        help="best.safetensors of `aespa train`, or a folder of tract models; "
        "assets/models/tract_model if none."
    ),
]


@when_stopped("The study is as it was; images that were looked at are kept under runs/embeddings.")
def predict_command(
    study: Annotated[Path, typer.Argument(help="Folder of a study.")],
    model: Model = None,
    run: Annotated[
        str | None,
        typer.Option(help="Name of the estimates; heat_teacher or heat_student if none."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Estimate a study's tracts, into estimates/: by the multimodal model, or by the tract model.

    The tract model knows real tracts of one metro; the multimodal model any study, also one without
    labels.
    """
    from aespa_core.errors import ConfigError
    from aespa_core.names import plain_name

    if run is not None:
        plain_name(run, "--run")
    if model is not None and (model.is_file() or model.suffix == ".safetensors"):
        predict_with_heat_model(study, model, run, as_json)
    elif run is not None:
        raise ConfigError(
            f"--run is for checkpoints of `aespa train`: the tract model's run is called {RUN}."
        )
    else:
        predict_with_tract_model(study, model, as_json)


def predict_with_heat_model(study: Path, model: Path, run: str | None, as_json: bool) -> None:
    """Estimate by a checkpoint of the multimodal model."""
    from aespa_core.inference.heat_predict import predict_heat

    notices = notices_of(study)
    with counting_bar() as bar:
        line = bar.add_task("images", total=None)
        result = predict_heat(
            study, model, run, progress=lambda count: bar.update(line, advance=count)
        )
    if as_json:
        typer.echo(json.dumps(with_notices(result.words(), notices), indent=1))
        return
    typer.echo(
        f"{result.path}: {result.tracts:,} tracts by the {result.mode}, {result.extrapolated:,} of "
        f"them outside what it learned from; {result.encoded:,} images looked at in "
        f"{result.seconds.embed:.1f} s, estimated in {result.seconds.estimate:.1f} s."
    )


def predict_with_tract_model(study: Path, model: Path | None, as_json: bool) -> None:
    """Estimate an observed study by the stored model of its metro."""
    import torch

    from aespa_core.datasets.national_tracts import read_national_tracts
    from aespa_core.inference.metro_estimates import estimated_metro, metro_estimates
    from aespa_core.inference.metro_model import load_metro_model
    from aespa_core.sources.mirror import open_mirror
    from aespa_core.studies.catalogue import ROOT
    from aespa_core.studies.folder import add_run, open_study

    notices = notices_of(study)
    opened = open_study(study)
    metro, geoids = estimated_metro(opened)
    weights = model or ROOT / "assets" / "models" / "tract_model"
    fitted = load_metro_model(weights, metro.id)
    # as the atlas was made: sums in another order differ in the last digit
    torch.set_num_threads(1)
    national = read_national_tracts(open_mirror())
    estimates = metro_estimates(fitted, national, metro.id, geoids, str(study))
    add_run(opened, RUN, estimates)
    path = study / "estimates" / f"{RUN}.parquet"
    if as_json:
        words = {"path": str(path), "metro": metro.id, "tracts": len(estimates)}
        typer.echo(json.dumps(with_notices(words, notices)))
    else:
        typer.echo(f"{path}: {len(estimates):,} tracts of {metro.name}.")
