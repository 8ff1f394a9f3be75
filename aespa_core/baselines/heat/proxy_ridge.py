"""Ridge regression on context, proxies and, where they help, principal embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import Ridge

from aespa_core.baselines.heat.choice import errors_apart
from aespa_core.baselines.heat.columns import Columns, fit_columns, learnable
from aespa_core.baselines.heat.contract import HeatData, HeatMethod, Predictor
from aespa_core.baselines.heat.embedding_columns import EmbeddingColumns, fit_embedding_columns

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

PENALTIES: Final = tuple(float(10.0**power) for power in np.arange(-2.0, 4.1, 0.5))
# Principal components of tiles and of photos, each; none is a choice too.
SIZES: Final = (0, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class RidgeFit:
    """Ridge regression on chosen columns.

    Attributes
    ----------
    columns, embeddings
        How a tract becomes columns.
    size
        Components of tiles and of photos, each.
    model
        The regression, °C.
    """

    columns: Columns
    embeddings: EmbeddingColumns
    size: int
    model: Ridge

    def __call__(self, data: HeatData) -> Array:
        """Estimate all tracts, °C, shape (B,)."""
        found: Array = self.model.predict(self.inputs(data))
        return found

    def inputs(self, data: HeatData) -> Array:
        """Columns of all tracts, shape (B, F)."""
        return np.hstack([self.columns(data), self.embeddings(data, self.size)])


def fit_proxy_ridge(
    data: HeatData,
    seed: int,
    penalties: Sequence[float] = PENALTIES,
    sizes: Sequence[int] = SIZES,
) -> Predictor:
    """Fit with the penalty, the components and the metro columns that are best on tracts apart."""
    return ridge_fit(data, seed, penalties, sizes)


def ridge_fit(
    data: HeatData,
    seed: int,
    penalties: Sequence[float] = PENALTIES,
    sizes: Sequence[int] = SIZES,
) -> RidgeFit:
    """Do as :func:`fit_proxy_ridge`, and keep the parts."""
    columns, embeddings = fit_columns(data), fit_embedding_columns(data)
    shapes = [
        RidgeFit(own, embeddings, size, Ridge(penalty))
        for own, size, penalty in product((columns, columns.without_metros()), sizes, penalties)
    ]

    def fit(rows: Mask) -> Array:
        return np.stack([fitted(shape, data, rows)(data) for shape in shapes], axis=1)

    best = shapes[int(errors_apart(data, fit, seed).argmin())]
    return fitted(best, data, learnable(data))


def fitted(shape: RidgeFit, data: HeatData, rows: Mask) -> RidgeFit:
    """Fit the regression on some tracts."""
    model = Ridge(shape.model.alpha).fit(shape.inputs(data)[rows], data.excess_c[rows])
    return RidgeFit(shape.columns, shape.embeddings, shape.size, model)


PROXY_RIDGE = HeatMethod("proxy_ridge", fit_proxy_ridge)
