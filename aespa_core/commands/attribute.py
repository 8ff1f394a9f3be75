"""``aespa attribute``: why a run's estimates are as they are, and what would change them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.notices import names_meant, notices_of, tell, with_notices
from aespa_core.commands.options import Json, StudyArgument
from aespa_core.commands.predict import RUN, Model, refuse_run_folder
from aespa_core.commands.progress import counting_bar

if TYPE_CHECKING:
    from aespa_core.attribution.attributed_run import Attribution
    from aespa_core.attribution.study_saliency import StudySaliency
    from aespa_core.studies.folder import Study


@when_stopped("Tables that were finished are whole; the same command makes all of them again.")
def attribute_command(
    study: StudyArgument,
    model: Model = None,
    run: Annotated[
        str | None,
        typer.Option(help="Name of the estimates; heat_<mode> or tract_model if none."),
    ] = None,
    saliency: Annotated[
        bool, typer.Option("--saliency", help="Map what each region of the pictures moves, too.")
    ] = False,
    tract: Annotated[
        list[str] | None,
        typer.Option(help="With --saliency: a tract whose pictures are mapped; all if none."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take a run's estimates apart, into attributions/, responses/ and attention/ of the study.

    Parts with the members' spread, what each kind of input moves, how much each photo counts, and
    each tract's answer to a move of each proxy; where temperature is measured also whether it goes
    against a proxy's expected sign; with --saliency also what the regions of each picture move. The
    tract model, which looks at no image, explains real studies and the atlas.
    """
    from aespa_core.errors import ConfigError
    from aespa_core.names import plain_name
    from aespa_core.studies.catalogue import find_study
    from aespa_core.studies.folder import open_study

    if run is not None:
        plain_name(run, "--run")
    if tract and not saliency:
        raise ConfigError("--tract says whose pictures are mapped: give --saliency with it.")
    refuse_run_folder(model)
    folder = find_study(study)
    opened = open_study(folder)
    notices = notices_of(opened)
    maps = None
    if model is not None and (model.is_file() or model.suffix == ".safetensors"):
        with names_meant(opened):
            if saliency:
                check_maps(opened, model, tract or [])
            result = attribute_with_heat_model(folder, model, run)
            maps = map_pictures(folder, model, result, tract or []) if saliency else None
    elif saliency:
        raise ConfigError(
            "--saliency maps pictures, and the tract model looks at none: give the "
            "best.safetensors of a multimodal run with --model."
        )
    elif run not in (None, RUN):
        raise ConfigError(
            f"--model is missing: give the best.safetensors that made the run '{run}'; without it "
            f"the tract model's run, {RUN}, is taken apart."
        )
    else:
        result = attribute_with_tract_model(folder, model)
    tell(notices)
    if as_json:
        found = result.words() | ({} if maps is None else {"saliency": maps.words()})
        typer.echo(json_text(with_notices(found, notices)))
        return
    typer.echo(
        f"{result.path}: the run '{result.run}' taken apart into {', '.join(result.tables)}: "
        f"{result.tracts:,} tracts, {result.members} members; base and contributions meet the "
        f"estimates to {result.largest_gap_c:.1g} °C."
    )
    if result.contradictions is not None:
        typer.echo(
            f"Measured temperature goes against a proxy's expected sign in {result.contradictions} "
            "of the trends that residuals follow (table trends)."
        )
    if maps is not None:
        typer.echo(
            f"{maps.pictures:,} pictures of {maps.tracts:,} tracts mapped into saliency; effects "
            f"meet the change to {maps.largest_gap_c:.1g} °C ({maps.incomplete} beyond the "
            "tolerance); rank correlation with the maps of random weights: "
            f"{maps.check.model:+.2f} (model), {maps.check.encoders:+.2f} (encoders)."
        )


def attribute_with_heat_model(study: Path, model: Path, run: str | None) -> "Attribution":
    """Explain a run of the multimodal model."""
    from aespa_core.attribution.heat_attribution import attribute_heat

    with counting_bar() as bar:
        line = bar.add_task("images", total=None)
        return attribute_heat(
            study, model, run, progress=lambda count: bar.update(line, advance=count)
        )


def check_maps(study: "Study", model: Path, tracts: list[str]) -> None:
    """Refuse maps that could not be made, before hours of work."""
    from aespa_core.attribution.study_saliency import check_asked

    check_asked(study, model, tracts)


def map_pictures(
    study: Path, model: Path, result: "Attribution", tracts: list[str]
) -> "StudySaliency":
    """Map what the regions of the pictures of these tracts move, of all tracts if none is named."""
    from aespa_core.attribution.study_saliency import saliency_of_study

    with counting_bar() as bar:
        line = bar.add_task("tracts' pictures", total=len(tracts) or result.tracts)
        return saliency_of_study(
            study, model, result.run, tracts, progress=lambda n: bar.update(line, advance=n)
        )


def attribute_with_tract_model(study: Path, model: Path | None) -> "Attribution":
    """Explain what the stored models estimated: a run of a study, or the atlas itself."""
    import torch

    from aespa_core.attribution.atlas_explanations import attribute_atlas
    from aespa_core.attribution.tract_attribution import attribute_tracts
    from aespa_core.datasets.national_tracts import NationalTracts, read_national_tracts
    from aespa_core.sources.mirror import open_mirror
    from aespa_core.studies.catalogue import ROOT
    from aespa_core.studies.folder import open_study

    opened = open_study(study)
    weights = model or ROOT / "assets" / "models" / "tract_model"
    # as the estimates were made: sums in another order differ in the last digit
    torch.set_num_threads(1)

    def national() -> NationalTracts:
        return read_national_tracts(open_mirror())

    if opened.info.kind != "estimated":
        return attribute_tracts(opened, RUN, weights, national)
    with counting_bar() as bar:
        line = bar.add_task("metros", total=None)
        return attribute_atlas(opened, weights, national, lambda: bar.update(line, advance=1))
