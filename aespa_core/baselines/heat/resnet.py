"""Residual networks on tile and photos, trained end to end (satellite and street view)."""

from typing import Final

import torch
from torch import nn
from transformers import ResNetConfig, ResNetModel

from aespa_core.baselines.heat.contract import HeatData, HeatMethod
from aespa_core.baselines.heat.image_fit import ImageEstimate, fit_images
from aespa_core.baselines.heat.image_network import ImageNetwork
from aespa_core.baselines.heat.image_training import ImageFitSettings
from aespa_core.baselines.heat.pixels import need_images

# A small residual network: channels of the stem and of each stage, one basic block a stage.
STEM: Final = 16
STAGES: Final = (16, 32, 64)


class ResNetEncoder(nn.Module):
    """He et al. (2016), https://arxiv.org/abs/1512.03385, small and new; one vector an image."""

    def __init__(self, stem: int, stages: tuple[int, ...]) -> None:
        super().__init__()
        self.network = ResNetModel(
            ResNetConfig(
                embedding_size=stem,
                hidden_sizes=list(stages),
                depths=[1] * len(stages),
                layer_type="basic",
            )
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Encode images, (n, 3, H, W) → (n, W)."""
        found: torch.Tensor = self.network(images).pooler_output.flatten(1)
        return found


def fit_resnet(
    data: HeatData,
    seed: int,
    settings: ImageFitSettings | None = None,
    stem: int = STEM,
    stages: tuple[int, ...] = STAGES,
) -> ImageEstimate:
    """Train one network for tiles and one for photos, on what a ridge on the columns leaves.

    Raises
    ------
    ConfigError
        If no training tract has an image.
    """
    need_images(data, "resnet", photos=True)
    chosen = settings or ImageFitSettings()

    def make(columns: int) -> ImageNetwork:
        tile, photo = (ResNetEncoder(stem, stages) for _ in range(2))
        return ImageNetwork(tile, photo, stages[-1], columns, chosen.hidden, chosen.dropout)

    return fit_images(data, seed, chosen, make)


RESNET: Final = HeatMethod("resnet", fit_resnet)
