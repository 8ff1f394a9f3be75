r"""Fit the response of the disparity worlds to the twin, as :data:`.FILE` holds it.

Slopes and levels by generalised least squares, the three numbers of the rest by restricted
likelihood (Patterson & Thompson 1971, Biometrika 58:545): ordinary likelihood takes a smooth field
for levels and slopes and finds it too small and too short.

.. math::

    -2\ell = \log|V| + \log|X'V^{-1}X| + (y - Xb)'V^{-1}(y - Xb), \qquad
    V_{ij} = \sigma^2 e^{-d_{ij}/r} + \tau^2 [i = j]

with metros independent of each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from aespa_core.benchmarks.disparity_ground import Ground, ground_of
from aespa_core.benchmarks.disparity_response import SLOPES, TemperatureLaw, causes
from aespa_core.twin.gaussian_field import exponential_correlation
from aespa_core.twin.land_use import Land
from aespa_core.twin.metro import build_metro
from aespa_core.twin.settings import TwinSettings, world_settings
from aespa_core.twin.truth import plan_view, temperature, tract_means, view_of
from aespa_core.twin.weather import weather_at

Floats = npt.NDArray[np.float64]

# Standard deviations in °C and range in m that the search starts from.
START: Final = (0.3, 700.0, 0.2)


@dataclass(frozen=True)
class Observed:
    """A metro as the twin has it, arrays of shape (B,).

    Attributes
    ----------
    ground
        Its tracts.
    canopy, impervious, albedo
        In plan view, 0–1.
    lst_day_c
        Surface temperature, °C.
    """

    ground: Ground
    canopy: Floats
    impervious: Floats
    albedo: Floats
    lst_day_c: Floats


@dataclass(frozen=True)
class Rest:
    """σ and τ, °C, and r, m."""

    field_sd_c: float
    field_range_m: float
    own_sd_c: float


@dataclass(frozen=True)
class Likelihood:
    """Restricted likelihood at one covariance: −ℓ, and the slopes there, shape (K,)."""

    minus_log: float
    slopes: Floats


def observe(settings: TwinSettings, name: str) -> Observed:
    """Build a metro and solve its energy balance."""
    metro = build_metro(settings, name)
    view = view_of(metro.scene, settings)
    day_c = temperature(view, weather_at(metro.scene.climate), settings)
    seen = plan_view(view)
    return Observed(
        ground=ground_of(metro),
        canopy=seen["canopy"].to_numpy(float),
        impervious=seen["impervious"].to_numpy(float),
        albedo=seen["albedo"].to_numpy(float),
        lst_day_c=tract_means(day_c, metro.scene.tract),
    )


def fit_twin(done: Callable[[str], None] = lambda metro: None) -> TemperatureLaw:
    """Fit the response to the twin as it is by default; a minute on one core."""
    settings, seen = world_settings("twin"), []
    for metro in settings.metros:
        seen.append(observe(settings, metro))
        done(metro)
    return fit_response(seen)


def fit_response(metros: Sequence[Observed]) -> TemperatureLaw:
    """Fit the response to metros as they were observed."""
    parts = [design_of(metros, number) for number in range(len(metros))]  # (B, M + 7)
    y_c = [seen.lst_day_c for seen in metros]
    lands = [seen.ground.land for seen in metros]

    def at(logs: Floats) -> Likelihood:
        return likelihood(Rest(*np.exp(logs).tolist()), parts, y_c, lands)

    found = minimize(
        lambda logs: at(logs).minus_log,
        np.log(START),
        method="Nelder-Mead",
        options={"xatol": 1e-5, "fatol": 1e-7, "maxiter": 2000},
    )
    rest, slopes = Rest(*np.exp(found.x).tolist()), at(found.x).slopes
    levels = {seen.ground.land.metro: float(c) for seen, c in zip(metros, slopes, strict=False)}
    hidden = [1.0 - seen.impervious / seen.ground.bare_impervious for seen in metros]
    darker = [seen.albedo - seen.ground.bare_albedo for seen in metros]
    return TemperatureLaw(
        **dict(zip(SLOPES, slopes[len(metros) :].tolist(), strict=True)),
        hidden_sealing=per_canopy(hidden, metros),
        canopy_on_albedo=per_canopy(darker, metros),
        field_sd_c=rest.field_sd_c,
        field_range_m=rest.field_range_m,
        own_sd_c=rest.own_sd_c,
        level_c=levels,
    )


def design_of(metros: Sequence[Observed], number: int) -> Floats:
    """Levels of all metros, then causes of one, shape (B, M + 7)."""
    seen = metros[number]
    level = np.zeros((len(seen.canopy), len(metros)))
    level[:, number] = 1.0
    return np.column_stack(
        [level, causes(seen.ground, seen.canopy, seen.impervious, seen.albedo)]
    )  # (B, M + 7)


def likelihood(
    rest: Rest,
    designs: Sequence[Floats],
    y_c: Sequence[Floats],
    lands: Sequence[Land],
) -> Likelihood:
    """Evaluate the equation at the top of this file."""
    width = designs[0].shape[1]
    squares, half_log_v = np.zeros((width + 1, width + 1)), 0.0
    for x, y, land in zip(designs, y_c, lands, strict=True):
        v = rest.field_sd_c**2 * exponential_correlation(land.x_m, land.y_m, rest.field_range_m)
        v[np.diag_indices_from(v)] += rest.own_sd_c**2
        lower = np.linalg.cholesky(v)
        white = np.linalg.solve(lower, np.column_stack([x, y]))  # (B, K + 1)
        squares += white.T @ white
        half_log_v += np.log(np.diag(lower)).sum()
    xx, xy, yy = squares[:width, :width], squares[:width, width], squares[width, width]
    slopes = np.linalg.solve(xx, xy)
    squared = yy - slopes @ xy
    log_xx = np.linalg.slogdet(xx).logabsdet
    return Likelihood(float(half_log_v + 0.5 * (log_xx + squared)), slopes)


def per_canopy(change: Sequence[Floats], metros: Sequence[Observed]) -> float:
    """Slope of a change on canopy through the origin: without trees nothing has changed."""
    canopy = np.concatenate([seen.canopy for seen in metros])
    return float(canopy @ np.concatenate(change) / (canopy @ canopy))
