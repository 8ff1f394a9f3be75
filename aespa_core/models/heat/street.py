"""The street encoder: CLIP's vision tower, one vector a photo."""

import torch
from transformers import PreTrainedModel

from aespa_core.models.heat.adaptation import adapt
from aespa_core.models.heat.checkpoints import CLIP
from aespa_core.models.heat.image_encoder import ImageEncoder
from aespa_core.models.heat.pretrained import network_of
from aespa_core.models.heat.settings import EncoderSettings


class StreetEncoder(ImageEncoder):
    """A photo as one vector of width D, the summary token before CLIP's last norm.

    Parameters
    ----------
    settings
        Weights or size, and how the network learns.
    network
        A network that is there already; else what the settings ask for.
    seed
        Of a new network's weights and of what is added to one.
    """

    def __init__(
        self, settings: EncoderSettings, network: PreTrainedModel | None = None, seed: int = 0
    ) -> None:
        super().__init__()
        self.settings = settings
        network = network or network_of(CLIP, settings, seed)
        self.network = adapt(network, settings, seed)
        # what is given lies before this norm: no gradient could reach it
        self.network.get_submodule("post_layernorm").requires_grad_(False)
        self.eval()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one photo's embedding, (D,)."""
        return (self.width,)

    def forward(self, photos: torch.Tensor) -> torch.Tensor:
        """Look at photos: (N, 3, S, S) standardised to (N, D)."""
        summary: torch.Tensor = self.network(pixel_values=photos).last_hidden_state[:, 0]
        return summary
