"""Files and folders appear whole or not at all: write beside the target, then rename."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from aespa_core.errors import FileError
from aespa_core.file_faults import file_error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder and move it over ``path`` if the block succeeds.

    Raises
    ------
    FileError
        If the file cannot be written; nothing of it is left.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # of a long name a part: the temporary one must not be longer than the system takes
        handle, name = tempfile.mkstemp(
            prefix=f".{path.stem[:40]}-", suffix=path.suffix, dir=path.parent
        )
        os.close(handle)
        temporary = Path(name)
        # mkstemp makes files private; a study is read by whoever may read its folder
        temporary.chmod(0o644)
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise refused(error, path, temporary) from error
    finally:
        if temporary is not None:
            # a disk that went read-only meanwhile does not take it back
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def refused(error: OSError, path: Path, temporary: Path | None) -> FileError:
    """Say what could not be written: the target, or another file that the error names."""
    # of a copy that failed the second is the one that was written
    names = [name for name in (error.filename2, error.filename) if isinstance(name, str | Path)]
    name = str(names[0]) if names else ""
    ours = path.is_relative_to(name) or any(
        place is not None and Path(name).is_relative_to(place) for place in (path, temporary)
    )
    return file_error(error, path) if not name or ours else file_error(error, name, "used")


def write_text(path: Path, content: str) -> None:
    """Write a text file atomically."""
    with replacing(path) as temporary:
        temporary.write_text(content, encoding="utf-8")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically.

    What libraries write by themselves fails in as many ways as there are libraries when a disk is
    full; let them write into memory, and give it here.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a Parquet (or, from a GeoDataFrame, GeoParquet) file atomically."""
    with replacing(path) as temporary:
        to_parquet(temporary, table)


def to_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a Parquet file as every table of a study is written."""
    # coefficients: their bytes side by side compress, a dictionary of them does not
    single = [name for name, kind in table.dtypes.items() if kind == "float32"]
    encoding: dict[str, Any] = {"use_byte_stream_split": single} if single else {}
    if single:
        encoding["use_dictionary"] = [name for name in table if name not in single]
    table.to_parquet(path, index=False, compression="zstd", **encoding)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``path`` and move it there if the block succeeds.

    What stood at ``path`` goes only when the new folder is whole; a block that fails changes
    nothing. Whether what stands there may go is the caller's to ask
    (:func:`aespa_core.target_folder.check_target`).

    Raises
    ------
    FileError
        If a file stands there, or the folder or a file in it cannot be written.
    """
    try:
        # what `..` goes back over need not exist, and would be made
        path = path.resolve()
        in_the_way = path.exists() and not path.is_dir()
    except OSError as error:
        raise file_error(error, path, "made") from error
    if in_the_way:
        raise FileError(
            f"{path} cannot be made (a file of that name stands there): choose a folder, or "
            "another name."
        )
    made = missing_parents(path)
    temporary = None
    whole = False
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}-", dir=path.parent))
            temporary.chmod(0o755)
        except OSError as error:
            raise file_error(error, path, "made") from error
        yield from swapped(path, temporary)
        whole = True
    except FileError as error:
        # of a file in the temporary folder: nobody knows that path
        if temporary is not None and isinstance(error.__cause__, OSError):
            raise refused(error.__cause__, path, temporary) from error.__cause__
        raise
    except OSError as error:
        raise refused(error, path, temporary) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        if not whole:
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()


def swapped(path: Path, temporary: Path) -> Iterator[Path]:
    """Give the new folder, then put it where the old one stands; the old one comes back if not."""
    new, old = temporary / "new", temporary / "old"
    try:
        new.mkdir()
        yield new
        if path.exists():
            path.rename(old)
        new.rename(path)
    finally:
        if old.exists() and not path.exists():
            old.rename(path)


def missing_parents(path: Path) -> list[Path]:
    """List the folders above a path that do not stand yet, the lowest first."""
    return [parent for parent in path.parents if not os.path.lexists(parent)]
