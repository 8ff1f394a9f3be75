"""A tract's images as one row of numbers: its tile within its border, its photos pooled."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from PIL import Image

from aespa_core.datasets.proxies.image_features import satellite_features, street_features
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
    folder = study.path / "images"
    found = []
    for geoid, outline in tracts.geometry.items():
        tile, nir = (folder / name / f"{geoid}.png" for name in ("satellite", "satellite_nir"))
        found.append(
            TractImages(
                str(geoid),
                tile if tile.is_file() else None,
                nir if nir.is_file() else None,
                outline,
                tuple(tiles.loc[geoid, ["west", "south", "east", "north"]]),
                tuple(sorted((folder / "street" / str(geoid)).glob("*.jpg"))),
            )
        )
    return found


def image_table(images: list[TractImages]) -> pd.DataFrame:
    """Describe all tracts: one row a tract, columns ``satellite_*`` and ``street_*``.

    A street column is the mean over the tract's photos that tell of it, missing where none does.
    """
    rows = [tract_numbers(tract) for tract in images]
    return pd.DataFrame(rows, index=pd.Index([tract.geoid for tract in images], name="geoid"))


def tract_numbers(tract: TractImages) -> dict[str, float]:
    """Describe one tract's images."""
    numbers = {}
    if tract.tile is not None:
        rgb = np.asarray(Image.open(tract.tile).convert("RGB"))
        nir = None if tract.tile_nir is None else np.asarray(Image.open(tract.tile_nir))
        inside = inside_of(tract.outline, tract.bounds, rgb.shape[0])
        for name, value in satellite_features(rgb, nir, inside).items():
            numbers[f"{SATELLITE}_{name}"] = value
    photos = [street_features(np.asarray(Image.open(path).convert("RGB"))) for path in tract.photos]
    if photos:
        for name, value in pd.DataFrame(photos).mean().items():
            numbers[f"{STREET}_{name}"] = float(value)
    return numbers


def inside_of(
    outline: shapely.Geometry, bounds: tuple[float, float, float, float], side: int
) -> Mask:
    """Mark the pixels of a square tile whose middle lies in the tract, shape (side, side)."""
    west, south, east, north = bounds
    steps = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(west + steps * (east - west), north - steps * (north - south))
    inside: Mask = shapely.contains_xy(outline, x, y)
    return inside
