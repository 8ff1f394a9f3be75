"""``aespa disparity``: who bears the heat, as tables for a paper."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import Json, Overwrite
from aespa_core.commands.progress import counting_bar


def disparity_command(
    study: Annotated[
        list[str] | None,
        typer.Option(
            help="Id or folder of a study with people; give several for several metros. "
            "None: those that the specification names."
        ),
    ] = None,
    spec: Annotated[
        Path | None, typer.Option(help="TOML file of a specification; the usual one if none.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of tables, figures and the report.")] = Path(
        "disparity"
    ),
    formats: Annotated[
        str, typer.Option(help="Of the tables: csv, xlsx, latex, docx, html, json, with commas.")
    ] = "csv,xlsx,latex,docx,html,json",
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Estimate exposure, association, dependence and inequality, observed beside predicted.

    The form of a specification stands in aespa_core/analysis/disparity/specification_file.py. The
    folder also gets the whole specification, so that the analysis can be run again and cited.
    """
    from aespa_core.analysis.disparity.analysis import Analysis
    from aespa_core.analysis.disparity.run import TABLES, figures_of, tables_of
    from aespa_core.analysis.disparity.sample import sample_of, studies_of
    from aespa_core.analysis.disparity.specification import Specification
    from aespa_core.analysis.disparity.specification_file import read_specification
    from aespa_core.commands.native_output import native_output_aside
    from aespa_core.commands.notices import names_meant, notices_of, tell
    from aespa_core.views.disparity_files import (
        REPORT,
        SPECIFICATION,
        analysis_files,
        report_of,
    )
    from aespa_core.views.result_tables.archive import NamedFile
    from aespa_core.views.result_tables.folder import (
        check_formats,
        check_replaceable,
        write_files,
    )
    from aespa_core.views.result_tables.same_study import check_same_study

    chosen = formats.split(",")
    check_formats(chosen)
    check_replaceable(out)
    asked = read_specification(spec) if spec is not None else Specification()
    if study:
        asked = replace(asked, studies=tuple(study))
    if not overwrite:
        check_same_study(out, SPECIFICATION, "studies", asked.studies)
    studies = studies_of(asked)
    with names_meant(*studies), native_output_aside(), counting_bar() as bar:
        line = bar.add_task("tables", total=len(TABLES) + 1)
        analysis = Analysis(sample_of(studies, asked), asked)

        def begun(table: str) -> None:
            bar.update(line, description=f"table {table}", advance=1)

        tables = tables_of(analysis, begun)
        bar.update(line, description="files")
        by_id = {table.id: table for table in tables}
        figures = [
            (part, figures_of(analysis, part, part.sample.outcomes[0], by_id))
            for part in analysis.parts
            if part.sample.outcomes
        ]
        page = NamedFile(REPORT, report_of(analysis, tables, figures))
        files = [*analysis_files(analysis, tables, chosen), page]
        write_files(files, out)
        bar.update(line, advance=1)
    more = [notice for table in tables for notice in table.notices]
    # for machines those of the tables stand in the answer
    tell(notices_of(*studies), () if as_json else more)
    if as_json:
        answer = {
            "out": str(out),
            "files": [file.name for file in files],
            "tables": {table.id: len(table.frame) for table in tables},
            "notices": {table.id: list(table.notices) for table in tables},
        }
        typer.echo(json_text(answer))
        return
    for table in tables:
        typer.echo(f"{table.id}  {table.title}: {len(table.frame):,} rows")
    typer.echo(f"Files: {out}")
