"""Ridge regression on context, proxies and, where they help, principal embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import Ridge

from aespa_core.baselines.heat.choice import errors_apart
from aespa_core.baselines.heat.columns import Columns, fit_columns, learnable
from aespa_core.baselines.heat.contract import HeatData, HeatMethod
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
    penalty
        On the squared coefficients.
    weights, intercept
        Coefficients, °C a unit of a column, shape (F,), and °C.
    """

    columns: Columns
    embeddings: EmbeddingColumns
    size: int
    penalty: float
    weights: Array
    intercept: float

    def __call__(self, data: HeatData) -> Array:
        """Estimate all tracts, °C, shape (B,)."""
        inputs = ridge_inputs(self.columns, self.embeddings, self.size, data)
        found: Array = self.intercept + inputs @ self.weights
        return found


def fit_proxy_ridge(
    data: HeatData,
    seed: int,
    penalties: Sequence[float] = PENALTIES,
    sizes: Sequence[int] = SIZES,
) -> RidgeFit:
    """Fit with the penalty, the components and the metro columns that are best on tracts apart."""
    own, embeddings = fit_columns(data), fit_embedding_columns(data)
    shapes = list(product((own, own.without_metros()), sizes))
    inputs = [ridge_inputs(columns, embeddings, size, data) for columns, size in shapes]

    def fit(rows: Mask) -> Array:
        # the penalties of one shape are S outcomes of one call
        labels = np.repeat(data.excess_c[rows, None], len(penalties), axis=1)
        fits = [Ridge(np.array(penalties)).fit(x[rows], labels).predict(x) for x in inputs]
        return np.hstack([found.reshape(len(rows), -1) for found in fits])

    best = int(errors_apart(data, fit, seed).argmin())
    (columns, size), penalty = shapes[best // len(penalties)], penalties[best % len(penalties)]
    chosen = RidgeFit(columns, embeddings, size, penalty, np.zeros(0), 0.0)
    return refitted(chosen, data, learnable(data))


def refitted(ridge: RidgeFit, data: HeatData, rows: Mask) -> RidgeFit:
    """Find the coefficients anew on some tracts, all choices kept."""
    inputs = ridge_inputs(ridge.columns, ridge.embeddings, ridge.size, data)
    model = Ridge(ridge.penalty).fit(inputs[rows], data.excess_c[rows])
    return replace(ridge, weights=model.coef_, intercept=float(model.intercept_))


def ridge_inputs(
    columns: Columns, embeddings: EmbeddingColumns, size: int, data: HeatData
) -> Array:
    """Columns of all tracts, shape (B, F)."""
    return np.hstack([columns(data), embeddings(data, size)])


PROXY_RIDGE = HeatMethod("proxy_ridge", fit_proxy_ridge)
