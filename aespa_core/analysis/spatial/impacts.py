"""What a covariate does in a spatial model: in its own tract, in the others, in all."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from aespa_core.analysis.spatial.spatial_model import SpatialModel
from aespa_core.errors import ConfigError, StudyError

DRAWS: Final = 1000
SEED: Final = 2024
NORMAL_975: Final = 1.959963984540054


@dataclass(frozen=True)
class Impact:
    """One kind of impact of each of T covariates.

    Attributes
    ----------
    estimate, std_error, low95, high95
        (T,) outcome per unit of the covariate.
    """

    estimate: np.ndarray
    std_error: np.ndarray
    low95: np.ndarray
    high95: np.ndarray


@dataclass(frozen=True)
class Impacts:
    """Mean impacts of T covariates over the n tracts of a model.

    Attributes
    ----------
    terms
        (T,) covariates, without the constant.
    direct
        On a tract of a unit more in itself, feedback over its neighbours included.
    indirect
        On a tract of a unit more in all others.
    total
        On a tract of a unit more everywhere.
    draws
        Simulated models behind errors and intervals; 0 where they are analytic (``sem``).
    refused
        Draws left out of them because I − ρW has no inverse that settles.
    """

    terms: tuple[str, ...]
    direct: Impact
    indirect: Impact
    total: Impact
    draws: int
    refused: int


@dataclass(frozen=True)
class MeanImpacts:
    """Point values: ``direct`` and ``total``, each (T,)."""

    direct: np.ndarray
    total: np.ndarray


def impacts(model: SpatialModel, draws: int = DRAWS, seed: int = SEED) -> Impacts:
    """Compute direct, indirect and total impacts with errors and 95 % intervals.

    Those of ``sar`` and ``sdm`` come from models drawn from the estimated covariance (LeSage &
    Pace 2009, ch. 5), intervals from 2.5 to 97.5 % of them; those of ``sem`` are its coefficients.

    Raises
    ------
    StudyError
        If the covariance admits almost no model that settles.
    """
    terms = tuple(model.terms[k] for k in model.own)
    if model.kind == "sem":
        own = list(model.own)
        effect = _normal(model.coefficients[own], model.std_errors[own])
        none = np.zeros(len(own))
        return Impacts(terms, effect, Impact(none, none, none, none), effect, 0, 0)
    if draws < 100:
        raise ConfigError(f"{draws} draws make no 95 % interval: take 100 or more.")
    found = mean_impacts(model, model.coefficients, model.parameter)
    centre = np.append(model.coefficients, model.parameter)  # (K + 1,)
    drawn = np.random.default_rng(seed).multivariate_normal(
        centre, model.covariance, draws, method="cholesky"
    )  # (D, K + 1)
    settles = np.abs(drawn[:, -1]) < 1
    if settles.sum() < draws / 2:
        raise StudyError(
            f"{model.parameter_name} is {model.parameter:.3f} with a standard error of "
            f"{model.parameter_std_error:.3f}: fewer than half of the drawn models settle, so "
            "impacts have no interval. Take fewer covariates or more tracts."
        )
    simulated = [mean_impacts(model, one[:-1], one[-1]) for one in drawn[settles]]
    direct = np.array([one.direct for one in simulated])  # (D, T)
    total = np.array([one.total for one in simulated])  # (D, T)
    return Impacts(
        terms,
        _simulated(found.direct, direct),
        _simulated(found.total - found.direct, total - direct),
        _simulated(found.total, total),
        len(simulated),
        draws - len(simulated),
    )


def mean_impacts(model: SpatialModel, coefficients: np.ndarray, parameter: float) -> MeanImpacts:
    r"""Compute exact mean impacts at coefficients (K,) and ρ.

    .. math:: S_k = (I - \rho W)^{-1} (\beta_k I + \theta_k W)

    direct = tr(S_k)/n, total = 1'S_k1/n (LeSage & Pace 2009, Introduction to Spatial Econometrics,
    ch. 2). W's eigenvalues ω give the traces, so that no draw inverts a matrix; W1 = 1, since
    islands are left out, gives the totals.
    """
    beta = coefficients[list(model.own)]  # (T,)
    lags = np.array(model.lags, int)  # (T,)
    theta = np.where(lags >= 0, coefficients[lags], 0.0)  # (T,)
    omega = model.weights.eigenvalues  # (n,)
    spread = (1.0 / (1.0 - parameter * omega)).mean().real  # tr (I − ρW)⁻¹ / n
    passed_on = (omega / (1.0 - parameter * omega)).mean().real  # tr (I − ρW)⁻¹W / n
    return MeanImpacts(beta * spread + theta * passed_on, (beta + theta) / (1.0 - parameter))


def _normal(estimate: np.ndarray, error: np.ndarray) -> Impact:
    half = NORMAL_975 * error
    return Impact(estimate, error, estimate - half, estimate + half)


def _simulated(estimate: np.ndarray, drawn: np.ndarray) -> Impact:
    """Put the spread of draws (D, T) around estimates (T,)."""
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return Impact(estimate, drawn.std(axis=0, ddof=1), low, high)
