r"""Covariance of the coefficients: the sandwiches that statsmodels knows.

.. math:: \hat V = (X'WX)^{-1} \hat M (X'WX)^{-1}
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from statsmodels.stats.sandwich_covariance import cov_cluster

from aespa_core.analysis.regression.least_squares import Fit, Floats
from aespa_core.errors import StudyError

HC_KINDS: Final = ("HC0", "HC1", "HC2", "HC3")


@dataclass(frozen=True)
class Covariance:
    """Covariance of coefficients.

    Attributes
    ----------
    name
        As a table's note says it.
    matrix
        Shape (K, K).
    freedom
        Degrees of freedom of Student's t, one a coefficient, shape (K,).
    """

    name: str
    matrix: Floats
    freedom: Floats

    @property
    def errors(self) -> Floats:
        """Standard errors, shape (K,); NaN where a variance came out below 0."""
        variance = np.diag(self.matrix)
        return np.sqrt(np.where(variance >= 0, variance, np.nan))


def iid(fit: Fit) -> Covariance:
    """Errors alike and independent: ``s² (X'WX)⁻¹``."""
    return Covariance("iid", np.asarray(fit.results.cov_params()), everywhere(fit, fit.freedom))


def heteroscedastic(fit: Fit, kind: str = "HC1") -> Covariance:
    """Errors independent, not alike (MacKinnon & White 1985, J. Econometrics 29:305).

    Parameters
    ----------
    fit
        A regression.
    kind
        One of :data:`HC_KINDS`.

    Raises
    ------
    StudyError
        If there is no such kind.
    """
    if kind not in HC_KINDS:
        raise StudyError(f"'{kind}' is no standard error: choose one of {', '.join(HC_KINDS)}.")
    matrix = np.asarray(getattr(fit.results, f"cov_{kind}"))
    return Covariance(kind, matrix, everywhere(fit, fit.freedom))


def clustered(fit: Fit, cluster: npt.NDArray[np.int64], kind: str = "CR1") -> Covariance:
    r"""Errors alike or together within a cluster, independent between clusters.

    .. math:: \hat M = \sum_g s_g s_g', \quad s_g = \sum_{i \in g} x_i w_i e_i

    CR1 multiplies by ``G/(G−1) · (N−1)/(N−K)`` (Liang & Zeger 1986; Stata's). Freedom is G − 1.

    Parameters
    ----------
    fit
        A regression.
    cluster
        Whole numbers, one a row, shape (N,).
    kind
        ``CR0`` or ``CR1``.

    Raises
    ------
    StudyError
        If there is one cluster only.
    """
    groups = clusters_of(cluster)
    matrix = np.asarray(cov_cluster(fit.results, cluster, use_correction=kind == "CR1"))
    return Covariance(kind, matrix, everywhere(fit, groups - 1))


def clusters_of(cluster: npt.NDArray[np.int64]) -> int:
    """Count the clusters.

    Raises
    ------
    StudyError
        If there is one only.
    """
    groups = len(np.unique(cluster))
    if groups < 2:
        raise StudyError("One cluster says nothing of how clusters differ: two or more are needed.")
    return groups


def everywhere(fit: Fit, freedom: float) -> Floats:
    """Give every coefficient the same freedom, shape (K,)."""
    return np.full(fit.x.shape[1], float(freedom))
