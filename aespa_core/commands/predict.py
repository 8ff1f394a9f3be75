"""``aespa predict``: add a model's estimates to a study."""

from pathlib import Path
from typing import Annotated

import typer

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.notices import names_meant, notices_of, tell, with_notices
from aespa_core.commands.options import Json, StudyArgument
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
    study: StudyArgument,
    model: Model = None,
    run: Annotated[
        str | None,
        typer.Option(help="Name of the estimates; heat_teacher or heat_student if none."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Estimate a study's tracts, into estimates/: by the multimodal model, or by the tract model.

    The tract model knows real tracts of one metro; the multimodal model any study, also one without
    labels. The tract model takes its inputs from AESPA_DATA_MIRROR and not from the study's
    proxies.parquet; in how many tracts the two differ is said with the answer. The multimodal model
    takes them from the study.
    """
    from aespa_core.errors import ConfigError
    from aespa_core.names import plain_name
    from aespa_core.studies.catalogue import find_study

    if run is not None:
        plain_name(run, "--run")
    refuse_run_folder(model)
    if model is not None and not model.exists():
        raise ConfigError(
            f"{model} is missing: give best.safetensors of `aespa train`, or leave out --model."
        )
    folder = find_study(study)
    if model is not None and (model.is_file() or model.suffix == ".safetensors"):
        predict_with_heat_model(folder, model, run, as_json)
    elif run is not None:
        raise ConfigError(
            f"--run is for checkpoints of `aespa train`: the tract model's run is called {RUN}."
        )
    else:
        predict_with_tract_model(folder, model, as_json)


def refuse_run_folder(model: Path | None) -> None:
    """Refuse the folder of a run of `aespa train` where its weights are meant.

    Raises
    ------
    ConfigError
        If it is one.
    """
    from aespa_core.errors import ConfigError

    if model is not None and (model / "best.safetensors").is_file():
        raise ConfigError(
            f"{model} is the folder of a run: give its weights, {model / 'best.safetensors'}."
        )


def predict_with_heat_model(study: Path, model: Path, run: str | None, as_json: bool) -> None:
    """Estimate by a checkpoint of the multimodal model."""
    from aespa_core.inference.heat_predict import predict_heat
    from aespa_core.studies.folder import open_study

    opened = open_study(study)
    notices = notices_of(opened)
    with names_meant(opened), counting_bar() as bar:
        line = bar.add_task("images", total=None)
        result = predict_heat(
            study, model, run, progress=lambda count: bar.update(line, advance=count)
        )
    tell(notices)
    if as_json:
        typer.echo(json_text(with_notices(result.words(), notices)))
        return
    typer.echo(
        f"{result.path}: {result.tracts:,} tracts by the {result.mode}, {result.extrapolated:,} of "
        f"them outside what it learned from; {result.encoded:,} images looked at in "
        f"{result.seconds.embed:.1f} s, estimated in {result.seconds.estimate:.1f} s."
    )


def predict_with_tract_model(study: Path, model: Path | None, as_json: bool) -> None:
    """Estimate an observed study by the stored model of its metro."""
    from dataclasses import asdict

    import torch

    from aespa_core.datasets.national_tracts import LEARNED, read_national_tracts
    from aespa_core.inference.metro_estimates import estimated_metro, metro_estimates
    from aespa_core.inference.metro_model import load_metro_model
    from aespa_core.inference.other_inputs import other_inputs
    from aespa_core.sources.mirror import open_mirror
    from aespa_core.studies.catalogue import ROOT
    from aespa_core.studies.folder import add_run, open_study

    opened = open_study(study)
    notices = notices_of(opened)
    with names_meant(opened):
        metro, geoids = estimated_metro(opened)
    weights = model or ROOT / "assets" / "models" / "tract_model"
    fitted = load_metro_model(weights, metro.id)
    # as the atlas was made: sums in another order differ in the last digit
    torch.set_num_threads(1)
    national = read_national_tracts(open_mirror())
    estimates = metro_estimates(fitted, national, metro.id, geoids, str(study))
    learned = [name for name, is_ in zip(LEARNED, fitted.model.learned, strict=True) if is_]
    others = other_inputs(opened, national, learned)
    add_run(opened, RUN, estimates)
    path = study / "estimates" / f"{RUN}.parquet"
    tell(notices)
    if as_json:
        words = {"path": str(path), "metro": metro.id, "tracts": len(estimates)}
        words["other_inputs"] = [asdict(one) for one in others]
        typer.echo(json_text(with_notices(words, notices)))
    else:
        typer.echo(f"{path}: {len(estimates):,} tracts of {metro.name}.")
        for one in others:
            typer.echo(one.sentence)
