"""The one reader of TOML: a file of settings within limits, every fault of it a sentence.

Files of settings come from people and from strangers. ``tomllib`` takes any: a pipe that never
ends, lists 50,000 levels deep, numbers that no text can hold, keys of so many parts that it reads
them for hours. Nobody writes settings like these, so each is refused before it costs anything.
"""

import re
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from aespa_core.errors import ConfigError
from aespa_core.file_faults import short_path
from aespa_core.names import shown

MOST_BYTES: Final = 1_000_000
MOST_LEVELS: Final = 32
# what TOML itself promises to keep
SMALLEST, LARGEST = -(2**63), 2**63 - 1
# tomllib's time grows with the square of a key's parts; settings have two or three
LONG_KEY: Final = re.compile(
    r"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"
    f"{{{MOST_LEVELS}}}"
)


def read_toml(path: Path, what: str, remedy: str) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path
        The file: UTF-8, with or without a byte-order mark.
    what
        What it is, with its article: ``a scenario``.
    remedy
        What to do where there is no such file: ``give a scenario's TOML file``.

    Raises
    ------
    ConfigError
        If the file is missing, is no file, is larger than 1 MB, is not UTF-8 or not TOML, is
        nested deeper than 32 levels, or holds a whole number beyond 64 bits.
    """
    text = read_settings_text(path, what, remedy)
    try:
        return parse_toml(text)
    except ConfigError as error:
        raise ConfigError.of(path, error.problem, error.remedy) from error.__cause__


def read_settings_text(path: Path, what: str, remedy: str) -> str:
    """Read a small text file, without ever waiting for it: no pipe, no device, no large file."""
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise ConfigError.of(path, "cannot be read (it is a folder)", remedy)
        if not stat.S_ISREG(kind.st_mode):
            problem = "cannot be read (it is no file but a pipe or a device)"
            raise ConfigError.of(path, problem, remedy)
        with path.open("rb") as file:
            # not the size that the file system tells: a file may grow
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise ConfigError.of(short_path(path), problem, remedy) from error
    except ValueError as error:
        problem = f"cannot be read (it is no path: {error})"
        raise ConfigError.of(shown(str(path)), problem, remedy) from error
    if len(content) > MOST_BYTES:
        raise ConfigError.of(path, "is larger than 1 MB", f"{what} is a small text file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is not text in UTF-8 ({error.reason} at byte {error.start:,})"
        raise ConfigError.of(path, problem, "save it as UTF-8") from error


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML within limits; the sentences lack their subject, which is the file.

    Raises
    ------
    ConfigError
        If it is not TOML, or is nested or numbered as no settings are.
    """
    if "\0" in text:
        remedy = "write it as plain text, with an editor for text"
        raise ConfigError.of("", "holds a NUL character", remedy)
    if LONG_KEY.search(text):
        raise too_deep()
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML ({shown_fault(error)})"
        raise ConfigError.of("", problem, "correct that line") from error
    except RecursionError:
        raise too_deep() from None
    except (ValueError, OverflowError) as error:
        # Python refuses to turn thousands of digits into a number, and dates that no year has
        problem = f"holds a number or a date that no computer keeps ({shown_fault(error)})"
        raise ConfigError.of("", problem, "correct it") from error
    check_values(fields)
    return fields


def too_deep() -> ConfigError:
    """Say that settings are nested as no settings are."""
    problem = f"is nested deeper than {MOST_LEVELS} levels"
    return ConfigError.of("", problem, "settings need three at most")


def shown_fault(error: Exception) -> str:
    """Say a fault of the parser, without the lines of text that it may quote."""
    words = str(error).partition(";")[0]
    return words if len(words) <= 120 else f"{words[:119]}…"


def check_values(fields: dict[str, Any]) -> None:
    """Refuse a whole number beyond 64 bits and depth beyond all settings, by the key's name."""
    waiting: list[tuple[str, int, Any]] = [("", 0, fields)]
    while waiting:
        key, level, value = waiting.pop()
        if level > MOST_LEVELS:
            raise too_deep()
        if isinstance(value, dict):
            waiting += [
                (f"{key}.{name}" if key else name, level + 1, inner)
                for name, inner in value.items()
            ]
        elif isinstance(value, list):
            waiting += [(key, level + 1, inner) for inner in value]
        elif isinstance(value, int) and not SMALLEST <= value <= LARGEST:
            problem = f"says of {shown(key)} a whole number beyond 64 bits"
            raise ConfigError.of("", problem, "write a smaller one")
