"""The folder of downloaded source files that ``AESPA_DATA_MIRROR`` names."""

import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow
import pyogrio
from shapely.errors import ShapelyError

from aespa_core.errors import MirrorError
from aespa_core.studies.geoids import mended

VARIABLE: Final = "AESPA_DATA_MIRROR"
# What the readers raise on a garbled file: gzip, CSV and Parquet, GeoJSON and its geometry.
GARBLED: Final = (
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    pyarrow.ArrowException,
    pyogrio.errors.DataSourceError,
    ShapelyError,
)


@dataclass(frozen=True)
class Mirror:
    """A folder of source files, read by their path inside it."""

    folder: Path

    def path(self, name: str) -> Path:
        """Path of one file.

        Raises
        ------
        MirrorError
            If the mirror does not hold it.
        """
        path = self.folder / name
        if not path.is_file():
            raise MirrorError(
                f"{path} is missing: complete the data mirror, or correct {VARIABLE}."
            )
        return path

    def csv(self, name: str, columns: Mapping[str, str], ids: Sequence[str] = ()) -> pd.DataFrame:
        """Read columns of a CSV file; ``ids`` among them are read as text and mended."""
        path = self.path(name)
        types = {**columns, **dict.fromkeys(ids, "str")}
        try:
            table = pd.read_csv(path, usecols=list(types), dtype=types)
        except GARBLED as error:
            raise garbled(path, error) from error
        return with_ids(path, table[list(types)], ids)

    def parquet(self, name: str, columns: Sequence[str], ids: Sequence[str] = ()) -> pd.DataFrame:
        """Read columns of a Parquet file."""
        path = self.path(name)
        try:
            table = pd.read_parquet(path, columns=[*ids, *columns])
        except GARBLED as error:
            raise garbled(path, error) from error
        return with_ids(path, table, ids)

    def geojson(self, name: str) -> gpd.GeoDataFrame:
        """Read a GeoJSON file, gzipped or not."""
        path = self.path(name)
        try:
            if path.suffix != ".gz":
                return gpd.read_file(path)
            # through memory: GDAL's own reader of gzip fails without a word on a cut file
            with GzipFile(path) as file:
                return gpd.read_file(file.read())
        except GARBLED as error:
            raise garbled(path, error) from error


def open_mirror() -> Mirror:
    """Find the data mirror.

    Raises
    ------
    MirrorError
        If ``AESPA_DATA_MIRROR`` is unset or does not name a folder.
    """
    value = os.environ.get(VARIABLE)
    if not value:
        raise MirrorError(
            f"{VARIABLE} is not set: set it to the folder that holds the downloaded source files."
        )
    folder = Path(value)
    if folder.is_file():
        raise MirrorError(f"{VARIABLE} is set to the file {folder}: set it to a folder.")
    if not folder.is_dir():
        raise MirrorError(f"{VARIABLE} is set to {folder}, which does not exist: correct it.")
    return Mirror(folder)


def garbled(path: Path, error: Exception) -> MirrorError:
    """Say that a source file cannot be read."""
    reason = str(error).partition("\n")[0] or type(error).__name__
    return MirrorError(f"{path} cannot be read ({reason}): download it again.")


def with_ids(path: Path, table: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Mend the ids of tracts; an id that cannot be mended garbles the file."""
    right = {name: mended(table[name]) for name in ids}
    for name, column in right.items():
        if column.isna().any():
            row = int(column.isna().to_numpy().argmax())
            raise MirrorError(
                f"{path} has no tract id in row {row} of {name} ('{table[name].iloc[row]}'): "
                "download it again."
            )
    return table.assign(**right)
