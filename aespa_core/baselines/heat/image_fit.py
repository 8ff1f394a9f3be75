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
    first_epochs
        Rounds over the training tracts in which the head learns from the columns alone: they are
        quick, and images then have to tell only what columns do not.
    first_rate
        AdamW's, https://arxiv.org/abs/1711.05101, in those rounds.
    epochs
        The most rounds with images.
    first_patience, patience
        Rounds of either kind without progress on validation tracts that end them.
    batch, photos
        Tracts a step; photos of each that are looked at.
    rate, decay
        Of the rounds with images.
    hidden, dropout
        Of the head.
    bags
        Networks, each from first weights of its own, whose estimates are averaged.
    """

    first_epochs: int = 150
    first_rate: float = 5e-3
    first_patience: int = 40
    epochs: int = 10
    patience: int = 5
    batch: int = 32
    photos: int = 2
    rate: float = 1e-3
    decay: float = 0.05
    hidden: int = 128
    dropout: float = 0.2
    bags: int = 2


@dataclass(frozen=True)
class ImageEstimate:
    """Trained networks on top of a ridge regression.

    Attributes
    ----------
    ridge
        On context and proxies.
    networks
        Their corrections, in units of ``scale_c``, are averaged.
    scale_c
        Deviation of what the ridge leaves, °C.
    data, features
        The tracts that they learned among, and what each saw in their images: an image is looked
        at once, however often the proxies beside it are changed.
    """

    ridge: RidgeFit
    networks: tuple[ImageNetwork, ...]
    scale_c: float
    data: HeatData
    features: tuple[torch.Tensor, ...]

    @torch.no_grad()
    def __call__(self, asked: HeatData) -> Array:
        """Estimate all tracts, °C, shape (B,)."""
        features = self.features
        if asked.tiles is not self.data.tiles or asked.photos is not self.data.photos:
            features = tuple(image_features(network, asked) for network in self.networks)
        columns = column_tensor(self.ridge, asked)
        parts = [
            network.eval().corrected(seen, columns)
            for network, seen in zip(self.networks, features, strict=True)
        ]
        correction = torch.stack(parts).double().mean(0).numpy()
        estimate: Array = self.ridge(asked) + self.scale_c * correction
        return estimate


def fit_images(
    data: HeatData,
    seed: int,
    settings: ImageFitSettings,
    make: Callable[[int], ImageNetwork],
) -> ImageEstimate:
    """Train networks on what a ridge on context and proxies leaves.

    Parameters
    ----------
    data
        All tracts.
    seed
        Of first weights, order and augmentation.
    settings
        Of the training.
    make
        Makes an untrained network for a number of columns.
    """
    ridge = fit_proxy_ridge(data, seed, sizes=(0,))
    rows = np.flatnonzero(learnable(data))
    left = data.excess_c - ridge(data)
    scale = max(float(left[rows].std()), 1e-6)
    columns, target = column_tensor(ridge, data), torch.from_numpy(left / scale).float()
    networks = []
    for own in np.random.SeedSequence(seed).generate_state(settings.bags).tolist():
        rng, draw = np.random.default_rng(own), torch.Generator().manual_seed(own)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(own)
            network = make(columns.shape[1])
            trained(network, data, columns, target, rows, settings, rng, draw)
        networks.append(network)
    features = tuple(image_features(network, data) for network in networks)
    return ImageEstimate(ridge, tuple(networks), scale, data, features)


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
    """Teach the head by columns alone, then everything by images too."""
    checked = np.flatnonzero(data.split.validation & np.isfinite(data.excess_c))

    def blind(some: npt.NDArray[np.int64]) -> torch.Tensor:
        return network.corrected(torch.zeros(len(some), network.features), columns[some])

    def seeing(some: npt.NDArray[np.int64]) -> torch.Tensor:
        batch = drawn_batch(network, data, columns, some, settings.photos, rng, draw)
        found: torch.Tensor = network(batch)
        return found

    def seen(some: npt.NDArray[np.int64]) -> torch.Tensor:
        return network.corrected(image_features(network, data, some), columns[some])

    parts = (
        Rounds(settings.first_epochs, settings.first_patience, settings.first_rate, blind, blind),
        Rounds(settings.epochs, settings.patience, settings.rate, seeing, seen),
    )
    for part in parts:
        follow(network, part, target, rows, checked, settings, rng)


@dataclass(frozen=True)
class Rounds:
    """Rounds of training: see the settings; estimates while learning and when checked."""

    epochs: int
    patience: int
    rate: float
    learning: Callable[[npt.NDArray[np.int64]], torch.Tensor]
    checking: Callable[[npt.NDArray[np.int64]], torch.Tensor]


def follow(
    network: ImageNetwork,
    part: Rounds,
    target: torch.Tensor,
    rows: npt.NDArray[np.int64],
    checked: npt.NDArray[np.int64],
    settings: ImageFitSettings,
    rng: np.random.Generator,
) -> None:
    """Follow the gradient of Huber's loss; keep the weights that are best on validation tracts.

    Without a labelled validation tract the last weights stay.
    """
    batches = -(-len(rows) // settings.batch)
    optimiser = torch.optim.AdamW(network.parameters(), part.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, part.rate, total_steps=max(1, part.epochs * batches)
    )
    best, best_state, since = np.inf, None, 0
    for epoch in range(part.epochs + 1):
        if len(checked):
            network.eval()
            with torch.no_grad():
                error = float((part.checking(checked) - target[checked]).abs().mean())
            since += 1
            if error < best:
                best, best_state, since = error, copy.deepcopy(network.state_dict()), 0
        if epoch == part.epochs or since >= part.patience:
            break
        network.train()
        for some in np.array_split(rng.permutation(rows), batches):
            loss = nn.functional.huber_loss(part.learning(some), target[some], delta=0.5)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    if best_state is not None:
        network.load_state_dict(best_state)


def drawn_batch(
    network: ImageNetwork,
    data: HeatData,
    columns: torch.Tensor,
    rows: npt.NDArray[np.int64],
    photos: int,
    rng: np.random.Generator,
    draw: torch.Generator,
) -> TractBatch:
    """Take tracts with their tile and some of their photos, mirrored and turned."""
    tiled = np.flatnonzero(data.has_tile[rows])
    count = 0 if network.photo_encoder is None else photos
    pairs = drawn_photos(data.has_photo[rows], count, rng)
    return TractBatch(
        columns[rows],
        turned(network_input(data.tiles[rows[tiled]]), draw),
        torch.from_numpy(tiled),
        mirrored(network_input(data.photos[rows[pairs[:, 0]], pairs[:, 1]]), draw),
        torch.from_numpy(pairs[:, 0]),
    )


def column_tensor(ridge: RidgeFit, data: HeatData) -> torch.Tensor:
    """Columns of all tracts as the ridge chose them, shape (B, F)."""
    return torch.from_numpy(ridge.columns(data)).float()
