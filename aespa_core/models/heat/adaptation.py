r"""How a pretrained network learns: not at all, by small additions inside its blocks, or whole.

.. math:: h \leftarrow h + m + U\,\mathrm{GELU}(D\,m), \qquad m = \mathrm{MLP}(\mathrm{LN}(h))

is a bottleneck adapter (Houlsby et al. 2019), with ``U`` zero at the start so that the network
begins as it was. The published code ran twelve of them in sequence on the final summary instead:
no block ever saw one. It took ReLU; ``m`` hardly varies in a young network, where a unit that is
off for one token is off for all and never learns.
"""

from typing import Any, Final

import torch
from peft import LoraConfig, inject_adapter_in_model
from torch import nn
from torch.nn import functional
from transformers import PreTrainedModel

from aespa_core.models.heat.pretrained import seeded
from aespa_core.models.heat.settings import EncoderSettings

# Projections of attention, by the names of each kind of network.
ATTENTION: Final = {
    "vit": ("q_proj", "k_proj", "v_proj", "o_proj"),
    "clip_vision_model": ("q_proj", "k_proj", "v_proj", "out_proj"),
}


class AdaptedMlp(nn.Module):
    """A block's perceptron with a bottleneck behind it, (N, tokens, D) to (N, tokens, D)."""

    def __init__(self, mlp: nn.Module, width: int, rank: int, dropout: float) -> None:
        super().__init__()
        self.mlp = mlp
        self.down = nn.Linear(width, rank)
        self.drop = nn.Dropout(dropout)
        self.up = nn.Linear(rank, width)
        nn.init.zeros_(self.up.weight)
        nn.init.zeros_(self.up.bias)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Add the bottleneck to what the perceptron gives."""
        out = self.mlp(tokens)
        return out + self.up(self.drop(functional.gelu(self.down(out))))


def blocks_of(network: PreTrainedModel) -> nn.ModuleList:
    """List the transformer blocks of a ViT or a CLIP vision tower."""
    inside: Any = network
    blocks: nn.ModuleList = inside.layers if hasattr(inside, "layers") else inside.encoder.layers
    return blocks


def adapt(network: PreTrainedModel, settings: EncoderSettings, seed: int = 0) -> PreTrainedModel:
    """Make a network learn as ``settings.adaptation`` says; only those parameters are trainable.

    ``frozen``: none; ``lora``: low-rank updates of the attention's four projections; ``adapters``:
    bottlenecks behind the perceptron inside each block; ``whole``: all.
    """
    network.requires_grad_(settings.adaptation == "whole")
    with seeded(seed):
        if settings.adaptation == "lora":
            update = LoraConfig(
                r=settings.rank,
                lora_alpha=settings.alpha,
                lora_dropout=settings.adapter_dropout,
                target_modules=list(ATTENTION[network.config.model_type]),
            )
            inject_adapter_in_model(update, network)
        if settings.adaptation == "adapters":
            width, rank = network.config.hidden_size, settings.rank
            for block in blocks_of(network):
                mlp = block.get_submodule("mlp")
                block.mlp = AdaptedMlp(mlp, width, rank, settings.adapter_dropout)
    return network
