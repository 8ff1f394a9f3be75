r"""What a patch shows, in words of colour: how much of it each of K common colours covers.

.. math:: h_{pk} = \frac{1}{|p|} \sum_{x \in p} [\,k = \arg\min_j \lVert c(x) - m_j \rVert\,]

Words :math:`m_j` are the means of a k-means over the training images' pixels, so no label enters.
A bag of visual words as a target of self-supervision is of Gidaris et al. 2020 (CVPR,
arXiv:2002.12247); here words are colours of pixels, because the areas of roofs, crowns, asphalt and
water are what a place's heat is made of, and shares of colours add up to areas over a tile.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from sklearn.cluster import KMeans
from torch import Tensor

from aespa_core.errors import ConfigError

PIXELS: Final = 20_000
# Colours are looked up in steps of 8 of 256: 32³ table entries instead of distances for each pixel.
STEP: Final = 8
LEVELS: Final = 256 // STEP


@dataclass(frozen=True)
class ColorWords:
    """K words.

    Attributes
    ----------
    colors
        Red, green and blue of each, 0 to 255, shape (K, 3).
    word
        Word of each coarse colour, red slowest, shape (32³,).
    """

    colors: Tensor
    word: Tensor

    @property
    def count(self) -> int:
        """K, number of words."""
        return len(self.colors)


def learn_words(images: Tensor, count: int, seed: int) -> ColorWords:
    """Find the ``count`` common colours of images, uint8, shape (N, S, S, 3).

    Raises
    ------
    ConfigError
        If the images show fewer colours than that.
    """
    pixels = images.reshape(-1, 3).numpy()
    drawn = np.random.default_rng(seed).choice(len(pixels), min(PIXELS, len(pixels)), replace=False)
    sample = pixels[drawn].astype(np.float64)
    shown = len(np.unique(sample, axis=0))
    if shown < count:
        raise ConfigError(
            f"{len(images)} images show {shown} colours, too few for words = {count}: give images "
            "that are not blank, or fewer words."
        )
    means = KMeans(count, n_init=1, random_state=seed).fit(sample).cluster_centers_
    colors = torch.from_numpy(means).float()
    return ColorWords(colors, torch.cdist(coarse_colors(), colors).argmin(1))


def coarse_colors() -> Tensor:
    """Middle of each coarse colour, 0 to 255, shape (32³, 3)."""
    levels = torch.arange(LEVELS) * STEP + (STEP - 1) / 2
    return torch.cartesian_prod(levels, levels, levels)


def word_shares(images: Tensor, words: ColorWords, patch_px: int) -> Tensor:
    """Share of each patch that each word covers, (N, S, S, 3) uint8 to (N, P, K); sums to 1."""
    coarse = (images // STEP).long()
    index = (coarse[..., 0] * LEVELS + coarse[..., 1]) * LEVELS + coarse[..., 2]
    word = words.word[index]  # (N, S, S)
    n, side = len(images), images.shape[1] // patch_px
    row = torch.arange(images.shape[1]) // patch_px
    patch = row[:, None] * side + row  # (S, S)
    bin_ = (torch.arange(n)[:, None, None] * side**2 + patch) * words.count + word
    counted = torch.bincount(bin_.flatten(), minlength=n * side**2 * words.count)
    return counted.view(n, side**2, words.count) / patch_px**2
