r"""Weighted least squares, with what every standard error needs of it.

.. math:: \hat\beta = (X'WX)^{-1} X'Wy
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from statsmodels.regression.linear_model import RegressionResults

from aespa_core.errors import StudyError

Floats = npt.NDArray[np.float64]


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

    @property
    def scores(self) -> Floats:
        """What each row adds to the normal equations, ``x_i w_i e_i``, shape (N, K)."""
        return self.x * (self.weights * self.residuals)[:, None]


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
    rank = int(np.linalg.matrix_rank(x * np.sqrt(weights / weights.mean())[:, None]))
    if rank < columns:
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
