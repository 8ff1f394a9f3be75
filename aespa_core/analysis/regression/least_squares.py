r"""Weighted least squares, with what every standard error needs of it.

.. math:: \hat\beta = (X'WX)^{-1} X'Wy
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from statsmodels.regression.linear_model import RegressionResults

from aespa_core.analysis.regression.singular import solvable
from aespa_core.errors import StudyError

Floats = npt.NDArray[np.float64]

# Of a column's length, what must stand outside the span of the columns before it.
LEAST_OWN: Final = 1e-10


@dataclass(frozen=True)
class Fit:
    """A fitted regression.

    Attributes
    ----------
    y
        Outcome, shape (N,).
    x
        Columns, the constant among them, shape (N, K).
    weights
        Above 0, shape (N,).
    coefficients
        Shape (K,).
    residuals
        ``y − Xβ``, shape (N,).
    bread
        ``(X'WX)⁻¹``, shape (K, K).
    r2
        Weighted share of variance about the mean that is explained.
    results
        As statsmodels holds them.
    """

    y: Floats
    x: Floats
    weights: Floats
    coefficients: Floats
    residuals: Floats
    bread: Floats
    r2: float
    results: RegressionResults = field(repr=False, compare=False)

    @property
    def freedom(self) -> int:
        """Rows that are left over, N − K."""
        return self.x.shape[0] - self.x.shape[1]

    @cached_property
    def squared(self) -> Floats:
        """``X'W²X``, shape (K, K)."""
        weighted = self.x * self.weights[:, None]
        product: Floats = weighted.T @ weighted
        return product

    @property
    def scores(self) -> Floats:
        """What each row adds to the normal equations, ``x_i w_i e_i``, shape (N, K)."""
        return self.x * (self.weights * self.residuals)[:, None]


@solvable("The regression")
def least_squares(y: Floats, x: Floats, weights: Floats) -> Fit:
    """Fit ``y`` on the columns of ``x``.

    Parameters
    ----------
    y
        Outcome, shape (N,).
    x
        Columns, shape (N, K), of full rank, the constant among them.
    weights
        Above 0, shape (N,).

    Raises
    ------
    StudyError
        If there are not more rows than columns, or a column is a combination of others.
    """
    rows, columns = x.shape
    if rows <= columns:
        raise StudyError(f"{rows} rows cannot tell {columns} coefficients apart: use fewer terms.")
    if (rank := rank_of(x * np.sqrt(weights)[:, None])) < columns:
        raise StudyError(
            f"{columns} columns carry only {rank} independent ones: leave out those that "
            "others add up to."
        )
    model = sm.WLS(y, x, weights=weights)
    fitted = model.fit()
    return Fit(
        y,
        x,
        weights,
        np.asarray(fitted.params),
        y - x @ fitted.params,
        np.asarray(model.normalized_cov_params),
        float(fitted.rsquared),
        fitted,
    )


def rank_of(x: Floats) -> int:
    """Count the columns (N, K) that have something of their own beside those before them."""
    own = np.abs(np.diag(np.linalg.qr(x, mode="r")))
    return int((own > LEAST_OWN * np.linalg.norm(x, axis=0)).sum())
