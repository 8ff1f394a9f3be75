"""Spatial lag, error and Durbin models by maximum likelihood, on the tracts with neighbours.

spreg fits these too and the tests compare, but it does not serve here. Its quick method (``ord``)
takes a trace of the symmetrised weights, which puts R's standard errors 1–2 % off; the others
invert the matrix of all metros at once; and all search by value, so that ρ repeats to 5e-8 only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from aespa_core.analysis.regression.singular import solvable
from aespa_core.analysis.spatial.connected_sample import (
    ConnectedSample,
    check_design,
    connected_sample,
)
from aespa_core.analysis.spatial.likelihood import error_likelihood, filter_traces, lag_likelihood
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights
from aespa_core.errors import StudyError


@dataclass(frozen=True, eq=False)
class SpatialModel:
    """A fitted model of n tracts.

    Attributes
    ----------
    kind
        ``sar`` (y = ρWy + Xβ + ε), ``sem`` (y = Xβ + u, u = λWu + ε) or ``sdm``
        (y = ρWy + Xβ + WXθ + ε).
    terms
        (K,) names of the coefficients; of `sdm` also ``lag of …``.
    own, lags
        (T,) positions in `terms` of the covariates that vary, and of their lags (-1 for none).
    coefficients, std_errors
        (K,), outcome per unit of the covariate. In `sar` and `sdm` they are not effects: see
        `aespa_core.analysis.spatial.impacts`.
    parameter_name
        ``rho`` or ``lambda``.
    parameter, parameter_std_error
        The spatial parameter.
    covariance
        (K + 1, K + 1) of the coefficients and, last, the parameter; asymptotic, analytic.
    residual_variance
        σ², without a correction for degrees of freedom.
    log_likelihood, aic
        AIC counts K coefficients, the parameter and σ².
    residuals
        (n,) ε.
    used
        (N,) which of the given tracts are the n.
    left_out
        Geoids without neighbours.
    weights
        Of the n tracts.
    """

    kind: str
    terms: tuple[str, ...]
    own: tuple[int, ...]
    lags: tuple[int, ...]
    coefficients: np.ndarray
    std_errors: np.ndarray
    parameter_name: str
    parameter: float
    parameter_std_error: float
    covariance: np.ndarray
    residual_variance: float
    log_likelihood: float
    aic: float
    residuals: np.ndarray
    used: np.ndarray
    left_out: tuple[str, ...]
    weights: SpatialWeights


@solvable("The spatial lag model")
def sar(
    y: np.ndarray, x: np.ndarray, terms: Sequence[str], weights: SpatialWeights
) -> SpatialModel:
    """Fit the spatial lag model.

    Parameters
    ----------
    y
        (N,) outcome, no NaN.
    x
        (N, K) design with its constant.
    terms
        (K,) names of its columns.
    weights
        Of the N tracts.

    Raises
    ------
    StudyError
        If too few tracts have neighbours, the outcome never changes, the design is singular or
        explains the outcome exactly, or values are missing.
    """
    return _fit_lag("sar", _design(_sample(y, x, terms, weights), terms))


@solvable("The spatial Durbin model")
def sdm(
    y: np.ndarray,
    x: np.ndarray,
    terms: Sequence[str],
    weights: SpatialWeights,
    lagged: Sequence[str] | None = None,
) -> SpatialModel:
    """Fit the spatial Durbin model; arguments and errors as in `sar`.

    Parameters
    ----------
    lagged
        Terms whose neighbours' mean enters too; None is all that change (fixed effects are better
        left out of it).
    """
    sample = _sample(y, x, terms, weights)
    if unknown := sorted(set(lagged or ()) - set(terms)):
        raise StudyError(
            f"{', '.join(unknown)} cannot be lagged: the design has {', '.join(terms)}."
        )
    return _fit_lag("sdm", _design(sample, terms, terms if lagged is None else lagged))


@solvable("The spatial error model")
def sem(
    y: np.ndarray, x: np.ndarray, terms: Sequence[str], weights: SpatialWeights
) -> SpatialModel:
    """Fit the spatial error model; arguments and errors as in `sar`."""
    sample = _sample(y, x, terms, weights)
    y, x, weights = sample.y, sample.x, sample.weights
    basis, triangle = np.linalg.qr(x)  # (n, K), (K, K)
    likelihood = error_likelihood(y, basis, weights)
    lam = likelihood.highest()
    filtered = basis - lam * (weights.matrix @ basis)  # (n, K)
    best = np.linalg.lstsq(filtered, y - lam * (weights.matrix @ y), rcond=None)[0]
    residuals, _ = likelihood.residuals(lam)
    variance = float(residuals @ residuals / len(y))
    back = np.linalg.inv(triangle)  # from coefficients of the basis to those of x
    # Coefficients and λ are asymptotically independent; λ is correlated with σ² alone.
    traces = filter_traces(weights, lam)
    mixed = traces.first / variance
    information = np.array([[traces.squares, mixed], [mixed, len(y) / (2 * variance**2)]])
    k = x.shape[1]
    covariance = np.zeros((k + 1, k + 1))
    covariance[:k, :k] = variance * back @ np.linalg.inv(filtered.T @ filtered) @ back.T
    covariance[k, k] = np.linalg.inv(information)[0, 0]
    design, best = _design(sample, terms), back @ best
    return _model("sem", design, best, lam, covariance, residuals, likelihood.value(lam))


@dataclass(frozen=True, eq=False)
class _Design:
    """A sample whose design may hold lags, with `SpatialModel.terms`, ``own`` and ``lags``."""

    sample: ConnectedSample
    terms: tuple[str, ...]
    own: tuple[int, ...]
    lags: tuple[int, ...]


def _design(sample: ConnectedSample, terms: Sequence[str], lagged: Sequence[str] = ()) -> _Design:
    """Append to the design (n, K) the neighbours' means of the lagged terms that vary."""
    own = tuple(k for k in range(len(terms)) if np.ptp(sample.x[:, k]) > 0)
    chosen = [k for k in own if terms[k] in set(lagged)]
    names = (*terms, *(f"lag of {terms[k]}" for k in chosen))
    lags = tuple(len(terms) + chosen.index(k) if k in chosen else -1 for k in own)
    x = np.column_stack([sample.x, sample.weights.matrix @ sample.x[:, chosen]])
    sample = replace(sample, x=x)
    check_design(sample, names, sample.weights.words)
    return _Design(sample, names, own, lags)


