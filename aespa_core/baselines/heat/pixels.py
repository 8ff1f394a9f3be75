"""Small images as a network takes them: floats around 0, mirrored and turned while it learns."""

import numpy as np
import numpy.typing as npt
import torch

from aespa_core.baselines.heat.contract import HeatData, Pixels
from aespa_core.errors import ConfigError

# Middle and spread of pixel values, 0–1; the networks normalise the rest themselves.
MIDDLE, SPREAD = 0.45, 0.25


def network_input(pixels: Pixels) -> torch.Tensor:
    """Bring channels to the front and values near 0: (N, H, W, 3) → (N, 3, H, W)."""
    values = torch.from_numpy(np.ascontiguousarray(pixels)).permute(0, 3, 1, 2).float()
    return (values / 255 - MIDDLE) / SPREAD


def turned(tiles: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Mirror and turn square tiles at random: from above no direction is special."""
    found = tiles.clone()
    which = torch.randint(8, (len(tiles),), generator=draw)
    for number in range(8):
        rows = which == number
        if rows.any():
            part = torch.rot90(tiles[rows], number % 4, (2, 3))
            found[rows] = part.flip(3) if number >= 4 else part
    return found


def mirrored(photos: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Swap left and right of every other photo at random; the sky stays above."""
    swap = torch.rand(len(photos), generator=draw) < 0.5
    return torch.where(swap[:, None, None, None], photos.flip(3), photos)


def same_images(one: HeatData, other: HeatData) -> bool:
    """Say whether both hold the very same arrays, as after a change of proxies alone."""
    names = ("tiles", "photos", "has_tile", "has_photo")
    return all(getattr(one, name) is getattr(other, name) for name in names)


def need_images(data: HeatData, method: str, *, photos: bool) -> None:
    """Refuse a study in which no training tract has an image that the method looks at.

    Raises
    ------
    ConfigError
        If there is none.
    """
    seen = data.has_tile | (data.has_photo.any(axis=1) & photos)
    if not (seen & data.split.train).any():
        kinds = "satellite tile or street photo" if photos else "satellite tile"
        raise ConfigError(
            f"{method} learns from images, and no training tract of this study has a {kinds}: "
            "choose proxy_ridge or proxy_boosting, or add images to the study's folder images/."
        )


def drawn_photos(
    has_photo: npt.NDArray[np.bool_], count: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Draw up to ``count`` photos of each tract: pairs of row and photo, shape (N, 2)."""
    rank = np.where(has_photo, rng.random(has_photo.shape), np.inf)
    chosen = np.argsort(rank, axis=1)[:, :count]  # (B, ≤ count)
    row = np.repeat(np.arange(len(has_photo)), chosen.shape[1])
    pairs = np.column_stack([row, chosen.ravel()])
    return pairs[has_photo[pairs[:, 0], pairs[:, 1]]]
