"""Do saliency maps follow from what the model learned? With random weights they should not stay.

The sanity check of Adebayo et al. (2018, NeurIPS): maps of a model whose weights are drawn anew are
compared with the true ones by rank. A map that only finds edges stays as it is, correlation 1.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from scipy import stats
from torch import Tensor, nn

from aespa_core.attribution.image_saliency import POINTS, image_saliency, in_cells
from aespa_core.attribution.tract_pictures import Looker, TractPicture
from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.inputs import HeatInputs

Array = npt.NDArray[np.float64]
Kind = TypeVar("Kind", bound=nn.Module)
# Gives the cells of one picture of a tract, (R, C).
MapOf = Callable[[Looker, TractPicture, HeatInputs], Array]

# Of random weights. A command that maps one tract shall not be slower for the check than for it.
DRAWS: Final = 2


@dataclass(frozen=True)
class SanityCheck:
    """Rank correlation of maps with those of random weights, of P pictures, the mean over draws.

    Attributes
    ----------
    by_model, by_encoders
        With the weights drawn anew of the model on top, and of the encoders; (P,).
    """

    by_model: Array
    by_encoders: Array

    @property
    def model(self) -> float:
        """Mean over pictures, the model drawn anew."""
        return float(self.by_model.mean())

    @property
    def encoders(self) -> float:
        """Mean over pictures, the encoders drawn anew."""
        return float(self.by_encoders.mean())

    @property
    def pictures(self) -> int:
        """Number that were looked at."""
        return len(self.by_model)

    def words(self) -> dict[str, Any]:
        """Give the means as plain values."""
        return {"model": self.model, "encoders": self.encoders, "pictures": self.pictures}


@dataclass(frozen=True)
class Subject:
    """One picture with its tract, B = 1."""

    geoid: str
    picture: TractPicture
    tract: HeatInputs


def cells_of(looker: Looker, picture: TractPicture, tract: HeatInputs) -> Array:
    """Map a picture by integrated gradients."""
    day = picture.day(looker, tract)
    found = image_saliency(day, picture.picture, picture.mean, POINTS[:1])
    return in_cells(found.effect_c, picture.cells)


def sanity_check(
    looker: Looker, subjects: Sequence[Subject], map_of: MapOf = cells_of, draws: int = DRAWS
) -> SanityCheck:
    """Compare maps with those of random weights.

    Parameters
    ----------
    looker
        The model as it learned.
    subjects
        Pictures to compare on.
    map_of
        How a map is made.
    draws
        Times that weights are drawn.
    """
    true = [map_of(looker, one.picture, one.tract) for one in subjects]
    by_model, by_encoders = [], []
    for seed in range(draws):
        other = replace(looker, models=tuple(redrawn(model, seed) for model in looker.models))
        by_model.append(compared(true, other, subjects, map_of))
        blind = with_random_encoders(looker, subjects, seed)
        by_encoders.append(compared(true, blind, subjects, map_of))
    return SanityCheck(np.mean(by_model, axis=0), np.mean(by_encoders, axis=0))


def compared(
    true: Sequence[Array], other: Looker, subjects: Sequence[Subject], map_of: MapOf
) -> list[float]:
    """Correlate maps by rank; a map of one value everywhere says nothing, 0."""
    found = []
    for cells, one in zip(true, subjects, strict=True):
        again = map_of(other, one.picture, one.tract)
        flat = np.ptp(cells) == 0 or np.ptp(again) == 0
        found.append(0.0 if flat else float(stats.spearmanr(cells.ravel(), again.ravel())[0]))
    return found


def redrawn(module: Kind, seed: int) -> Kind:
    """Copy a network with every matrix drawn anew at its own scale; norms and biases stay."""
    copied = copy.deepcopy(module)
    source = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for values in copied.parameters():
            if values.ndim > 1:
                scale = values.square().mean().sqrt()
                values.copy_(scale * torch.randn(values.shape, generator=source))
    return copied


def with_random_encoders(looker: Looker, subjects: Sequence[Subject], seed: int) -> Looker:
    """Put random encoders before the model, whose scales are taken anew: else all is clipped."""
    settings = looker.models[0].settings
    encoders = Encoders(
        redrawn(looker.encoders.satellite, seed), redrawn(looker.encoders.street, seed)
    )
    models = tuple(copy.deepcopy(model) for model in looker.models)
    for used, encoder, name in (
        (settings.use_satellite, encoders.satellite, "tile_residual"),
        (settings.use_street, encoders.street, "photo_residual"),
    ):
        kind = [one for one in subjects if (one.picture.photo is None) == (name[0] == "t")]
        if not used or not kind:
            continue
        pictures = torch.from_numpy(np.stack([one.picture.picture for one in kind]))
        with torch.no_grad():
            seen: Tensor = encoder(pictures)
        seen = seen if seen.ndim == 3 else seen[:, None]
        for model in models:
            read = model.standard_proxies(torch.cat([one.tract.read for one in kind]))
            there = torch.ones(len(seen), dtype=torch.bool)
            getattr(model, name).fit(seen, read, there, residualise=False)
    return Looker(models, encoders)
