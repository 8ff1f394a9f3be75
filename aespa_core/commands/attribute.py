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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Take a run's estimates apart, into attributions/, responses/ and attention/ of the study.

    Parts with the members' spread, what each kind of input moves, how much each photo counts, and
    each tract's answer to a move of each proxy.
    """
    from aespa_core.attribution.heat_attribution import attribute_heat
    from aespa_core.errors import ConfigError

    if model is None:
        raise ConfigError("--model is missing: give the best.safetensors that made the run.")
    with counting_bar() as bar:
        line = bar.add_task("images", total=None)
        result = attribute_heat(
            study, model, run, progress=lambda count: bar.update(line, advance=count)
        )
    if as_json:
        typer.echo(json.dumps(result.words(), indent=1))
        return
    typer.echo(
        f"{result.path}: the run '{result.run}' taken apart into {', '.join(result.tables)}: "
        f"{result.tracts:,} tracts, {result.members} members; base and contributions meet the "
        f"estimates to {result.largest_gap_c:.1g} °C."
    )
