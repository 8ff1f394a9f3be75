"""``aespa whatif``: what measures on some tracts would change."""

from pathlib import Path
from typing import Annotated

import typer

from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import Json, Overwrite


def whatif_command(
    scenario: Annotated[Path, typer.Argument(help="TOML file of a scenario.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for tracts, outcome, scenario and an HTML report; none: no files."
        ),
    ] = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Play a scenario on a study whose run left responses: cooling, people, area, cost, equity.

    A direct effect on surface temperature by day, from the curves of the study's own model. The
    form of the file stands in aespa_core/analysis/scenarios/scenario_file.py.
    """
    from aespa_core.analysis.scenarios.answer import outcome_of
    from aespa_core.analysis.scenarios.baseline import baseline_of
    from aespa_core.analysis.scenarios.scenario_file import read_scenario
    from aespa_core.analysis.scenarios.words import sentences
    from aespa_core.commands.native_output import native_output_aside
    from aespa_core.commands.notices import names_meant, notices_of, tell
    from aespa_core.studies.catalogue import find_study
    from aespa_core.studies.folder import open_study
    from aespa_core.views.result_tables.archive import NamedFile
    from aespa_core.views.result_tables.folder import check_replaceable, write_files
    from aespa_core.views.result_tables.same_study import check_same_study
    from aespa_core.views.scenario_exports import SCENARIO, outcome_files, outcome_words

    if out is not None:
        check_replaceable(out)
    asked = read_scenario(scenario)
    if out is not None and not overwrite:
        check_same_study(out, SCENARIO, "study", [asked.study])
    study = open_study(find_study(asked.study))
    with names_meant(study), native_output_aside():
        outcome = outcome_of(asked, baseline_of(study, asked.metro, asked.run))
    if out is not None:
        files = outcome_files(study, outcome).items()
        write_files([NamedFile(name, text.encode()) for name, text in files], out)
    tell(notices_of(study), () if as_json else outcome.notices)
    if as_json:
        words = outcome_words(outcome)
        typer.echo(json_text(words))
        return
    for sentence in sentences(outcome):
        typer.echo(sentence)
    if out is not None:
        typer.echo(f"Files: {out}")
