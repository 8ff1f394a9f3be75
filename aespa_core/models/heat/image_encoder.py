"""What the satellite and the street encoder have in common."""

from torch import nn
from transformers import PreTrainedModel

from aespa_core.models.heat.settings import EncoderSettings


class ImageEncoder(nn.Module):
    """A network that looks at square images.

    Attributes
    ----------
    settings
        Weights or size, and how the network learns.
    network
        With what was added to it.
    """

    settings: EncoderSettings
    network: PreTrainedModel

    @property
    def width(self) -> int:
        """D, width of what it gives."""
        return int(self.network.config.hidden_size)

    @property
    def image_px(self) -> int:
        """S, side of an image."""
        return int(self.network.config.image_size)

    def train(self, mode: bool = True) -> "ImageEncoder":
        """Change to training; a frozen network stays as it is, its dropout too."""
        super().train(mode)
        if self.settings.adaptation == "frozen":
            self.network.eval()
        return self
