"""A plain convolutional network on the tile (satellite only).

The published comparison names a satellite baseline "UrbanHeat" and gives no architecture. Ours is
four convolutions of 3 × 3 and stride 2, each with batch normalisation and ReLU; what they find is
averaged over the tile, and read beside context and proxies by one hidden layer.
"""

from typing import Final

import torch
from torch import nn

from aespa_core.baselines.heat.contract import HeatData, HeatMethod
from aespa_core.baselines.heat.image_fit import ImageEstimate, fit_images
from aespa_core.baselines.heat.image_network import ImageNetwork
from aespa_core.baselines.heat.image_training import ImageFitSettings
from aespa_core.baselines.heat.pixels import need_images

CHANNELS: Final = (16, 32, 48, 64)
BAGS: Final = 3


class PlainEncoder(nn.Module):
    """Convolutions; one vector an image, the mean over its places."""

    def __init__(self, channels: tuple[int, ...]) -> None:
        super().__init__()
        self.width = channels[-1]
        layers: list[nn.Module] = []
        for before, after in zip((3, *channels), channels, strict=False):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False)]
            layers += [nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Encode images, (n, 3, H, W) → (n, W)."""
        found: torch.Tensor = self.layers(images).mean(dim=(2, 3))
        return found


def fit_urbanheat_cnn(
    data: HeatData,
    seed: int,
    settings: ImageFitSettings | None = None,
    channels: tuple[int, ...] = CHANNELS,
) -> ImageEstimate:
    """Train the network on what a ridge on the columns leaves.

    Raises
    ------
    ConfigError
        If no training tract has a tile.
    """
    need_images(data, "urbanheat_cnn", photos=False)
    chosen = settings or ImageFitSettings(bags=BAGS)

    def make(columns: int) -> ImageNetwork:
        tile = PlainEncoder(channels)
        return ImageNetwork(tile, None, channels[-1], columns, chosen.hidden, chosen.dropout)

    return fit_images(data, seed, chosen, make)


URBANHEAT_CNN: Final = HeatMethod("urbanheat_cnn", fit_urbanheat_cnn)
