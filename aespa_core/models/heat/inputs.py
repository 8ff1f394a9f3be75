"""What the multimodal model is given: tensors of B tracts, a mask beside what may be missing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aespa_core.datasets.heat.mobility_profiles import week_shape, week_volume
from aespa_core.datasets.heat.samples import HeatSamples

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class HeatInputs:
    """B tracts in raw units; the model standardises.

    Attributes
    ----------
    satellite
        Embedding of the tile, (B, T, D); 0 where there is none.
    street
        Embeddings of the photos, (B, K, D); 0 where there is none.
    has_tile, has_photo
        Masks, (B,) and (B, K).
    week, volume, has_week
        Shape of the week (B, 168, 3), log volume (B, 3), mask (B,).
    context, usual
        (B, C), NaN where missing, and its mean over the tract's metro.
    proxies
        (B, 5), NaN where missing; what a scenario moves.
    read
        Proxies as the images were read, (B, 5): no scenario changes them.
    metro
        Number among the metros learned from, −1 for another, (B,).
    """

    satellite: Tensor
    street: Tensor
    has_tile: Tensor
    has_photo: Tensor
    week: Tensor
    volume: Tensor
    has_week: Tensor
    context: Tensor
    usual: Tensor
    proxies: Tensor
    read: Tensor
    metro: Tensor

    def __len__(self) -> int:
        """Count the tracts."""
        return len(self.metro)

    def rows(self, chosen: Tensor) -> "HeatInputs":
        """Take some of the tracts."""
        return HeatInputs(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def to(self, device: torch.device) -> "HeatInputs":
        """Move to a device."""
        return HeatInputs(*(getattr(self, field.name).to(device) for field in fields(self)))

    def with_proxies(self, proxies: Array) -> "HeatInputs":
        """Move the proxies; what the images were read as stays."""
        return replace(self, proxies=torch.as_tensor(proxies, dtype=torch.float32))


def heat_inputs(
    samples: HeatSamples,
    proxies: Array,
    satellite: Floats,
    street: Floats,
    metros: Sequence[str],
    read: Array | None = None,
) -> HeatInputs:
    """Lay out B tracts.

    Parameters
    ----------
    samples
        Context, mobility and metros.
    proxies
        The five proxies, NaN where missing, (B, 5).
    satellite, street
        Embeddings, NaN where there is no image, (B, T, D) and (B, K, D).
    metros
        Those that a model learned from, in its order.
    read
        Proxies as the images were read, where a scenario moved them; else the same.
    """
    number = {name: i for i, name in enumerate(metros)}
    weeks = samples.mobility
    has_week = np.isfinite(weeks).any((1, 2))
    # a channel that nobody reported is flat
    filled = np.nan_to_num(weeks)
    return HeatInputs(
        satellite=tensor(np.nan_to_num(satellite)),
        street=tensor(np.nan_to_num(street)),
        has_tile=torch.from_numpy(np.isfinite(satellite).all((1, 2))),
        has_photo=torch.from_numpy(np.isfinite(street).all(2)),
        week=tensor(week_shape(filled)),
        volume=tensor(week_volume(filled)),
        has_week=torch.from_numpy(has_week),
        context=tensor(samples.context.to_numpy(float)),
        usual=tensor(samples.context.groupby(samples.metro).transform("mean").to_numpy(float)),
        proxies=tensor(proxies),
        read=tensor(proxies if read is None else read),
        metro=torch.tensor([number.get(name, -1) for name in samples.metro]),
    )


def tensor(values: npt.NDArray[np.floating]) -> Tensor:
    """Copy into single precision."""
    return torch.tensor(np.asarray(values, np.float32))
