"""Both encoders of a model, pretrained on the images of some tracts and kept in a folder."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from aespa_core.datasets.heat.pixels import ImageStack
from aespa_core.datasets.heat.splits import Mask
from aespa_core.models.heat.checkpoints import save_network
from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.models.heat.street import StreetEncoder
from aespa_core.pretraining.encoder_fit import (
    PretrainSettings,
    pretrain_clip_vision,
    pretrain_vit,
)

SATELLITE: Final = "satellite"
STREET: Final = "street"


def pretrained_pair(
    tiles: ImageStack,
    photos: ImageStack,
    rows: Mask,
    settings: ModelSettings,
    steps: int,
    seed: int,
    folder: Path,
    progress: Callable[[float], None] = lambda share: None,
) -> Encoders:
    """Pretrain both encoders, or take those that an earlier call left in the folder.

    Parameters
    ----------
    tiles, photos
        Images of B tracts.
    rows
        Tracts whose images may be looked at, (B,); no label is.
    settings
        Sizes of the encoders.
    steps
        Of each.
    seed
        Of weights and batches.
    folder
        Where both are kept as checkpoints.
    progress
        Told the share of all steps that is done.

    Raises
    ------
    ConfigError
        If an encoder has too few images to learn from.
    """
    how = PretrainSettings(steps=steps)

    def told(done: float, step: int, loss: float) -> None:
        progress(done + 0.5 * step / steps)

    if not (folder / SATELLITE).is_dir():
        own = tiles.pixels[rows & tiles.present]
        vit = pretrain_vit(own, settings.satellite, how, seed, partial(told, 0.0))
        save_network(vit, folder / SATELLITE)
    if not (folder / STREET).is_dir():
        own = photos.pixels[rows][photos.present[rows]]
        clip = pretrain_clip_vision(own, settings.street, how, seed, partial(told, 0.5))
        save_network(clip, folder / STREET)
    progress(1.0)
    satellite = replace(settings.satellite, weights=str(folder / SATELLITE))
    street = replace(settings.street, weights=str(folder / STREET))
    return Encoders(SatelliteEncoder(satellite, settings.grid), StreetEncoder(street))
