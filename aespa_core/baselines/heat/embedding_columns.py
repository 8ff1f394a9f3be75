"""Frozen embeddings as a few columns: mean over tile and photos, then principal components."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class EmbeddingColumns:
    """Principal components of summaries, learned from the training tracts.

    Attributes
    ----------
    means
        Mean summary of tiles and of photos, shape (D,) each.
    axes
        Components of each, strongest first, shape (D, N); projections on them have a deviation of
        at most 1, the strongest of exactly 1.
    """

    means: tuple[Array, Array]
    axes: tuple[Array, Array]

    def __call__(self, data: HeatData, size: int) -> Array:
        """Give the ``size`` strongest components of each, shape (B, ≤ 2·size); 0 where missing."""
        parts = [
            np.nan_to_num((summary - mean) @ axes[:, :size])
            for summary, mean, axes in zip(summaries(data), self.means, self.axes, strict=True)
        ]
        return np.hstack(parts)


def fit_embedding_columns(data: HeatData) -> EmbeddingColumns:
    """Find the components of the training tracts' summaries."""
    rows = learnable(data)
    means, axes = [], []
    for summary in summaries(data):
        known = summary[rows & np.isfinite(summary).all(axis=1)]
        if len(known) < 2:
            means.append(np.zeros(summary.shape[1]))
            axes.append(np.zeros((summary.shape[1], 0)))
            continue
        _, strength, turned = np.linalg.svd(known - known.mean(axis=0), full_matrices=False)
        kept = strength > 1e-6 * max(strength[0], 1e-12)
        means.append(known.mean(axis=0))
        axes.append(turned[kept].T * np.sqrt(len(known)) / max(strength[0], 1e-12))
    return EmbeddingColumns((means[0], means[1]), (axes[0], axes[1]))


def summaries(data: HeatData) -> tuple[Array, Array]:
    """Average each tile's tokens and each tract's photos, shape (B, D) each; NaN where none is."""
    return mean_of(data.satellite), mean_of(data.street)


def mean_of(embedded: npt.NDArray[np.float32]) -> Array:
    """Average what is there along the second axis, NaN where nothing is, shape (B, D)."""
    known = np.isfinite(embedded).all(axis=2, keepdims=True)  # (B, K, 1)
    count = known.sum(axis=1)  # (B, 1)
    total = np.where(known, embedded, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
