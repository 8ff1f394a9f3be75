"""What a command must say of a study before it counts with it."""

from pathlib import Path

import typer


def notices_of(path: Path) -> tuple[str, ...]:
    """Say on standard error what was filled or left out in a study; gives the sentences."""
    from aespa_core.studies.folder import open_study
    from aespa_core.studies.weeks import week_gaps

    study = open_study(path)
    if not {"tracts", "mobility"} <= {*study.tables}:
        return ()
    tracts = study.read("tracts")
    metro_of = dict(zip(tracts["geoid"], tracts["metro"], strict=True))
    sentences = week_gaps(study.read("mobility"), metro_of).sentences()
    for sentence in sentences:
        typer.echo(sentence, err=True)
    return sentences


def with_notices(words: dict[str, object], notices: tuple[str, ...]) -> dict[str, object]:
    """Add the sentences to what a command answers to machines, where there are any."""
    return words | ({"notices": list(notices)} if notices else {})
