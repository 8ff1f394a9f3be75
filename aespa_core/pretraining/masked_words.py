r"""Tell what all patches show from some of them: masked prediction of visual words.

.. math::
    L = \overline{(\hat h^{\mathrm{hidden}}_{pk} - \tilde h_{pk})^2}
      + \overline{(\hat h^{\mathrm{seen}}_{pk} - \tilde h_{pk})^2}
      + \overline{(\hat h_k - \tilde h_k)^2},
    \qquad \tilde h = (h - \mu_k) / (\sigma_k + \epsilon)

over hidden patches, seen patches and whole images; h are the shares of words
(:mod:`aespa_core.pretraining.color_words`). Regressing features of hidden patches by squares is
MaskFeat (Wei et al. 2022, CVPR, arXiv:2112.09133); the encoder that sees the rest only and the
small decoder are of He et al. 2022 (arXiv:2111.06377). Squares on linear heads, not a softmax: a
mean of tokens then tells areas to a linear reader, and the summary token, which no hidden patch
needs, is made to tell the whole image.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

# A word that hardly varies must not weigh as much as its noise divided by nearly nothing.
PATCH_FLOOR: Final = 0.01
IMAGE_FLOOR: Final = 0.003
DECODER_HEADS: Final = 4


@dataclass(frozen=True)
class WordScale:
    """Mean and spread of shares over training images: of patches and of images, (K,) each."""

    patch_mean: Tensor
    patch_spread: Tensor
    image_mean: Tensor
    image_spread: Tensor


@dataclass(frozen=True)
class WordEstimates:
    """Standardised shares as predicted.

    Attributes
    ----------
    everywhere
        Of each patch by the decoder, shape (N, P, K).
    seen
        Of the V shown patches by their own tokens, shape (N, V, K).
    whole
        Of the image by the summary token, shape (N, K).
    """

    everywhere: Tensor
    seen: Tensor
    whole: Tensor


def word_scale(shares: Tensor) -> WordScale:
    """Measure shares of words, shape (N, P, K)."""
    whole = shares.mean(1)
    return WordScale(
        shares.mean((0, 1)),
        shares.flatten(0, 1).std(0) + PATCH_FLOOR,
        whole.mean(0),
        whole.std(0) + IMAGE_FLOOR,
    )


def masked_words_loss(
    told: WordEstimates, shares: Tensor, visible: Tensor, scale: WordScale
) -> Tensor:
    """Compare estimates with shares (N, P, K), where patches ``visible`` (N, V) were shown."""
    patch = (shares - scale.patch_mean) / scale.patch_spread
    whole = (shares.mean(1) - scale.image_mean) / scale.image_spread
    of_seen = patch.gather(1, visible[..., None].expand(-1, -1, patch.shape[-1]))
    hidden = torch.ones(shares.shape[:2]).scatter(1, visible, 0.0)  # (N, P)
    error = (told.everywhere - patch).square().mean(-1)  # (N, P)
    on_hidden = (error * hidden).sum() / hidden.sum().clamp(min=1)
    return (
        on_hidden + functional.mse_loss(told.seen, of_seen) + functional.mse_loss(told.whole, whole)
    )


class WordPredictor(nn.Module):
    """What tells words from an encoder's tokens; thrown away after pretraining.

    Parameters
    ----------
    width
        D, of the encoder's tokens.
    patches
        P, patches of an image.
    words
        K.
    hidden
        Width of the decoder.
    """

    def __init__(self, width: int, patches: int, words: int, hidden: int) -> None:
        super().__init__()
        self.seen = nn.Linear(width, words)
        self.whole = nn.Linear(width, words)
        self.narrow = nn.Linear(width, hidden)
        self.blank = nn.Parameter(torch.zeros(hidden))
        self.place = nn.Parameter(torch.randn(1 + patches, hidden) * 0.02)
        self.mix = nn.TransformerEncoderLayer(
            hidden, DECODER_HEADS, 2 * hidden, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.norm = nn.LayerNorm(hidden)
        self.everywhere = nn.Linear(hidden, words)

    def forward(self, tokens: Tensor, visible: Tensor) -> WordEstimates:
        """Predict from the tokens (N, 1 + V, D) of patches ``visible`` (N, V)."""
        small = self.narrow(tokens)  # (N, 1 + V, H)
        blank = self.blank.expand(len(tokens), len(self.place) - 1, -1)  # (N, P, H)
        filled = blank.scatter(1, visible[..., None].expand(-1, -1, small.shape[-1]), small[:, 1:])
        mixed = self.mix(torch.cat([small[:, :1], filled], 1) + self.place)  # (N, 1 + P, H)
        return WordEstimates(
            self.everywhere(self.norm(mixed[:, 1:])),
            self.seen(tokens[:, 1:]),
            self.whole(tokens[:, 0]),
        )
