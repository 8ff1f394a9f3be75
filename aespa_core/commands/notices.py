"""What a command must say of a study before it counts with it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from aespa_core.studies.folder import Study


def notices_of(path: Path) -> tuple[str, ...]:
    """Open a study and say on standard error what its readers must know; gives the sentences."""
    from aespa_core.studies.folder import open_study

    return tell_notices(open_study(path))


def tell_notices(*studies: "Study") -> tuple[str, ...]:
    """Say on standard error what the readers of opened studies must know; gives the sentences.

    Said at once: a command that fails later fails for it, as often as not.
    """
    sentences = tuple(
        f"{study.info.name}: {notice}" for study in studies for notice in study.notices
    )
    for sentence in sentences:
        typer.echo(f"Notice: {sentence}", err=True)
    return sentences


def tell_more(notices: Iterable[str], told: Sequence[str]) -> None:
    """Say on standard error what was not told before."""
    for notice in dict.fromkeys(notices):
        if not any(notice.endswith(before.partition(": ")[2]) for before in told):
            typer.echo(f"Notice: {notice}", err=True)


def with_notices(words: dict[str, object], notices: tuple[str, ...]) -> dict[str, object]:
    """Add the sentences to what a command answers to machines, where there are any."""
    return words | ({"notices": list(notices)} if notices else {})
