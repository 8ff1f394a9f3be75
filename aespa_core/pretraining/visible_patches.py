"""An encoder that is shown only some patches of each image, and so works on those alone.

Leaving patches out instead of blanking them is what makes masked pretraining cheap (He et al. 2022,
CVPR, arXiv:2111.06377).
"""

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel


def drawn_patches(images: int, patches: int, visible: int, generator: torch.Generator) -> Tensor:
    """Draw the patches of each image that are shown, first V of P in ascending order, (N, V)."""
    order = torch.rand(images, patches, generator=generator).argsort(1)
    return order[:, :visible].sort(1).values


def visible_tokens(network: PreTrainedModel, images: Tensor, visible: Tensor) -> Tensor:
    """Encode the shown patches of images, (N, 3, S, S) and (N, V) to (N, 1 + V, D).

    The network is any transformer with ``embeddings`` that give a summary token and then the
    patches' tokens, positions included: ``ViTModel``, ``CLIPVisionModel``.
    """

    def keep(module: nn.Module, given: object, tokens: Tensor) -> Tensor:
        chosen = visible[..., None].expand(-1, -1, tokens.shape[-1])
        return torch.cat([tokens[:, :1], tokens[:, 1:].gather(1, chosen)], 1)

    hook = network.get_submodule("embeddings").register_forward_hook(keep)
    try:
        encoded: Tensor = network(pixel_values=images).last_hidden_state
    finally:
        hook.remove()
    return encoded
