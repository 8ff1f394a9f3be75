"""What a command must say of a study before it counts with it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

from aespa_core.errors import StudyError

if TYPE_CHECKING:
    from aespa_core.studies.folder import Study

# what a notice says of a column that has nearly a known name
RENAMED: Final = ": rename it to '"
SHOWN: Final = 4


def notices_of(*studies: "Study") -> tuple[str, ...]:
    """Give the sentences that the readers of opened studies must know."""
    return tuple(f"{study.info.name}: {notice}" for study in studies for notice in study.notices)


@contextmanager
def names_meant(*studies: "Study") -> Iterator[None]:
    """Add to what a study lacks the columns in it that may be what is meant, under other names.

    With an error only the error is said, and no notice: these alone may be its cause.
    """
    try:
        yield
    except StudyError as error:
        meant = [
            f"{notice.file}: {notice.problem}"
            for study in studies
            for notice in study.notices
            if RENAMED in notice.problem
        ]
        if not meant:
            raise
        more = f"; and {len(meant) - SHOWN:,} more" if len(meant) > SHOWN else ""
        words = "; ".join(meant[:SHOWN])
        raise type(error)(f"{error} Perhaps it has another name: {words}{more}.") from error


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
