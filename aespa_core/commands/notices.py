"""What a command must say of a study before it counts with it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from aespa_core.studies.folder import Study


def notices_of(*studies: "Study") -> tuple[str, ...]:
    """Give the sentences that the readers of opened studies must know."""
    return tuple(f"{study.info.name}: {notice}" for study in studies for notice in study.notices)


def tell(notices: Iterable[str], more: Iterable[str] = ()) -> None:
    """Say sentences on standard error, before the answer; of a failed command its error is said.

    ``more`` is what the answer says: what repeats a sentence is not said twice.
    """
    told = tuple(notices)
    ends = tuple(before.partition(": ")[2] for before in told)
    others = [notice for notice in dict.fromkeys(more) if not notice.endswith(ends)]
    for notice in (*told, *others):
        typer.echo(f"Notice: {notice}", err=True)


def with_notices(words: dict[str, object], notices: tuple[str, ...]) -> dict[str, object]:
    """Add the sentences to what a command answers to machines, where there are any."""
    return words | ({"notices": list(notices)} if notices else {})
