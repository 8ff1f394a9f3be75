"""A tract's images as one row of numbers: its tile within its border, its photos pooled."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from aespa_core.datasets.proxies.image_features import satellite_features, street_features
from aespa_core.errors import StudyError
from aespa_core.images.picture import Pixels, read_grey, read_picture
from aespa_core.images.picture_files import photos_of, tiles_in
from aespa_core.studies.folder import Study

Mask = npt.NDArray[np.bool_]

SATELLITE: Final = "satellite"
STREET: Final = "street"


@dataclass(frozen=True)
class TractImages:
    """Where the images of one tract lie.

    Attributes
    ----------
    geoid
        The tract.
    tile, tile_nir
        Its satellite tile and near infrared; None where there is none.
    outline
        The tract, in degrees.
    bounds
        West, south, east, north of the tile, degrees.
    photos
        Its street photos.
    """

    geoid: str
    tile: Path | None
    tile_nir: Path | None
    outline: shapely.Geometry
    bounds: tuple[float, float, float, float]
    photos: tuple[Path, ...]


def images_of(study: Study, metro: str) -> list[TractImages]:
    """List the images of a metro's tracts, in the order of the table of tracts."""
    tracts = study.read("tracts")
    tracts = tracts[tracts["metro"] == metro].set_index("geoid")
    tiles = study.read("tiles").set_index("geoid")
    edges = tiles.reindex(tracts.index)[["west", "south", "east", "north"]]
    folder = study.path / "images"
    seen, infrared = tiles_in(folder / "satellite"), tiles_in(folder / "satellite_nir")
    return [
        TractImages(
            str(geoid),
            seen.get(str(geoid)),
            infrared.get(str(geoid)),
            outline,
            tuple(edges.loc[geoid]),
            photos_of(folder / "street" / str(geoid)),
        )
        for geoid, outline in tracts.geometry.items()
    ]


def image_table(images: list[TractImages]) -> pd.DataFrame:
    """Describe all tracts: one row a tract, columns ``satellite_*`` and ``street_*``.

    A street column is the mean over the tract's photos that tell of it, missing where none does.
    """
    rows = [tract_numbers(tract) for tract in images]
    return pd.DataFrame(rows, index=pd.Index([tract.geoid for tract in images], name="geoid"))


def tract_numbers(tract: TractImages) -> dict[str, float]:
    """Describe one tract's images.

    Raises
    ------
    StudyError
        If one of them cannot be read, or the tile does not show the tract.
    """
    numbers = {}
    if tract.tile is not None:
        rgb = read_picture(tract.tile)
        nir = None if tract.tile_nir is None else infrared_of(tract.tile_nir, rgb)
        inside = inside_of(tract.outline, tract.bounds, rgb.shape[:2])
        if not inside.any():
            raise StudyError(
                f"{tract.tile} shows no pixel of its tract: correct the tract's bounds in "
                "tiles.parquet, or put the right tile there."
            )
        for name, value in satellite_features(rgb, nir, inside).items():
            numbers[f"{SATELLITE}_{name}"] = value
    photos = [street_features(read_picture(path)) for path in tract.photos]
    if photos:
        for name, value in pd.DataFrame(photos).mean().items():
            numbers[f"{STREET}_{name}"] = float(value)
    return numbers


def infrared_of(path: Path, rgb: Pixels) -> Pixels:
    """Read the near infrared of a tile, shape (H, W).

    Raises
    ------
    StudyError
        If its size is not the tile's.
    """
    nir = read_grey(path)
    if nir.shape != rgb.shape[:2]:
        sizes = " and ".join(f"{shape[1]} × {shape[0]}" for shape in (nir.shape, rgb.shape))
        raise StudyError(
            f"{path} is not of its tile's size ({sizes} pixels): save both with one size."
        )
    return nir


def inside_of(
    outline: shapely.Geometry,
    bounds: tuple[float, float, float, float],
    size: tuple[int, int],
) -> Mask:
    """Mark the pixels of a tile of H rows and W columns whose middle lies in the tract, (H, W)."""
    west, south, east, north = bounds
    down, across = ((np.arange(side) + 0.5) / side for side in size)
    x, y = np.meshgrid(west + across * (east - west), north - down * (north - south))
    inside: Mask = shapely.contains_xy(outline, x, y)
    return inside
