r"""Image features without what the proxies say of them.

.. math:: r = e - \bar e - W^\top \varphi(p), \qquad
    W = \arg\min \|E - \bar E - \Phi W\|^2 + \lambda \|W\|^2, \quad \varphi(p) = (p, p^2)

e are frozen features, p the proxies as the images were read. An image knows its proxies; left in,
their effect could take the way through the unconstrained base, around the monotone curves. A
scenario that moves a proxy would move the image with it: r stays as it is.
"""

from typing import Final

import torch
from torch import Tensor, nn

PENALTY: Final = 1.0
CLIP: Final = 4.0


class ImageResidual(nn.Module):
    """Takes the proxies' part out of T × D features and standardises the rest.

    Parameters
    ----------
    tokens, width
        T, D.
    proxies
        Number of proxies.
    """

    centre: Tensor
    scale: Tensor
    weights: Tensor

    def __init__(self, tokens: int, width: int, proxies: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(tokens, width))
        self.register_buffer("scale", torch.ones(tokens, width))
        self.register_buffer("weights", torch.zeros(tokens, 2 * proxies, width))

    def fit(self, features: Tensor, proxies: Tensor, there: Tensor, *, residualise: bool) -> None:
        """Learn centre, scale and the proxies' part from rows that have the image.

        Parameters
        ----------
        features
            (B, T, D).
        proxies
            Standardised, 0 where missing, (B, K).
        there
            Rows with an image, (B,).
        residualise
            Whether to take the proxies' part out; else only centre and scale.
        """
        if not there.any():
            return
        known = features[there]
        self.centre.copy_(known.mean(0))
        self.scale.copy_(known.std(0, correction=0).clamp(min=1e-6))
        self.weights.zero_()
        if residualise:
            basis = powers(proxies[there])
            standard = ((known - self.centre) / self.scale).transpose(0, 1)  # (T, B, D)
            gram = basis.T @ basis + PENALTY * torch.eye(basis.shape[1])
            self.weights.copy_(torch.linalg.solve(gram, basis.T @ standard))

    def forward(self, features: Tensor, proxies: Tensor) -> Tensor:
        """Give residuals (B, T, D) in deviations of the features; proxies (B, K) standardised."""
        standard = (features - self.centre) / self.scale
        part = torch.einsum("bp,tpd->btd", powers(proxies), self.weights)
        return (standard - part).clamp(-CLIP, CLIP)


def powers(proxies: Tensor) -> Tensor:
    """Stack proxies and their squares less one, the mean of a standardised square: (B, 2 K)."""
    return torch.cat([proxies, proxies**2 - 1.0], -1)
