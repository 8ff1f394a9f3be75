"""Images as an encoder sees them, and views that keep what they show: mirrored, turned.

Colour carries albedo and vegetation, so no view changes it. A view takes N images, uint8, shape
(N, S, S, 3), and a generator, and gives images of the same shape; each image draws for itself.
"""

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

from aespa_core.datasets.heat.pixels import DEVIATION, MEAN

View = Callable[[Tensor, torch.Generator], Tensor]

TURNS: Final = 4


def standardised(images: Tensor) -> Tensor:
    """Standardise channels, (N, S, S, 3) uint8 to (N, 3, S, S) float32."""
    scale = 255 * torch.tensor(DEVIATION)
    shift = torch.tensor(MEAN) / torch.tensor(DEVIATION)
    return (images / scale - shift).permute(0, 3, 1, 2).contiguous()


def mirrored(images: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror about half of the images left to right: a street seen from its other end."""
    chosen = torch.rand(len(images), 1, 1, 1, generator=generator) < 0.5
    return torch.where(chosen, images.flip(2), images)


def turned(images: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror about half and turn all by 0 to 3 quarters: seen from above nothing stands upright."""
    images = mirrored(images, generator)
    turns = torch.randint(TURNS, (len(images), 1, 1, 1), generator=generator)
    for number in range(1, TURNS):
        images = torch.where(turns == number, images.rot90(number, (1, 2)), images)
    return images
