"""Train a network end to end on what the ridge leaves, and stop where it no longer helps."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData
from aespa_core.baselines.heat.image_network import ImageNetwork, TractBatch, image_features
from aespa_core.baselines.heat.pixels import drawn_photos, mirrored, network_input, turned
from aespa_core.baselines.heat.proxy_ridge import RidgeFit, fit_proxy_ridge

Array = npt.NDArray[np.float64]
# Makes an untrained encoder of images, and says how many features it gives.
MakeEncoder = Callable[[], nn.Module]


@dataclass(frozen=True)
class ImageFitSettings:
    """Of the training.

    Attributes
    ----------
    epochs, patience
        The most rounds over the training tracts; rounds without progress that end it.
    batch, photos
        Tracts a step; photos of each that are looked at.
    rate, decay
        AdamW's, https://arxiv.org/abs/1711.05101.
    hidden, dropout
        Of the head.
    """

    epochs: int = 40
    patience: int = 12
    batch: int = 32
    photos: int = 2
    rate: float = 2e-3
    decay: float = 0.05
    hidden: int = 64
    dropout: float = 0.2


@dataclass(frozen=True)
class ImageEstimate:
    """A trained network on top of a ridge regression.

    Attributes
    ----------
    ridge
        On context and proxies.
    network
        Its correction, in units of ``scale_c``.
    scale_c
        Deviation of what the ridge leaves, °C.
    data, features
        The tracts that it learned among, and what it saw in their images: an image is looked at
        once, however often the proxies beside it are changed.
    """

    ridge: RidgeFit
    network: ImageNetwork
    scale_c: float
    data: HeatData
    features: torch.Tensor

    @torch.no_grad()
    def __call__(self, asked: HeatData) -> Array:
        """Estimate all tracts, °C, shape (B,)."""
        same = asked.tiles is self.data.tiles and asked.photos is self.data.photos
        features = self.features if same else image_features(self.network, asked)
        self.network.eval()
        found = self.network.corrected(features, column_tensor(self.ridge, asked))
        estimate: Array = self.ridge(asked) + self.scale_c * found.double().numpy()
        return estimate


def fit_images(
    data: HeatData,
    seed: int,
    settings: ImageFitSettings,
    make: Callable[[int], ImageNetwork],
) -> ImageEstimate:
    """Train a network.

    Parameters
    ----------
    data
        All tracts.
    seed
        Of first weights, order and augmentation.
    settings
        Of the training.
    make
        Makes the untrained network for a number of columns.
    """
    ridge = fit_proxy_ridge(data, seed, sizes=(0,))
    rows = np.flatnonzero(learnable(data))
    left = data.excess_c - ridge(data)
    scale = max(float(left[rows].std()), 1e-6)
    columns, target = column_tensor(ridge, data), torch.from_numpy(left / scale).float()
    rng, draw = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = make(columns.shape[1])
        trained(network, data, columns, target, rows, settings, rng, draw)
    return ImageEstimate(ridge, network, scale, data, image_features(network, data))


def trained(
    network: ImageNetwork,
    data: HeatData,
    columns: torch.Tensor,
    target: torch.Tensor,
    rows: npt.NDArray[np.int64],
    settings: ImageFitSettings,
    rng: np.random.Generator,
    draw: torch.Generator,
) -> None:
    """Follow the gradient of Huber's loss; keep the weights that are best on validation tracts.

    Without a labelled validation tract the last weights stay.
    """
    checked = np.flatnonzero(data.split.validation & np.isfinite(data.excess_c))
    optimiser = torch.optim.AdamW(network.parameters(), settings.rate, weight_decay=settings.decay)
    steps = settings.epochs * -(-len(rows) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=steps)
    best, best_state, since = np.inf, None, 0
    for _ in range(settings.epochs):
        network.train()
        for some in np.array_split(rng.permutation(rows), -(-len(rows) // settings.batch)):
            found = network(drawn_batch(data, columns, some, settings.photos, rng, draw))
            loss = nn.functional.huber_loss(found, target[some], delta=0.5)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        if not len(checked):
            continue
        error = error_on(network, data, columns, target, checked)
        since += 1
        if error < best:
            best, best_state, since = error, copy.deepcopy(network.state_dict()), 0
        if since >= settings.patience:
            break
    if best_state is not None:
        network.load_state_dict(best_state)


def drawn_batch(
    data: HeatData,
    columns: torch.Tensor,
    rows: npt.NDArray[np.int64],
    photos: int,
    rng: np.random.Generator,
    draw: torch.Generator,
) -> TractBatch:
    """Take tracts with their tile and some of their photos, mirrored and turned."""
    tiled = np.flatnonzero(data.has_tile[rows])
    pairs = drawn_photos(data.has_photo[rows], photos, rng)
    return TractBatch(
        columns[rows],
        turned(network_input(data.tiles[rows[tiled]]), draw),
        torch.from_numpy(tiled),
        mirrored(network_input(data.photos[rows[pairs[:, 0]], pairs[:, 1]]), draw),
        torch.from_numpy(pairs[:, 0]),
    )


@torch.no_grad()
def error_on(
    network: ImageNetwork,
    data: HeatData,
    columns: torch.Tensor,
    target: torch.Tensor,
    rows: npt.NDArray[np.int64],
) -> float:
    """Mean absolute error on some tracts, with all of their photos."""
    some = HeatData(**{**vars(data), "tiles": data.tiles[rows], "photos": data.photos[rows],
                       "has_tile": data.has_tile[rows], "has_photo": data.has_photo[rows]})
    found = network.corrected(image_features(network, some), columns[rows])
    return float((found - target[rows]).abs().mean())


def column_tensor(ridge: RidgeFit, data: HeatData) -> torch.Tensor:
    """Columns of all tracts as the ridge chose them, shape (B, F)."""
    return torch.from_numpy(ridge.columns(data)).float()
