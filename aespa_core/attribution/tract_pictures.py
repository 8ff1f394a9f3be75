"""A tract's pictures as the model sees them, and the mean picture of their metro."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.attribution.image_saliency import DayOf, with_photo, with_tile
from aespa_core.datasets.heat.pixels import read_pixels, standardised
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.studies.saliency_table import PHOTO_CELLS, TILE, TILE_CELLS

Floats = npt.NDArray[np.float32]

# Of a metro's tiles, and of its photos: enough for a mean that one more would not move.
MOST: Final = 256


@dataclass(frozen=True)
class Looker:
    """What looks at pictures: members of a model and the encoders in front of them."""

    models: tuple[HeatModel, ...]
    encoders: Encoders


@dataclass(frozen=True)
class TractPicture:
    """One picture of one tract.

    Attributes
    ----------
    name
        ``tile``, or a photo's name.
    cells
        Rows and columns that its effects are summed to.
    picture, mean
        Standardised, and the metro's mean of its kind, (3, S, S).
    photo
        Its place among the tract's photos; None for the tile.
    """

    name: str
    cells: tuple[int, int]
    picture: Floats
    mean: Floats
    photo: int | None

    def day(self, looker: Looker, tract: HeatInputs) -> DayOf:
        """Ask a model of the tract, B = 1, under other pictures in the place of this one."""
        if self.photo is None:
            return with_tile(looker.models, looker.encoders, tract)
        return with_photo(looker.models, looker.encoders, tract, self.photo)


@dataclass(frozen=True)
class MeanPictures:
    """A metro's mean tile and mean photo, standardised, (3, S, S); None where it has none."""

    tile: Floats | None
    photo: Floats | None


def mean_pictures(samples: HeatSamples, looker: Looker) -> dict[str, MeanPictures]:
    """Average each metro's tiles and photos, pixel by pixel."""
    settings, encoders = looker.models[0].settings, looker.encoders
    found = {}
    for metro in np.unique(samples.metro):
        own = samples.rows(samples.metro == metro)
        tiles = [tile for tile in own.tiles if tile is not None]
        photos = [photo for photos in own.photos for photo in photos[: settings.photos]]
        found[str(metro)] = MeanPictures(
            mean_picture(tiles if settings.use_satellite else [], encoders.satellite.image_px),
            mean_picture(photos if settings.use_street else [], encoders.street.image_px),
        )
    return found


def mean_picture(paths: Sequence[Path], px: int) -> Floats | None:
    """Average pictures, at most :data:`MOST` evenly spread over the list."""
    if not paths:
        return None
    chosen = np.unique(np.linspace(0, len(paths) - 1, MOST).astype(int))
    total = np.zeros((3, px, px))
    for number in chosen:
        total += standardised(read_pixels(paths[number], px)[None])[0]
    return (total / len(chosen)).astype(np.float32)


def tract_pictures(
    samples: HeatSamples, row: int, mean: MeanPictures, looker: Looker
) -> Iterator[TractPicture]:
    """Read the pictures of one tract that the model looks at."""
    settings, encoders = looker.models[0].settings, looker.encoders
    tile = samples.tiles[row]
    if mean.tile is not None and tile is not None:
        seen = standardised(read_pixels(tile, encoders.satellite.image_px)[None])[0]
        yield TractPicture(TILE, TILE_CELLS, seen, mean.tile, None)
    if mean.photo is None:
        return
    for number, path in enumerate(samples.photos[row][: settings.photos]):
        seen = standardised(read_pixels(path, encoders.street.image_px)[None])[0]
        yield TractPicture(path.stem, PHOTO_CELLS, seen, mean.photo, number)
