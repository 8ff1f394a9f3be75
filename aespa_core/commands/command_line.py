"""What all commands have in common: each option once, plain paths, and words for being stopped."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperOption

from aespa_core.commands.stopping import NOTHING_WRITTEN, is_stop
from aespa_core.errors import ConfigError
from aespa_core.names import shown

Function = TypeVar("Function", bound=Callable[..., Any])


class Stopped(BaseException):
    """A command that its user, or the system, told to stop; says what is kept."""


def when_stopped(words: str) -> Callable[[Function], Function]:
    """Say of a command what is kept when it is stopped, and how to go on."""

    def noted(function: Function) -> Function:
        function.when_stopped = words  # type: ignore[attr-defined]
        return function

    return noted


class Commands(typer.Typer):
    """A group of commands, each of which is a :class:`Command`."""

    def command(self, *words: Any, **settings: Any) -> Callable[[Function], Function]:  # noqa: ANN401 (typer's own)
        """Add a command."""
        return super().command(*words, cls=Command, **settings)


class Command(TyperCommand):
    """A command that takes nothing in silence: no option twice, no path that no system has."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (typer's own)
        """Refuse an option that is given twice: the last would win, and nobody would know."""
        # as the parser reads them, with abbreviations and `--name=value`
        *_, order = self.make_parser(ctx).parse_args(args=list(args))
        single = [
            option
            for option in order
            if isinstance(option, TyperOption) and not option.multiple and not option.is_flag
        ]
        for option, times in Counter(single).items():
            if times > 1:
                raise ConfigError(
                    f"{named(option)} is given {times} times and takes one value: give it once."
                )
        rest = super().parse_args(ctx, args)
        for parameter in self.params:
            for text in texts_in(ctx.params.get(parameter.name or "")):
                check_text(text, named(parameter))
        return rest

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 (typer's own)
        """Run the command; of one that is stopped, say what is kept."""
        try:
            return super().invoke(ctx)
        except BaseException as error:
            if not is_stop(error):
                raise
            raise Stopped(getattr(self.callback, "when_stopped", NOTHING_WRITTEN)) from None


def texts_in(value: object) -> Iterable[str]:
    """Give the texts of a parameter's value: itself, a path's, those of a list."""
    if isinstance(value, str | Path):
        yield str(value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def named(parameter: Any) -> str:  # noqa: ANN401 (an option or argument, of typer's own kind)
    """Call a parameter as its user does: an option by its dashes, an argument in capitals."""
    options = [name for name in parameter.opts if name.startswith("-")]
    return max(options, key=len) if options else str(parameter.name).upper()


def check_text(text: str, name: str) -> None:
    """Refuse what no path and no name may hold: controls, and bytes that are no text."""
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise ConfigError(f"{name} {shown(text)} holds a control character: give it without.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ConfigError(
            f"{name} {shown(text)} is not text in UTF-8: rename the file first."
        ) from None
