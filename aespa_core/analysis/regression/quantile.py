r"""Quantile regression with errors that are together within spatial blocks.

.. math:: \hat\beta(\tau) = \arg\min_b \sum_i w_i \rho_\tau(y_i - x_i b), \qquad
   \rho_\tau(e) = e (\tau - 1[e < 0])

Koenker & Bassett (1978), Econometrica 46:33; covariance after Parente & Santos Silva (2016),
J. Econometric Methods 5:1.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.optimize import linprog

from aespa_core.analysis.regression.covariance import Covariance, clusters_of
from aespa_core.analysis.regression.least_squares import Floats
from aespa_core.analysis.regression.singular import solvable
from aespa_core.errors import StudyError

# Below this share of the largest residual, one is 0.
ROUNDING: Final = 1e-8


@solvable("The quantile regression")
def quantile_coefficients(y: Floats, x: Floats, weights: Floats, tau: float) -> Floats:
    r"""Find the coefficients at level τ, shape (K,).

    They are the prices in the dual programme (Koenker 2005, Quantile Regression, ch. 6)

    .. math:: \max_a y'a, \quad X'a = (1 - \tau) X'w, \quad 0 \le a_i \le w_i

    which HiGHS solves to a vertex; statsmodels' reweighting runs in circles on real tracts.

    Raises
    ------
    StudyError
        If the solver finds no solution.
    """
    found = linprog(
        -y,
        A_eq=x.T,
        b_eq=(1 - tau) * (x.T @ weights),
        bounds=np.column_stack([np.zeros_like(weights), weights]),
        method="highs-ds",
    )
    if found.status != 0:
        raise StudyError(
            f"The quantile regression at τ = {tau:g} has no solution ({found.message}): "
            "use fewer terms."
        )
    return through_rows(y, x, -np.asarray(found.eqlin.marginals))


def through_rows(y: Floats, x: Floats, near: Floats) -> Floats:
    """Solve for the K rows that a vertex goes through, (K,): prices carry a tolerance."""
    closest = np.argsort(np.abs(y - x @ near))[: x.shape[1]]
    if np.linalg.matrix_rank(x[closest]) < x.shape[1]:
        return near
    exact = np.asarray(np.linalg.solve(x[closest], y[closest]), float)
    return exact if np.allclose(exact, near, rtol=1e-5, atol=1e-6) else near


@solvable("The covariance of the quantile regression")
def quantile_covariance(
    y: Floats,
    x: Floats,
    weights: Floats,
    tau: float,
    coefficients: Floats,
    cluster: npt.NDArray[np.int64],
) -> Covariance:
    r"""Estimate their covariance under errors that are together within a cluster.

    .. math:: \hat V = \frac{G}{G-1} B^{-1} \Big(\sum_g s_g s_g'\Big) B^{-1}, \quad
       s_g = \sum_{i \in g} x_i w_i (\tau - 1[e_i < 0]), \quad
       B = \sum_i w_i \frac{1[|e_i| \le h]}{2h} x_i x_i'

    with Hall and Sheather's bandwidth h. Freedom is G − 1.

    Raises
    ------
    StudyError
        If there is one cluster only, or too few residuals lie near 0.
    """
    groups = clusters_of(cluster)
    residuals = y - x @ coefficients
    near = np.abs(residuals) <= bandwidth(residuals, tau)
    density = near / (2 * bandwidth(residuals, tau))
    curvature = (x * (weights * density)[:, None]).T @ x
    if np.linalg.matrix_rank(curvature) < len(coefficients):
        raise StudyError(f"Too few tracts lie near the quantile τ = {tau:g}: use fewer terms.")
    # the rows that the fit goes through lie on it, whichever sign rounding gives them
    below = residuals < -ROUNDING * np.abs(residuals).max()
    scores = x * (weights * (tau - below))[:, None]
    _, place = np.unique(cluster, return_inverse=True)
    sums = np.zeros((groups, x.shape[1]))
    np.add.at(sums, place, scores)
    inverse = np.linalg.inv(curvature)
    matrix = groups / (groups - 1) * inverse @ (sums.T @ sums) @ inverse
    return Covariance("clustered", matrix, np.full(x.shape[1], groups - 1.0))


def bandwidth(residuals: Floats, tau: float) -> float:
    """Hall & Sheather's (1988, JRSS B 50:381) bandwidth in the unit of the residuals."""
    n = len(residuals)
    at = stats.norm.ppf(tau)
    share = (
        n ** (-1 / 3)
        * stats.norm.ppf(0.975) ** (2 / 3)
        * (1.5 * stats.norm.pdf(at) ** 2 / (2 * at**2 + 1)) ** (1 / 3)
    )
    # a share beyond the ends of 0–1 has no quantile
    share = min(share, 0.9 * min(tau, 1 - tau))
    spread = min(residuals.std(), stats.iqr(residuals) / 1.34)
    return float(spread * (stats.norm.ppf(tau + share) - stats.norm.ppf(tau - share)))
