"""Pretrain a small encoder on images alone: a ViT on tiles, CLIP's vision tower on photos.

What comes back is a transformers model; ``save_pretrained`` writes it as safetensors.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from transformers import CLIPVisionConfig, CLIPVisionModel, PreTrainedModel, ViTConfig, ViTModel

from aespa_core.errors import ConfigError
from aespa_core.models.heat.settings import EncoderSettings
from aespa_core.pretraining.color_words import learn_words, word_shares
from aespa_core.pretraining.masked_words import (
    DECODER_HEADS,
    WordPredictor,
    masked_words_loss,
    word_scale,
)
from aespa_core.pretraining.views import View, mirrored, standardised, turned
from aespa_core.pretraining.visible_patches import drawn_patches, visible_tokens

# Images that the spread of words is measured on.
SCALE_IMAGES: Final = 512

Pixels = npt.NDArray[np.uint8]
# Number of the finished step, and its loss.
Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class PretrainSettings:
    """How an encoder learns without labels.

    Attributes
    ----------
    steps, batch
        Steps of AdamW, images a step.
    learning_rate, warm_up, decay
        Peak learning rate, reached after this share of the steps, then down a cosine; weight decay.
    clip
        Largest norm of a gradient.
    words
        K, colours that a patch is told in.
    hidden_share
        Share of the patches that the encoder is not shown.
    decoder_width
        Width of the decoder, a multiple of 4.
    """

    steps: int = 800
    batch: int = 32
    learning_rate: float = 4e-3
    warm_up: float = 0.1
    decay: float = 0.05
    clip: float = 1.0
    words: int = 32
    hidden_share: float = 0.5
    decoder_width: int = 64

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        for name in ("steps", "batch", "learning_rate", "clip", "words", "decoder_width"):
            if getattr(self, name) <= 0:
                raise ConfigError(f"{name} = {getattr(self, name)} must be above 0.")
        for name in ("warm_up", "hidden_share"):
            if not 0 < getattr(self, name) < 1:
                raise ConfigError(f"{name} = {getattr(self, name)} must lie between 0 and 1.")
        if self.steps * self.warm_up == 1:
            # the library divides by the length of the rise less one step
            raise ConfigError(f"steps = {self.steps} make a rise of one step: give one more.")
        if self.decoder_width % DECODER_HEADS:
            raise ConfigError(
                f"decoder_width = {self.decoder_width} must be a multiple of {DECODER_HEADS}."
            )


def silent(step: int, loss: float) -> None:
    """Report nothing."""


def pretrain_vit(
    tiles: Pixels,
    encoder: EncoderSettings,
    settings: PretrainSettings,
    seed: int,
    progress: Progress = silent,
) -> ViTModel:
    """Pretrain a ViT on tiles, uint8, shape (N, S, S, 3); the same seed gives the same weights.

    Raises
    ------
    ConfigError
        If the images are of another kind or size than ``encoder`` says, too few, or blank.
    """
    check_images(tiles, encoder, settings, "tiles")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ViTModel(ViTConfig(**sizes(encoder)), add_pooling_layer=False)
        fit_encoder(network, tiles, turned, settings, seed, progress)
    return network


def pretrain_clip_vision(
    photos: Pixels,
    encoder: EncoderSettings,
    settings: PretrainSettings,
    seed: int,
    progress: Progress = silent,
) -> CLIPVisionModel:
    """Pretrain CLIP's vision tower on photos, uint8, shape (N, S, S, 3), S wide as it is high.

    It learns to tell the photo by its summary token before CLIP's last norm, which stays unused.

    Raises
    ------
    ConfigError
        If the images are of another kind or size than ``encoder`` says, too few, or blank.
    """
    check_images(photos, encoder, settings, "photos")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = CLIPVisionModel(CLIPVisionConfig(**sizes(encoder)))
        fit_encoder(network, photos, mirrored, settings, seed, progress)
    return network


def sizes(encoder: EncoderSettings) -> dict[str, Any]:
    """Name the sizes of a new network as its configuration does."""
    return {
        "hidden_size": encoder.width,
        "num_hidden_layers": encoder.depth,
        "num_attention_heads": encoder.heads,
        "intermediate_size": 4 * encoder.width,
        "image_size": encoder.image_px,
        "patch_size": encoder.patch_px,
    }


def check_images(
    images: Pixels, encoder: EncoderSettings, settings: PretrainSettings, name: str
) -> None:
    """Refuse images that a new encoder cannot learn from."""
    if encoder.weights:
        raise ConfigError(
            f"weights = '{encoder.weights}' names an encoder that is trained already: leave it "
            "empty to pretrain a new one."
        )
    px = encoder.image_px
    if images.dtype != np.uint8 or images.shape[1:] != (px, px, 3):
        raise ConfigError(
            f"The {name} are {images.dtype} of shape {images.shape}: give uint8 of shape "
            f"(N, {px}, {px}, 3), as image_px = {px} says."
        )
    if len(images) < settings.batch:
        raise ConfigError(
            f"{len(images)} {name} are too few to pretrain on: give at least batch = "
            f"{settings.batch}, or take an encoder that is trained already."
        )


def fit_encoder(
    network: PreTrainedModel,
    images: Pixels,
    view: View,
    settings: PretrainSettings,
    seed: int,
    progress: Progress,
) -> None:
    """Train a network in place to tell what hidden patches show."""
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.from_numpy(images.copy())  # a mapped file cannot be written to
    patch_px, px = network.config.patch_size, network.config.image_size
    patches = (px // patch_px) ** 2
    visible_count = max(1, round(patches * (1 - settings.hidden_share)))
    words = learn_words(pixels, settings.words, seed)
    measured = torch.randperm(len(pixels), generator=generator)[:SCALE_IMAGES]
    scale = word_scale(word_shares(pixels[measured], words, patch_px))
    predictor = WordPredictor(
        network.config.hidden_size, patches, words.count, settings.decoder_width
    )
    learned = [*network.parameters(), *predictor.parameters()]
    optimiser = torch.optim.AdamW(
        learned, settings.learning_rate, (0.9, 0.95), weight_decay=settings.decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        settings.learning_rate,
        settings.steps,
        pct_start=settings.warm_up,
        cycle_momentum=False,
    )
    network.train()
    for step in range(settings.steps):
        drawn = torch.randperm(len(pixels), generator=generator)[: settings.batch]
        batch = view(pixels[drawn], generator)  # (N, S, S, 3)
        visible = drawn_patches(len(batch), patches, visible_count, generator)
        told = predictor(visible_tokens(network, standardised(batch), visible), visible)
        loss = masked_words_loss(told, word_shares(batch, words, patch_px), visible, scale)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, settings.clip)
        optimiser.step()
        schedule.step()
        progress(step + 1, loss.item())
    network.eval()