def _fit_lag(kind: str, design: _Design) -> SpatialModel:
    """Fit y = ρWy + Xβ + ε, where X may hold lags.

    Information matrix after Ord (1975) and Anselin (1988), p. 64, as R's ``lagsarlm`` has it.
    """
    sample = design.sample
    y, weights = sample.y, sample.weights
    basis, triangle = np.linalg.qr(sample.x)  # (n, K), (K, K)
    likelihood = lag_likelihood(y, basis, weights)
    rho = likelihood.highest()
    best = basis.T @ (y - rho * (weights.matrix @ y))  # (K,)
    residuals, _ = likelihood.residuals(rho)
    variance = float(residuals @ residuals / len(y))
    mean = basis @ best  # (n,)
    away = sparse.eye_array(len(y)) - rho * weights.matrix
    expected = sparse.linalg.spsolve(away.tocsc(), mean)  # (n,) E y
    lag = weights.matrix @ expected  # (n,)
    traces = filter_traces(weights, rho)
    k = len(design.terms)
    information = np.zeros((k + 2, k + 2))  # basis coefficients, ρ, σ²
    information[:k, :k] = np.eye(k) / variance
    information[:k, k] = information[k, :k] = basis.T @ lag / variance
    information[k, k] = traces.squares + lag @ lag / variance
    information[k, k + 1] = information[k + 1, k] = traces.first / variance
    information[k + 1, k + 1] = len(y) / (2 * variance**2)
    back = np.eye(k + 1)
    back[:k, :k] = np.linalg.inv(triangle)
    covariance = back @ np.linalg.inv(information)[: k + 1, : k + 1] @ back.T
    best = back[:k, :k] @ best
    return _model(kind, design, best, rho, covariance, residuals, likelihood.value(rho))


def _sample(
    y: np.ndarray, x: np.ndarray, terms: Sequence[str], weights: SpatialWeights
) -> ConnectedSample:
    if np.ndim(x) != 2 or np.shape(x)[1] != len(terms):
        raise StudyError(
            f"{len(terms)} terms ({', '.join(terms)}) name a design of shape {np.shape(x)}: "
            "each column needs its name."
        )
    return connected_sample(y, x, weights, terms)


def _model(
    kind: str,
    design: _Design,
    coefficients: np.ndarray,
    parameter: float,
    covariance: np.ndarray,
    residuals: np.ndarray,
    log_likelihood: float,
) -> SpatialModel:
    errors = np.sqrt(np.diag(covariance))  # (K + 1,)
    return SpatialModel(
        kind=kind,
        terms=design.terms,
        own=design.own,
        lags=design.lags,
        coefficients=coefficients,
        std_errors=errors[:-1],
        parameter_name="lambda" if kind == "sem" else "rho",
        parameter=parameter,
        parameter_std_error=float(errors[-1]),
        covariance=covariance,
        residual_variance=float(residuals @ residuals / len(residuals)),
        log_likelihood=log_likelihood,
        aic=2 * (len(design.terms) + 2) - 2 * log_likelihood,
        residuals=residuals,
        used=design.sample.used,
        left_out=design.sample.left_out,
        weights=design.sample.weights,
    )
