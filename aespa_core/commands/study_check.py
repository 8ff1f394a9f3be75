"""``aespa study validate`` and ``aespa study seal``: what is wrong in a study, and its manifest."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import STUDY_HELP, Json, StudyArgument
from aespa_core.commands.progress import counting_bar
from aespa_core.names import counted

if TYPE_CHECKING:
    from aespa_core.studies.faults import Notice
    from aespa_core.studies.validation import Examination


def validate_command(
    path: Annotated[
        str | None, typer.Argument(help=f"{STUDY_HELP} None: every study of the list.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List every fault of a study with its row, value and remedy; the first row is row 0.

    Exit code 0: valid; 1: values in its tables are at fault; 2: there is no study, or a file of it
    cannot be used or is not the one that its manifest lists. With any fault a study is refused
    everywhere. Of one without a fault every picture is looked at, too.
    """
    from aespa_core.studies.catalogue import find_study, study_paths
    from aespa_core.studies.faults import exit_code
    from aespa_core.studies.validation import examine

    paths = study_paths(None if path is None else find_study(path))
    found = {study: with_pictures(study, examine(study)) for study in paths}
    report(found, as_json=as_json)
    raise typer.Exit(exit_code([fault for one in found.values() for fault in one.faults]))


def with_pictures(study: Path, found: "Examination") -> "Examination":
    """Add to what was found in a study without a fault the pictures that cannot be read."""
    return found if found.faults else replace(found, notices=found.notices + unread_in(study))


def unread_in(study: Path) -> tuple["Notice", ...]:
    """Look at every picture of a study, showing how many are done."""
    from aespa_core.studies.unread_pictures import unread_pictures

    with counting_bar() as bar:
        line = bar.add_task("pictures looked at", total=None)
        return tuple(unread_pictures(study, lambda: bar.update(line, advance=1)))


@when_stopped("The manifest is whole: the one before, or the new one.")
def seal_command(
    path: StudyArgument,
    as_json: Json = False,
) -> None:
    """Write a study's manifest anew after you changed its files on purpose.

    The study is examined first: with a fault nothing is written, and the faults and the exit code
    are those of `aespa study validate`. Pictures that cannot be read are told, and keep nothing
    back.
    """
    from aespa_core.studies.catalogue import find_study
    from aespa_core.studies.faults import exit_code
    from aespa_core.studies.seal import seal_study

    folder = find_study(path)
    sealed = seal_study(folder)
    if sealed.found.faults:
        report({folder: sealed.found}, as_json=as_json, end=" Nothing is written.")
        raise typer.Exit(exit_code(sealed.found.faults))
    unread = unread_in(folder)
    if as_json:
        words: dict[str, object] = {"path": str(folder), "files": sealed.files}
        words |= {name: list(getattr(sealed, name)) for name in ("changed", "added", "gone")}
        if unread:
            words["notices"] = [asdict(notice) for notice in unread]
        typer.echo(json_text(words))
    else:
        typer.echo(sealed.sentence(folder))
        for notice in unread:
            typer.echo(f"{folder}: notice: {notice}")


def report(found: Mapping[Path, "Examination"], *, as_json: bool, end: str = "") -> None:
    """Print what was found in studies; ``end`` follows the last line where there are faults."""
    from aespa_core.studies.changed_files import place_of

    faults = sum(len(one.faults) for one in found.values())
    if as_json:
        studies = [
            {
                "path": str(study),
                "valid": not listed.faults,
                "faults": [asdict(fault) for fault in listed.faults],
                "notices": [asdict(notice) for notice in listed.notices],
            }
            for study, listed in found.items()
        ]
        typer.echo(json_text({"faults": faults, "studies": studies}))
    else:
        for path, listed in found.items():
            # of the folder that one stands in the name says more than its dot
            study = path if path.name else place_of(path)
            for fault in listed.faults:
                typer.echo(f"{study}: {fault}")
            for notice in listed.notices:
                typer.echo(f"{study}: notice: {notice}")
            typer.echo(f"{study}: {verdict(listed)}")
    if faults:
        broken = sum(bool(listed.faults) for listed in found.values())
        of_all = counted(len(found), "study", "studies")
        line = f"{broken} of {of_all} at fault: {counted(faults, 'fault')}.{end}"
        typer.echo(line, err=True)


def verdict(found: "Examination") -> str:
    """Say in a few words whether a study is valid."""
    if found.faults:
        return counted(len(found.faults), "fault")
    return "valid" + (f", {counted(len(found.notices), 'notice')}" if found.notices else "")
