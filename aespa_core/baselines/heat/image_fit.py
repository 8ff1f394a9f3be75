"""Image networks on top of a ridge regression: fitted, and asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from aespa_core.baselines.heat.choice import errors_apart
from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData
from aespa_core.baselines.heat.image_network import ImageNetwork, image_features
from aespa_core.baselines.heat.image_training import ImageFitSettings, Learner, trained
from aespa_core.baselines.heat.pixels import same_images
from aespa_core.baselines.heat.proxy_ridge import RidgeFit, fit_proxy_ridge, refitted
from aespa_core.datasets.heat.splits import METRO_OUT

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# Makes an untrained network for a number of columns.
Make = Callable[[int], ImageNetwork]

# Shares of the correction that are tried for an unseen metro.
SHARES: Final = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


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
        Deviation of what the ridge leaves, °C, times the share of the correction that holds.
    local
        Which of the ridge's columns the networks are given, shape (F,).
    data, features
        The tracts that they learned among, and what each saw in their images: an image is looked
        at once, however often the proxies beside it are changed.
    """

    ridge: RidgeFit
    networks: tuple[ImageNetwork, ...]
    scale_c: float
    local: Mask
    data: HeatData
    features: tuple[torch.Tensor, ...]

    @torch.no_grad()
    def __call__(self, asked: HeatData) -> Array:
        """Estimate all tracts, °C, shape (B,)."""
        features = self.features
        if not same_images(asked, self.data):
            features = tuple(image_features(network, asked) for network in self.networks)
        columns = column_tensor(self.ridge, asked, self.local)
        parts = [
            network.eval().corrected(seen, columns)
            for network, seen in zip(self.networks, features, strict=True)
        ]
        correction = torch.stack(parts).double().mean(0).numpy()
        estimate: Array = self.ridge(asked) + self.scale_c * correction
        return estimate


def fit_images(data: HeatData, seed: int, settings: ImageFitSettings, make: Make) -> ImageEstimate:
    """Train networks on what a ridge on context and proxies leaves.

    For an unseen metro the networks are given only the columns that differ within metros, and the
    rest is left to the ridge: of so few metros a network learns the names, not the climate.
    """
    ridge = fit_proxy_ridge(data, seed, sizes=(0,))
    local = local_columns(ridge, data)
    share = 1.0
    if data.split.kind == METRO_OUT:
        share = share_apart(ridge, local, data, seed, settings, make)
    rows = learnable(data)
    learner = learner_of(ridge, local, data, rows)
    networks = []
    for own in np.random.SeedSequence(seed).generate_state(settings.bags).tolist():
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(own)
            network = make(int(local.sum()))
            trained(network, learner, settings, own)
        networks.append(network)
    features = tuple(image_features(network, data) for network in networks)
    scale = learner.scale_c * share
    return ImageEstimate(ridge, tuple(networks), scale, local, data, features)


def share_apart(
    ridge: RidgeFit,
    local: Mask,
    data: HeatData,
    seed: int,
    settings: ImageFitSettings,
    make: Make,
) -> float:
    """Share of a correction that holds in metros that it was not learned in.

    Told by training metros left out in turn, and by corrections from the columns alone in half
    of the rounds: those are quick to learn.
    """
    blind = replace(settings, epochs=0, first_epochs=settings.first_epochs // 2)

    def fit(rows: Mask) -> Array:
        own = refitted(ridge, data, rows)
        learner = learner_of(own, local, data, rows)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = make(int(local.sum()))
            trained(network, learner, blind, seed)
        with torch.no_grad():
            unseen = torch.zeros(len(rows), network.features)
            found = network.eval().corrected(unseen, learner.columns).double().numpy()
        return own(data)[:, None] + learner.scale_c * found[:, None] * SHARES

    return float(SHARES[errors_apart(data, fit, seed).argmin()])


def learner_of(ridge: RidgeFit, local: Mask, data: HeatData, rows: Mask) -> Learner:
    """Gather what a network learns from: what the ridge leaves, in units of its deviation."""
    left = data.excess_c - ridge(data)
    scale = max(float(left[rows].std()), 1e-6)
    # a metro that is left out has no say in when to stop
    metros = np.isin(data.samples.metro, data.samples.metro[rows])
    checked = data.split.validation & np.isfinite(left) & metros
    return Learner(
        data,
        column_tensor(ridge, data, local),
        torch.from_numpy(left / scale).float(),
        np.flatnonzero(rows),
        np.flatnonzero(checked),
        scale,
    )


def local_columns(ridge: RidgeFit, data: HeatData) -> Mask:
    """Find the columns that hold where it is asked, shape (F,): see :func:`fit_images`."""
    if data.split.kind != METRO_OUT:
        return np.ones(ridge.columns(data).shape[1], dtype=bool)
    rows, values = learnable(data), ridge.columns(data)
    metros = data.samples.metro
    spreads = [np.ptp(values[rows & (metros == m)], axis=0) for m in np.unique(metros[rows])]
    found: Mask = np.max(spreads, axis=0) > 1e-6
    return found


def column_tensor(ridge: RidgeFit, data: HeatData, local: Mask) -> torch.Tensor:
    """Columns that the networks are given, shape (B, F)."""
    return torch.from_numpy(ridge.columns(data)[:, local]).float()
