"""Both image encoders side by side, as they learn together with the model."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from aespa_core.datasets.heat.pixels import Pixels, standardised
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.models.heat.street import StreetEncoder

# Images looked at together where nothing is learned.
BATCH = 64


@dataclass(frozen=True)
class TractPixels:
    """Images of B tracts: tiles (B, S, S, 3) and photos (B, K, S, S, 3), uint8, 0 where none is."""

    tiles: Pixels
    photos: Pixels


@dataclass(frozen=True)
class Embedded:
    """Embeddings of B tracts: tiles (B, 1 + G², D) and photos (B, K, D)."""

    satellite: Tensor
    street: Tensor


class Encoders(nn.Module):
    """The satellite and the street encoder.

    Parameters
    ----------
    satellite, street
        The two.
    """

    def __init__(self, satellite: SatelliteEncoder, street: StreetEncoder) -> None:
        super().__init__()
        self.satellite, self.street = satellite, street

    def forward(self, tiles: Tensor, photos: Tensor) -> Embedded:
        """Look at standardised (B, 3, S, S) and (B, K, 3, S, S)."""
        street = self.street(photos.flatten(0, 1)).unflatten(0, photos.shape[:2])
        return Embedded(self.satellite(tiles), street)

    def batches(self, pixels: TractPixels) -> Iterator[Embedded]:
        """Look at all tracts without learning, some at a time."""
        device = next(self.parameters()).device
        for first in range(0, len(pixels.tiles), BATCH):
            rows = slice(first, first + BATCH)
            tiles, photos = prepared(TractPixels(pixels.tiles[rows], pixels.photos[rows]))
            with torch.no_grad():
                yield self(tiles.to(device), photos.to(device))


def encoders_of(settings: ModelSettings, seed: int = 0) -> Encoders:
    """Build both encoders of a model's settings."""
    return Encoders(
        SatelliteEncoder(settings.satellite, settings.grid, seed=seed),
        StreetEncoder(settings.street, seed=seed),
    )


def learns(settings: ModelSettings) -> bool:
    """Whether an encoder that is used learns with the model."""
    return (settings.use_satellite and settings.satellite.adaptation != "frozen") or (
        settings.use_street and settings.street.adaptation != "frozen"
    )


def prepared(pixels: TractPixels) -> tuple[Tensor, Tensor]:
    """Standardise images for the encoders."""
    photos = pixels.photos.reshape(-1, *pixels.photos.shape[2:])
    flat = torch.from_numpy(standardised(photos))
    return (
        torch.from_numpy(standardised(pixels.tiles)),
        flat.unflatten(0, pixels.photos.shape[:2]),
    )
