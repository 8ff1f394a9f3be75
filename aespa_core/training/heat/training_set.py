"""Tracts laid out for learning: inputs, labels, and who learns and who stops the learning."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import HeatSplit
from aespa_core.errors import ConfigError
from aespa_core.models.heat.encoders import Encoders, TractPixels
from aespa_core.models.heat.heat_model import ModelShape, metros_of
from aespa_core.models.heat.inputs import Floats, HeatInputs, heat_inputs
from aespa_core.training.heat.objectives import Labels

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TrainingSet:
    """B tracts; rows that learn and rows that stop the learning.

    Attributes
    ----------
    inputs, labels
        Of all B tracts; labels of tested tracts are NaN.
    train, validation
        Row numbers.
    shape
        Sizes that follow from the data.
    context
        Names of the context columns.
    pixels
        Images, where encoders learn with the model; all of them lie in memory.
    """

    inputs: HeatInputs
    labels: Labels
    train: Tensor
    validation: Tensor
    shape: ModelShape
    context: tuple[str, ...]
    pixels: TractPixels | None = None

    def pixels_of(self, rows: Tensor) -> TractPixels:
        """Images of some tracts."""
        if self.pixels is None:
            raise ValueError("encoders can only learn from TrainingSet.pixels")
        chosen = rows.numpy()
        return TractPixels(self.pixels.tiles[chosen], self.pixels.photos[chosen])

    def seen_by(self, encoders: Encoders | None, rows: Tensor, device: torch.device) -> HeatInputs:
        """Take inputs of some tracts, their images as encoders that learn see them now, if any."""
        inputs = self.inputs.rows(rows).to(device)
        if encoders is None:
            return inputs
        parts = list(encoders.eval().batches(self.pixels_of(rows)))
        return replace(
            inputs,
            satellite=torch.cat([part.satellite for part in parts]),
            street=torch.cat([part.street for part in parts]),
        )


def training_set(
    samples: HeatSamples,
    split: HeatSplit,
    proxies: Array,
    satellite: Floats,
    street: Floats,
    pixels: TractPixels | None = None,
) -> TrainingSet:
    """Lay out a study under a split.

    Parameters
    ----------
    samples
        All tracts.
    split
        Labels outside its training and validation rows are hidden.
    proxies
        The five proxies that the curves see, NaN where missing, (B, 5).
    satellite, street
        Embeddings, NaN where there is no image, (B, T, D) and (B, K, D).
    pixels
        Images, where encoders learn.

    Raises
    ------
    ConfigError
        If no tract learns, or one that does has no label.
    """
    if not split.train.any() or not split.validation.any():
        raise ConfigError(
            f"The split '{split.kind}' leaves {split.train.sum()} tracts to learn from and "
            f"{split.validation.sum()} to stop by: the study needs more labelled tracts."
        )
    learn = split.train | split.validation
    if unlabelled := int(np.isnan(samples.lst_day_c[learn]).sum()):
        raise ConfigError(
            f"{unlabelled} tracts of the split have no lst_day_c (NaN): split the labelled ones."
        )
    hidden = samples.hiding_labels(~learn)
    metros = metros_of(list(samples.metro[split.train]))
    labels = Labels(
        torch.tensor(hidden.lst_day_c - samples.reference_c, dtype=torch.float32),
        torch.tensor(hidden.lst_night_c - samples.reference_c, dtype=torch.float32),
        torch.tensor(np.where(learn[:, None], samples.proxies, np.nan), dtype=torch.float32),
    )
    return TrainingSet(
        heat_inputs(samples, proxies, satellite, street, metros),
        labels,
        torch.from_numpy(np.flatnonzero(split.train)),
        torch.from_numpy(np.flatnonzero(split.validation)),
        ModelShape(
            satellite.shape[1],
            satellite.shape[2],
            street.shape[2],
            samples.context.shape[1],
            metros,
        ),
        tuple(samples.context.columns),
        pixels,
    )
