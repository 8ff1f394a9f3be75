"""Profile likelihoods of the spatial lag and the spatial error model, and their highest point."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize

from aespa_core.analysis.spatial.spatial_weights import SpatialWeights
from aespa_core.analysis.spatial.spectrum import squared_norm
from aespa_core.errors import StudyError

NODES: Final = 64
# The likelihood falls to −∞ at the ends of the interval; this near to one its slope is steep.
END: Final = 1e-12
# A highest point nearer than this is the end's own, and no model's.
NEAR_END: Final = 1e-9

Residuals = Callable[[float], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class ProfileLikelihood:
    r"""Log likelihood of the spatial parameter, everything else at its best.

    .. math::
        \ell(\rho) = -\tfrac n2 (\ln 2\pi + 1 + \ln \tfrac{e'e}{n}) + \sum_i \ln(1-\rho\omega_i)

    Attributes
    ----------
    residuals
        Parameter → residuals e (n,) and d (n,) with e'd = −½ d(e'e)/dρ: by the envelope theorem
        the change of the best coefficients adds nothing to it.
    eigenvalues
        (n,) ω of the weights.
    """

    residuals: Residuals
    eigenvalues: np.ndarray

    def value(self, parameter: float) -> float:
        """Log likelihood with its constants."""
        e, _ = self.residuals(parameter)
        n = len(e)
        jacobian = np.log(np.abs(1.0 - parameter * self.eigenvalues)).sum()
        return float(-n / 2 * (np.log(2 * np.pi) + 1 + np.log(e @ e / n)) + jacobian)

    def slope(self, parameter: float) -> float:
        """Its derivative."""
        e, d = self.residuals(parameter)
        ratio = self.eigenvalues / (1.0 - parameter * self.eigenvalues)
        return float(len(e) * (e @ d) / (e @ e) - ratio.sum().real)

    def interval(self) -> tuple[float, float]:
        """Where I − ρW is sure to be invertible; 1 is W's largest eigenvalue."""
        if np.iscomplexobj(self.eigenvalues):
            return -1.0, 1.0
        return float(1.0 / self.eigenvalues.min()), 1.0

    def highest(self) -> float:
        """Find the maximum: the best of some nodes, then the root of the slope beside it.

        Near its maximum the likelihood is flat to half of the digits, so a search by value stops
        at a relative error of about 1e-8; the slope's root has no such limit.

        Raises
        ------
        StudyError
            If it rises up to an end of the interval.
        """
        low, high = self.interval()
        half = (high - low) / 2
        angles = np.linspace(0, np.pi, NODES + 2)[1:-1]
        inner = low + half * (1 - np.cos(angles))  # closer together at both ends
        best = int(np.argmax([self.value(node) for node in inner]))
        ends = low + END * half, high - END * half
        nodes = np.array([ends[0], *inner, ends[1]])
        if self.slope(nodes[best]) >= 0 >= self.slope(nodes[best + 2]):
            found = float(optimize.brentq(self.slope, nodes[best], nodes[best + 2], xtol=1e-15))
        else:
            found = low
        if not NEAR_END * half < found - low < (2 - NEAR_END) * half:
            raise StudyError(
                f"The likelihood has no highest point between {low:.4g} and {high:.4g}: the tracts "
                "are neighbours in such a way that the spatial parameter cannot be told (as where "
                "every tract touches every other). Look at their borders, or take other weights, "
                "such as knn_6."
            )
        return found


def lag_likelihood(y: np.ndarray, basis: np.ndarray, weights: SpatialWeights) -> ProfileLikelihood:
    """Profile ρ of y = ρWy + Xβ + ε, given y (n,) and an orthonormal basis (n, K) of X."""
    own = _outside(y, basis)
    lagged = _outside(weights.matrix @ y, basis)
    return ProfileLikelihood(lambda rho: (own - rho * lagged, lagged), weights.eigenvalues)


def error_likelihood(
    y: np.ndarray, basis: np.ndarray, weights: SpatialWeights
) -> ProfileLikelihood:
    """Profile λ of y = Xβ + u, u = λWu + ε; arguments as in `lag_likelihood`."""
    y_lag, basis_lag = weights.matrix @ y, weights.matrix @ basis

    def residuals(parameter: float) -> tuple[np.ndarray, np.ndarray]:
        filtered = basis - parameter * basis_lag  # (n, K)
        best = np.linalg.lstsq(filtered, y - parameter * y_lag, rcond=None)[0]  # (K,)
        lag = y_lag - basis_lag @ best  # (n,) W u
        return (y - basis @ best) - parameter * lag, lag

    return ProfileLikelihood(residuals, weights.eigenvalues)


@dataclass(frozen=True)
class FilterTraces:
    """Of G = W(I − ρW)⁻¹: ``first`` is tr G, ``squares`` is tr(GG + G'G)."""

    first: float
    squares: float


def filter_traces(weights: SpatialWeights, parameter: float) -> FilterTraces:
    """Compute what the information about ρ (or λ) and σ² is made of."""
    ratio = weights.eigenvalues / (1.0 - parameter * weights.eigenvalues)
    norm = squared_norm(weights.matrix, weights.blocks, parameter)
    return FilterTraces(float(ratio.sum().real), float((ratio**2).sum().real) + norm)


def _outside(values: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Remove from values (n,) what the basis (n, K) explains."""
    return values - basis @ (basis.T @ values)
