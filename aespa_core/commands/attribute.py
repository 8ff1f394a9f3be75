"""``aespa attribute``: why a run's estimates are as they are, and what would change them."""

import json
from pathlib import Path
from typing import Annotated

import typer

from aespa_core.commands.progress import counting_bar


def attribute_command(
    study: Annotated[Path, typer.Argument(help="Folder of a study with the run's estimates.")],
    model: Annotated[
        Path | None,
        typer.Option(
            help="best.safetensors of `aespa train`, or a folder of tract models; "
            "assets/models/tract_model if none."
        ),
    ] = None,
    run: Annotated[
        str | None, typer.Option(help="Name of the estimates; heat_<mode> if none.")
    ] = None,
    saliency: Annotated[
        bool, typer.Option("--saliency", help="Map what each region of the pictures moves, too.")
    ] = False,
    tract: Annotated[
        list[str] | None,
        typer.Option(help="With --saliency: a tract whose pictures are mapped; all if none."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Take a run's estimates apart, into attributions/, responses/ and attention/ of the study.

    Parts with the members' spread, what each kind of input moves, how much each photo counts, and
    each tract's answer to a move of each proxy; with --saliency also what the regions of each
    picture move.
    """
    from aespa_core.attribution.heat_attribution import attribute_heat
    from aespa_core.attribution.study_saliency import saliency_of_study
    from aespa_core.errors import ConfigError

    if model is None:
        raise ConfigError("--model is missing: give the best.safetensors that made the run.")
    if tract and not saliency:
        raise ConfigError("--tract says whose pictures are mapped: give --saliency with it.")
    with counting_bar() as bar:
        line = bar.add_task("images", total=None)
        result = attribute_heat(
            study, model, run, progress=lambda count: bar.update(line, advance=count)
        )
        maps = None
        if saliency:
            line = bar.add_task("tracts' pictures", total=len(tract or ()) or result.tracts)
            maps = saliency_of_study(
                study, model, run, tract or (), progress=lambda n: bar.update(line, advance=n)
            )
    if as_json:
        found = result.words() | ({} if maps is None else {"saliency": maps.words()})
        typer.echo(json.dumps(found, indent=1))
        return
    typer.echo(
        f"{result.path}: the run '{result.run}' taken apart into {', '.join(result.tables)}: "
        f"{result.tracts:,} tracts, {result.members} members; base and contributions meet the "
        f"estimates to {result.largest_gap_c:.1g} °C."
    )
    if maps is not None:
        typer.echo(
            f"{maps.pictures:,} pictures of {maps.tracts:,} tracts mapped into saliency; effects "
            f"meet the change to {maps.largest_gap_c:.1g} °C ({maps.incomplete} beyond the "
            "tolerance); rank correlation with the maps of random weights: "
            f"{maps.check.model:+.2f} (model), {maps.check.encoders:+.2f} (encoders)."
        )
