"""A network that looks at a tract's tile and photos and corrects what the columns say."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from aespa_core.baselines.heat.contract import HeatData, Pixels
from aespa_core.baselines.heat.pixels import network_input

# Images that go through an encoder at once when nothing is learned.
AT_ONCE = 256


@dataclass(frozen=True)
class TractBatch:
    """Some tracts as tensors.

    Attributes
    ----------
    columns
        Shape (B, F).
    tiles, tile_row
        Tiles that are there, shape (n, 3, S, S), and the row of each, shape (n,).
    photos, photo_row
        Photos that are there, shape (m, 3, H, W), and the row of each, shape (m,).
    """

    columns: torch.Tensor
    tiles: torch.Tensor
    tile_row: torch.Tensor
    photos: torch.Tensor
    photo_row: torch.Tensor


class ImageNetwork(nn.Module):
    """Image features and columns, through one hidden layer, to a correction in units of a scale.

    Parameters
    ----------
    tile_encoder
        From (n, 3, S, S) to (n, W).
    photo_encoder
        The same for photos; None for a method that does not look at them.
    width
        W.
    columns
        F.
    hidden
        Units of the hidden layer.
    dropout
        Share of features and hidden units dropped in training.
    """

    def __init__(
        self,
        tile_encoder: nn.Module,
        photo_encoder: nn.Module | None,
        width: int,
        columns: int,
        hidden: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.tile_encoder, self.photo_encoder, self.width = tile_encoder, photo_encoder, width
        self.features = (1 if photo_encoder is None else 2) * (width + 1)
        self.normal = nn.LayerNorm(width)
        first, last = nn.Linear(self.features + columns, hidden), nn.Linear(hidden, 1)
        # no correction at first; and what images tell counts from the moment that it helps
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        with torch.no_grad():
            first.weight[:, : self.features] = 0.0
        self.head = nn.Sequential(first, nn.GELU(), nn.Dropout(dropout), last)
        self.drop = nn.Dropout(dropout)

    def forward(self, batch: TractBatch) -> torch.Tensor:
        """Correct B tracts, shape (B,)."""
        count = len(batch.columns)
        features = [self.pooled(self.tile_encoder, batch.tiles, batch.tile_row, count)]
        if self.photo_encoder is not None:
            features.append(self.pooled(self.photo_encoder, batch.photos, batch.photo_row, count))
        return self.corrected(torch.cat(features, 1), batch.columns)

    def corrected(self, features: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
        """Read features, (B, parts·(W + 1)), and columns, (B, F), as a correction, (B,)."""
        found: torch.Tensor = self.head(torch.cat([self.drop(features), columns], 1))[:, 0]
        return found

    def pooled(
        self, encoder: nn.Module, images: torch.Tensor, row: torch.Tensor, count: int
    ) -> torch.Tensor:
        """Average the features of a tract's images and say whether there are any, (B, W + 1)."""
        total = torch.zeros(count, self.width)
        number = torch.zeros(count)
        if len(images):
            total = total.index_add(0, row, self.normal(encoder(images)))
            number = number.index_add(0, row, torch.ones(len(row)))
        return torch.cat([total / number.clamp(min=1)[:, None], (number > 0).float()[:, None]], 1)


def image_features(
    network: ImageNetwork, data: HeatData, rows: npt.NDArray[np.int64] | None = None
) -> torch.Tensor:
    """Encode every tile and photo of some tracts, all of them if None, (B, parts·(W + 1))."""
    some = np.arange(len(data.samples)) if rows is None else rows
    network.eval()
    found = []
    # a few tracts at a time: their photos as floats are many times the pixels
    for part in np.array_split(some, max(1, len(some) * (1 + data.photos.shape[1]) // AT_ONCE)):
        tiles = data.tiles[part][:, None], data.has_tile[part][:, None]
        features = [encoded(network, network.tile_encoder, *tiles)]
        if network.photo_encoder is not None:
            photos = data.photos[part], data.has_photo[part]
            features.append(encoded(network, network.photo_encoder, *photos))
        found.append(torch.cat(features, 1))
    return torch.cat(found)


@torch.no_grad()
def encoded(
    network: ImageNetwork, encoder: nn.Module, pixels: Pixels, there: npt.NDArray[np.bool_]
) -> torch.Tensor:
    """Pool the images of each tract that are there, (B, K, H, W, 3) → (B, W + 1)."""
    row, place = np.nonzero(there)
    images = network_input(pixels[row, place])
    return network.pooled(encoder, images, torch.from_numpy(row), len(pixels))
