"""Rounds of training of an image network, stopped where it no longer helps on validation tracts."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.baselines.heat.image_network import ImageNetwork, TractBatch, image_features
from aespa_core.baselines.heat.pixels import drawn_photos, mirrored, network_input, turned

Rows = npt.NDArray[np.int64]


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
class Learner:
    """What a network learns from.

    Attributes
    ----------
    data
        All tracts.
    columns, target
        What it is given beside images, shape (B, F), and what it should find, shape (B,).
    rows, checked
        Numbers of the tracts that teach, and of those that say when to stop.
    scale_c
        Unit of the target, °C.
    """

    data: HeatData
    columns: torch.Tensor
    target: torch.Tensor
    rows: Rows
    checked: Rows
    scale_c: float


@dataclass(frozen=True)
class Rounds:
    """Rounds of training: see the settings; estimates while learning and when checked."""

    epochs: int
    patience: int
    rate: float
    learning: Callable[[Rows], torch.Tensor]
    checking: Callable[[Rows], torch.Tensor]


def trained(network: ImageNetwork, learner: Learner, settings: ImageFitSettings, seed: int) -> None:
    """Teach the head by columns alone, then everything by images too."""
    rng, draw = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    data, columns = learner.data, learner.columns

    def blind(some: Rows) -> torch.Tensor:
        return network.corrected(torch.zeros(len(some), network.features), columns[some])

    def seeing(some: Rows) -> torch.Tensor:
        batch = drawn_batch(network, data, columns, some, settings.photos, rng, draw)
        found: torch.Tensor = network(batch)
        return found

    def seen(some: Rows) -> torch.Tensor:
        return network.corrected(image_features(network, data, some), columns[some])

    parts = (
        Rounds(settings.first_epochs, settings.first_patience, settings.first_rate, blind, blind),
        Rounds(settings.epochs, settings.patience, settings.rate, seeing, seen),
    )
    for part in parts:
        if part.epochs:
            follow(network, part, learner, settings, rng)


def follow(
    network: ImageNetwork,
    part: Rounds,
    learner: Learner,
    settings: ImageFitSettings,
    rng: np.random.Generator,
) -> None:
    """Follow the gradient of Huber's loss; keep the weights that are best on validation tracts.

    Without a labelled validation tract the last weights stay.
    """
    rows, checked, target = learner.rows, learner.checked, learner.target
    batches = -(-len(rows) // settings.batch)
    optimiser = torch.optim.AdamW(network.parameters(), part.rate, weight_decay=settings.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, part.rate, total_steps=part.epochs * batches
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
    rows: Rows,
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
