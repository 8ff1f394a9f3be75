"""Networks of the image encoders: new ones of a given size, or those of checkpoints."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import PreTrainedModel

from aespa_core.errors import ConfigError
from aespa_core.models.heat.checkpoints import (
    Architecture,
    checkpoint_folder,
    quiet,
    read_checkpoint,
    sizes,
)
from aespa_core.models.heat.settings import EncoderSettings


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw from a seed on the CPU, and leave the generator as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


def network_of(kind: Architecture, settings: EncoderSettings, seed: int = 0) -> PreTrainedModel:
    """Give the network that settings ask for: new where ``weights`` is empty, else read.

    Raises
    ------
    ArtifactError
        If the checkpoint is missing, unreadable or of another architecture.
    ConfigError
        If it was made for images or patches of another size than the settings say.
    """
    if not settings.weights:
        config = kind.config(
            hidden_size=settings.width,
            num_hidden_layers=settings.depth,
            num_attention_heads=settings.heads,
            intermediate_size=4 * settings.width,
            image_size=settings.image_px,
            patch_size=settings.patch_px,
        )
        return rebuilt(kind, config.to_dict(), seed)
    folder = checkpoint_folder(kind, settings.weights)
    found = sizes(kind, folder, settings)
    if (found.image_px, found.patch_px) != (settings.image_px, settings.patch_px):
        raise ConfigError(
            f"{folder} was made for images of {found.image_px} px in patches of {found.patch_px}, "
            f"the settings say {settings.image_px} and {settings.patch_px}: set image_px = "
            f"{found.image_px} and patch_px = {found.patch_px}."
        )
    return read_checkpoint(kind, folder)


def rebuilt(kind: Architecture, config: dict[str, Any], seed: int = 0) -> PreTrainedModel:
    """Build a network of random weights from ``network.config.to_dict()``, for weights to come."""
    with seeded(seed), quiet():
        return kind.model(kind.config.from_dict(config), **kind.options)


def sized_as_checkpoint(kind: Architecture, settings: EncoderSettings) -> EncoderSettings:
    """Take the size of images, patches and network from the checkpoint; unchanged without one."""
    if not settings.weights:
        return settings
    return sizes(kind, checkpoint_folder(kind, settings.weights), settings)


def weights_hash(module: torch.nn.Module) -> str:
    """Hash names, shapes and values of all parameters and buffers: 24 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, value in sorted(module.state_dict().items()):
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}\n".encode())
        values = value.detach().cpu().contiguous()
        digest.update(values.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:24]
