r"""Embeddings that know near from far, learned without labels, then ridge (satellite, street view).

.. math:: L(a, n, d) = \max(0, \lVert f_a - f_n \rVert_2 - \lVert f_a - f_d \rVert_2 + m)
    + \lambda (\lVert f_a \rVert_2 + \lVert f_n \rVert_2 + \lVert f_d \rVert_2)

with an anchor a, a neighbour n and a distant d (Jean et al. 2019, Tile2Vec,
https://doi.org/10.1609/aaai.v33i01.33013967). Patches are cut from tiles: a neighbour from the
anchor's tile or the nearest tile of its metro, a distant one from another tract. Photos learn the
same way with an encoder of their own: a neighbour is another photo of the tract.

Departures: a small plain network in place of ResNet-18, a margin in units of a small embedding, and
street photos, which the published method does not look at.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData, HeatMethod, Pixels
from aespa_core.baselines.heat.pixels import (
    mirrored,
    need_images,
    network_input,
    same_images,
    turned,
)
from aespa_core.baselines.heat.proxy_ridge import RidgeFit, fit_proxy_ridge
from aespa_core.baselines.heat.triplets import next_tract, photo_triplets, tile_triplets
from aespa_core.baselines.heat.urbanheat_cnn import PlainEncoder

Array = npt.NDArray[np.float64]
Augment = Callable[[torch.Tensor, torch.Generator], torch.Tensor]
# Makes anchors, neighbours and distant images, stacked in this order, (3·n, H, W, 3).
Draw = Callable[[np.random.Generator], Pixels]


@dataclass(frozen=True)
class Tile2VecSettings:
    """Of the triplets and of their learning.

    Attributes
    ----------
    steps, triplets
        Steps of AdamW, triplets a step.
    rate, margin, penalty
        AdamW's rate; m and λ of the loss.
    patch
        Side of a patch as a share of the tile's.
    channels
        Of the network; the last is the width of the embedding.
    """

    steps: int = 250
    triplets: int = 48
    rate: float = 1e-3
    margin: float = 1.0
    penalty: float = 0.01
    patch: float = 0.5
    channels: tuple[int, ...] = (16, 32, 48, 64)


@dataclass(frozen=True)
class Tile2VecEstimate:
    """A ridge on context, proxies and embeddings.

    Attributes
    ----------
    tile_encoder, photo_encoder
        Trained networks; None where there was nothing to learn from.
    patch
        Side of a patch as a share of the tile's.
    ridge
        Reads embeddings where a study's frozen ones stand.
    data, embedded
        The tracts that it learned among, without and with embeddings: an image is looked at once.
    """

    tile_encoder: PlainEncoder | None
    photo_encoder: PlainEncoder | None
    patch: float
    ridge: RidgeFit
    data: HeatData
    embedded: HeatData

    def __call__(self, asked: HeatData) -> Array:
        """Estimate all tracts, °C, shape (B,)."""
        if same_images(asked, self.data):
            seen = replace(asked, satellite=self.embedded.satellite, street=self.embedded.street)
        else:
            seen = embedded(asked, self.tile_encoder, self.photo_encoder, self.patch)
        return self.ridge(seen)


def fit_tile2vec(
    data: HeatData, seed: int, settings: Tile2VecSettings | None = None
) -> Tile2VecEstimate:
    """Learn embeddings on the training tracts' images, then a ridge on their labels.

    Raises
    ------
    ConfigError
        If no training tract has an image.
    """
    need_images(data, "tile2vec", photos=True)
    chosen = settings or Tile2VecSettings()
    rows = np.flatnonzero(learnable(data))
    tiled, seen = rows[data.has_tile[rows]], rows[data.has_photo[rows].sum(axis=1) > 1]
    tile_encoder: PlainEncoder | None = None
    photo_encoder: PlainEncoder | None = None
    if len(tiled) > 2:
        following, size = next_tract(data, tiled), patch_px(data, chosen.patch)

        def tiles(rng: np.random.Generator) -> Pixels:
            return tile_triplets(data, tiled, following, chosen.triplets, size, rng)

        tile_encoder = taught(tiles, turned, chosen, seed)
    if len(seen) > 2:

        def photos(rng: np.random.Generator) -> Pixels:
            return photo_triplets(data, seen, chosen.triplets, rng)

        photo_encoder = taught(photos, mirrored, chosen, seed + 1)
    with_embeddings = embedded(data, tile_encoder, photo_encoder, chosen.patch)
    ridge = fit_proxy_ridge(with_embeddings, seed)
    return Tile2VecEstimate(tile_encoder, photo_encoder, chosen.patch, ridge, data, with_embeddings)


def taught(draw: Draw, augment: Augment, settings: Tile2VecSettings, seed: int) -> PlainEncoder:
    """Train an encoder on triplets."""
    rng, turns = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        encoder = PlainEncoder(settings.channels)
        optimiser = torch.optim.AdamW(encoder.parameters(), settings.rate)
        for _ in range(settings.steps):
            images = augment(network_input(draw(rng)), turns)
            loss = triplet_loss(encoder(images), settings.margin, settings.penalty)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    encoder.eval()
    return encoder


def triplet_loss(found: torch.Tensor, margin: float, penalty: float) -> torch.Tensor:
    """Loss of the module's equation; anchors, neighbours, distant ones in thirds, (3·n, W)."""
    anchor, neighbour, distant = found.chunk(3)
    near = torch.linalg.vector_norm(anchor - neighbour + 1e-6, dim=1)
    far = torch.linalg.vector_norm(anchor - distant + 1e-6, dim=1)
    size = torch.linalg.vector_norm(found + 1e-6, dim=1)
    return torch.relu(near - far + margin).mean() + 3 * penalty * size.mean()


def embedded(
    data: HeatData,
    tile_encoder: PlainEncoder | None,
    photo_encoder: PlainEncoder | None,
    patch: float,
) -> HeatData:
    """Put our embeddings where the frozen ones stand: of a tile's patches, of each photo."""
    side, size = data.tiles.shape[1], patch_px(data, patch)
    starts = np.unique(np.linspace(0, side - size, max(1, round(side / size)) + 1).astype(int))
    patches = np.stack(
        [data.tiles[:, t : t + size, s : s + size] for t in starts for s in starts], axis=1
    )
    there = np.repeat(data.has_tile[:, None], patches.shape[1], axis=1)
    return replace(
        data,
        satellite=encoded(tile_encoder, patches, there),
        street=encoded(photo_encoder, data.photos, data.has_photo),
    )


def patch_px(data: HeatData, patch: float) -> int:
    """Side of a patch, pixels."""
    return max(1, round(data.tiles.shape[1] * patch))


@torch.no_grad()
def encoded(
    encoder: PlainEncoder | None, pixels: Pixels, there: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """Encode images that are there, NaN for the others, (B, K, H, W, 3) → (B, K, W)."""
    if encoder is None:
        return np.full((*there.shape, 1), np.nan, np.float32)
    found = np.full((*there.shape, encoder.width), np.nan, np.float32)
    # a few tracts at a time: their images as floats are many times the pixels
    for some in np.array_split(
        np.arange(len(pixels)), max(1, pixels.shape[1] * len(pixels) // 256)
    ):
        row, place = np.nonzero(there[some])
        if len(row):
            values = encoder(network_input(pixels[some[row], place])).numpy()
            found[some[row], place] = values
    return found


TILE2VEC: Final = HeatMethod("tile2vec", fit_tile2vec)
