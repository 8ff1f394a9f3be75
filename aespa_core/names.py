"""Names that become names of files: what one may hold, so that none leaves its folder."""

import unicodedata
from typing import Final

from aespa_core.errors import ConfigError

MOST_CHARACTERS: Final = 80
# a file system takes 255; an ending, and what a temporary name puts around it, must fit beside
MOST_BYTES: Final = 220
SIGNS: Final = " ._-&'(),"
SHOWN: Final = 60
LONGEST_PATH: Final = 4_096


def plain_name(text: object, what: str) -> str:
    """Give a name back that is safe as the name of a file, of a run or a metro.

    Parameters
    ----------
    text
        The name.
    what
        What it names, as a reader would call it: ``run``, ``--run`` or ``metro``.

    Raises
    ------
    ConfigError
        If it is no text, is empty or long, starts with a dot, or holds a separator of folders, a
        control character or anything else than letters (of any script), digits, spaces and
        ``. _ - & ' ( ) ,``.
    """
    if not isinstance(text, str):
        raise ConfigError(f"{what} is {shown(text)}: write a name as text, in quotes.")
    if not text.strip():
        raise ConfigError(f"{what} is empty: give a name.")
    if len(text) > MOST_CHARACTERS or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ConfigError(
            f"{what} {shown(text)} is too long: a name has at most {MOST_CHARACTERS} characters."
        )
    wrong = next((letter for letter in text if not in_a_name(letter)), None)
    if wrong is not None or text.startswith("."):
        culprit = "starts with a dot" if wrong is None else f"holds {shown(wrong)}"
        raise ConfigError(
            f"{what} {shown(text)} {culprit}: it is a plain name, of letters, digits, spaces and "
            f"{' '.join(SIGNS.strip())} only, and does not start with a dot."
        )
    return text


def plain_path(text: object, what: str) -> str:
    """Give the path, or the id, of a study back as it stands in a file of settings or a link.

    Raises
    ------
    ConfigError
        If it is no text, is longer than any path, or holds what no path does.
    """
    if not isinstance(text, str):
        raise ConfigError(f"{what} is {shown(text)}: write it as text, in quotes.")
    if len(text) > LONGEST_PATH:
        raise ConfigError(
            f"{what} {shown(text)} is too long: a path has at most {LONGEST_PATH:,} characters."
        )
    if ascii_controls(text) != text:
        raise ConfigError(f"{what} {shown(text)} holds a control character: write it without.")
    return text


def in_a_name(letter: str) -> bool:
    """Whether a character may stand in a name: letters with their marks, digits, a few signs."""
    return letter in SIGNS or unicodedata.category(letter)[0] in "LMN"


def shown(value: object) -> str:
    """Put what someone wrote into a sentence: quoted, on one line, never longer than a line."""
    try:
        # of a text a megabyte long only the beginning is looked at
        # files say true and false in small letters
        words = (
            str(value).lower()
            if isinstance(value, bool)
            else repr(value[: 2 * SHOWN] if isinstance(value, str) else value)
        )
        words = ascii_controls(words)
    except (ValueError, RecursionError):
        # an integer of thousands of digits, a list of thousands of levels
        return f"a {type(value).__name__} too large to show"
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Put a number before its noun: ``1 tract``, ``1,360 tracts``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ascii_controls(text: str) -> str:
    """Escape what would break a line or a terminal: controls, directions, lone surrogates."""
    return "".join(
        letter
        if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
