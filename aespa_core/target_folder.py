"""A folder to write: nothing is replaced there but an empty folder, or what the command wrote."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from aespa_core.errors import FileError
from aespa_core.file_faults import file_error, short_path

STUDY_FILE: Final = "study.toml"


def check_target(
    folder: Path, own: Callable[[Path], bool], what: str, option: str = "--out"
) -> None:
    """Refuse a folder in which something else would be lost, before anything is computed.

    Parameters
    ----------
    folder
        Where to write a folder whole; it need not exist.
    own
        Whether a folder with something in it was left by an earlier run of the same command.
    what
        What the command writes, in words, such as ``a simulated study``.
    option
        How the folder is given.

    Raises
    ------
    FileError
        If a file or a link stands there, it is the root, a home, the folder that one stands in or
        one above, lies inside a study, holds something else, or cannot be written.
    """
    name = short_path(folder)
    place = checked_place(folder, option)
    try:
        if folder.is_symlink():
            raise FileError(f"{name} is a link: give {option} a folder of its own.")
        if place in above_us():
            raise FileError(
                f"{name} is the folder that you stand in, a home or above one: give {option} a "
                "folder of its own."
            )
        if place.is_dir() and any(place.iterdir()) and not own(place):
            found = sorted(path.name for path in place.iterdir())
            more = " and more" if len(found) > 3 else ""
            raise FileError(
                f"{name} holds {', '.join(found[:3])}{more}, and is not {what} that this command "
                f"wrote: choose another folder with {option}."
            )
    except OSError as error:
        raise file_error(error, folder) from error


def check_shared(folder: Path, option: str = "--out") -> None:
    """Refuse a folder that cannot take files beside those that it holds, before hours of work.

    Raises
    ------
    FileError
        If a file stands there, it lies inside a study, or cannot be written.
    """
    checked_place(folder, option)


def checked_place(folder: Path, option: str) -> Path:
    """Give the folder that a path leads to, once links and ``..`` are followed.

    Raises
    ------
    FileError
        As :func:`check_shared` says.
    """
    name = short_path(folder)
    cure = f"give {option} a folder of its own"
    try:
        if folder.parts[:1] == ("~",):
            raise FileError(f"{name} is no path: only a shell knows the home as ~; {cure}.")
        # what `..` goes back over need not exist, and would be made
        place = folder.resolve()
        if place.exists() and not place.is_dir():
            raise FileError(f"{name} is a file: {cure}.")
        if study := next((p for p in place.parents if (p / STUDY_FILE).is_file()), None):
            raise FileError(
                f"{name} lies inside of the study {short_path(study)}, which holds its own files "
                f"alone: {cure}."
            )
        check_writable(place, name)
    except OSError as error:
        raise file_error(error, folder) from error
    except (ValueError, RuntimeError) as error:
        # a NUL, half a character; a loop of links
        raise FileError(f"{name} cannot be the name of a folder ({error}): {cure}.") from error
    return place


def above_us() -> set[Path]:
    """List the folders that everything here lies in: of where one stands, of the home."""
    places = [Path.cwd(), Path.home().resolve()]
    return {above for place in places for above in (place, *place.parents)}


def check_writable(place: Path, name: str) -> None:
    """Refuse a folder whose nearest parent that stands cannot take one more file or folder.

    Raises
    ------
    FileError
        If it is no folder, or may not be written.
    """
    nearest = place
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    if not nearest.is_dir():
        raise FileError(
            f"{name} cannot be made (a file stands at {short_path(nearest)}): choose another path."
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise FileError(
            f"{name} cannot be written ({short_path(nearest)} is read-only): choose a folder that "
            "you may write to."
        )
