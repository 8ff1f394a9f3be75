"""Files and folders appear whole or not at all: write beside the target, then rename."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from aespa_core.errors import StudyError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder and move it over ``path`` if the block succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    # mkstemp makes files private; a study is read by whoever may read its folder
    temporary.chmod(0o644)
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, content: str) -> None:
    """Write a text file atomically."""
    with replacing(path) as temporary:
        temporary.write_text(content, encoding="utf-8")


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a Parquet (or, from a GeoDataFrame, GeoParquet) file atomically."""
    # coefficients: their bytes side by side compress, a dictionary of them does not
    single = [name for name, kind in table.dtypes.items() if kind == "float32"]
    encoding: dict[str, Any] = {"use_byte_stream_split": single} if single else {}
    if single:
        encoding["use_dictionary"] = [name for name in table if name not in single]
    with replacing(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd", **encoding)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``path`` and move it there if the block succeeds.

    What stood at ``path`` goes only when the new folder is whole; a block that fails changes
    nothing.

    Raises
    ------
    StudyError
        If no folder can be made there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    except OSError as error:
        raise StudyError(
            f"{path} cannot be made ({error.strerror}): choose a folder that you may write to."
        ) from error
    temporary.chmod(0o755)
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
        shutil.rmtree(temporary, ignore_errors=True)


def vacant(folder: Path) -> bool:
    """Whether nothing would be written over: there is nothing, or an empty folder."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
