"""The satellite encoder: a ViT that gives a summary of the tile and a grid of its parts."""

import torch
from torch.nn import functional
from transformers import PreTrainedModel

from aespa_core.errors import ConfigError
from aespa_core.models.heat.adaptation import adapt
from aespa_core.models.heat.checkpoints import VIT
from aespa_core.models.heat.image_encoder import ImageEncoder
from aespa_core.models.heat.pretrained import network_of
from aespa_core.models.heat.settings import EncoderSettings


class SatelliteEncoder(ImageEncoder):
    """A tile as 1 + G² tokens of width D, after the network's last norm.

    Parameters
    ----------
    settings
        Weights or size, and how the network learns.
    grid
        G, tokens a side that the patches are averaged to.
    network
        A network that is there already; else what the settings ask for.
    seed
        Of a new network's weights and of what is added to one.
    """

    pool: torch.Tensor

    def __init__(
        self,
        settings: EncoderSettings,
        grid: int,
        network: PreTrainedModel | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        network = network or network_of(VIT, settings, seed)
        self.patches = network.config.image_size // network.config.patch_size
        if not 1 <= grid <= self.patches:
            raise ConfigError(
                f"grid = {grid} does not fit {self.patches} × {self.patches} patches: choose 1 to "
                f"{self.patches}."
            )
        self.settings, self.grid = settings, grid
        # averaging as a matrix: every runtime multiplies, not every one pools
        squares = torch.eye(self.patches**2).unflatten(1, (self.patches, self.patches))
        pool = functional.adaptive_avg_pool2d(squares, grid).flatten(1).T  # (G², P²)
        self.register_buffer("pool", pool.contiguous(), persistent=False)
        self.network = adapt(network, settings, seed)
        self.eval()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one tile's embedding, (1 + G², D)."""
        return (1 + self.grid**2, self.width)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Look at tiles: (N, 3, S, S) standardised to (N, 1 + G², D)."""
        tokens = self.network(pixel_values=pixels).last_hidden_state  # (N, 1 + P², D)
        parts = self.pool.to(tokens.dtype) @ tokens[:, 1:]  # (N, G², D)
        return torch.cat([tokens[:, :1], parts], 1)
