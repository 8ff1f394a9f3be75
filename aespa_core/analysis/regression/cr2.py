r"""Bias-reduced clustered covariance, with Satterthwaite's degrees of freedom.

.. math:: \hat V = M \Big(\sum_g X_g' W_g A_g e_g e_g' A_g W_g X_g\Big) M, \qquad
   A_g = \big[(I - H)_g (I - H)_g'\big]^{-1/2}, \qquad M = (X'WX)^{-1}, \; H = X M X'W

It is unbiased where errors are alike and independent, whatever the weights (Bell & McCaffrey 2002,
Survey Methodology 28:169; Pustejovsky & Tipton 2018, J. Business & Economic Statistics 36:672,
with an identity as working model, as ``clubSandwich`` does for ``lm``).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.regression.covariance import Covariance, clusters_of
from aespa_core.analysis.regression.least_squares import Fit, Floats
from aespa_core.analysis.regression.singular import solvable
from aespa_core.errors import StudyError

# Eigenvalues below this share of 1 belong to directions that the cluster's own terms take up.
LEAST_EIGENVALUE = 1e-10
# Rows; 5,000 take half a minute and 600 MB.
LARGEST_CLUSTER = 5_000


@dataclass(frozen=True)
class Influence:
    """How a cluster's adjusted residuals enter each coefficient.

    Attributes
    ----------
    on_residuals
        ``A_g W_g X_g M``, shape (n_g, K).
    rows
        Which rows they are, shape (n_g,).
    """

    on_residuals: Floats
    rows: npt.NDArray[np.int64]


@solvable("The CR2 covariance")
def cr2(fit: Fit, cluster: npt.NDArray[np.int64]) -> Covariance:
    """Estimate the covariance and each coefficient's freedom.

    Parameters
    ----------
    fit
        A regression.
    cluster
        Whole numbers, one a row, shape (N,).

    Raises
    ------
    StudyError
        If there is one cluster only, or one of more rows than :data:`LARGEST_CLUSTER`.
    """
    clusters_of(cluster)
    if (largest := int(np.unique(cluster, return_counts=True)[1].max())) > LARGEST_CLUSTER:
        raise StudyError(
            f"CR2 of a cluster of {largest:,} rows takes hours, since its time grows with their "
            f"cube: {LARGEST_CLUSTER:,} are the most. Ask for more blocks ([errors] blocks)."
        )
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order])) + 1
    parts = [influence(fit, rows) for rows in np.split(order, starts)]
    pulls = np.stack([part.on_residuals.T @ fit.residuals[part.rows] for part in parts])  # (G, K)
    return Covariance("CR2", pulls.T @ pulls, satterthwaite(fit, parts))


def influence(fit: Fit, rows: npt.NDArray[np.int64]) -> Influence:
    """Adjust the residuals of one cluster's rows."""
    x, weighted = fit.x[rows], fit.x[rows] * fit.weights[rows, None]  # (n, K)
    reach = x @ fit.bread  # (n, K)
    own = reach @ weighted.T  # (n, n)
    spread = np.eye(len(rows)) - own - own.T + reach @ fit.squared @ reach.T
    values, vectors = np.linalg.eigh(spread)
    kept = values > LEAST_EIGENVALUE
    root = np.where(kept, np.where(kept, values, 1.0) ** -0.5, 0.0)
    adjust = (vectors * root) @ vectors.T  # (n, n)
    return Influence(adjust @ weighted @ fit.bread, rows)


def satterthwaite(fit: Fit, parts: list[Influence]) -> Floats:
    r"""Match the first two moments of each variance to a scaled χ², shape (K,).

    .. math:: \nu = \frac{(\operatorname{tr} \Omega)^2}{\operatorname{tr} \Omega^2}, \qquad
       \Omega_{gh} = p_g'p_h, \quad p_g = (I - H)_g' A_g W_g X_g M c
    """
    columns = range(fit.x.shape[1])
    # p_g'p_h falls apart into the cluster's own part and products of K numbers a cluster
    own = np.stack([(part.on_residuals**2).sum(0) for part in parts])  # (G, K)
    onto = np.stack([fit.bread @ fit.x[p.rows].T @ p.on_residuals for p in parts])  # (G, K, K)
    back = np.stack(
        [(fit.x[p.rows] * fit.weights[p.rows, None]).T @ p.on_residuals for p in parts]
    )  # (G, K, K)
    freedom = np.empty(len(columns))
    for column in columns:
        u, v = onto[:, :, column], back[:, :, column]  # (G, K)
        crossed = v @ u.T  # (G, G)
        omega = np.diag(own[:, column]) - crossed - crossed.T + u @ fit.squared @ u.T
        freedom[column] = np.trace(omega) ** 2 / (omega**2).sum()
    return freedom
