"""Files appear whole or not at all: write beside the target, flush to disk, then rename."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd


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
    with replacing(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd")
