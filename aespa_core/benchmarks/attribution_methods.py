r"""Explanations by their ids: ours, simple ones, and the usual ones of free models.

Every method is given the same proxies, read off images, the same context and the same labels, and
says what each proxy contributes in the tracts of a metro that it did not learn from.

``aespa``
    Base and curves; what one unit does from the curve between reference and value.
``aespa_unshared``
    The same where nothing holds the proxies' slopes alike.
``aespa_placebo``
    The same with the proxies of other tracts.
``ols``
    Regression within metros on the proxies and the context that varies there.
``signed_proxy``
    Expected sign times distance from the median, one scale for all, learned from the labels.
``shap_boosting``
    TreeSHAP (Lundberg et al. 2020, Nat. Mach. Intell. 2:56) of gradient boosting.
``integrated_gradients``
    Along the straight way from the medians (Sundararajan et al. 2017, ICML) through our network
    without curves.

An attribution by the last two says what a unit does by its distance from the median.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from lightgbm import LGBMRegressor

from aespa_core.baselines.heat.columns import fit_columns, learnable
from aespa_core.baselines.heat.contract import HeatData
from aespa_core.benchmarks.attribution_truth import Explained
from aespa_core.benchmarks.heat_methods import Ensemble, Family, inputs_of
from aespa_core.inference.heat_estimates import at_median, day_parts
from aespa_core.schema import PROXIES, PROXY_IDS

Array = npt.NDArray[np.float64]

AESPA: Final = "aespa"
UNSHARED: Final = "aespa_unshared"
PLACEBO: Final = "aespa_placebo"
OURS: Final = (AESPA, UNSHARED, PLACEBO)
NODES: Final = 16
# Closer to the median than this share of a deviation, a contribution says nothing of one unit.
NEAR: Final = 0.1
SIGNS: Final = np.array([proxy.sign for proxy in PROXIES], float)


def by_aespa(data: HeatData, step: Array, family: Family) -> Explained:
    """Take our estimate apart."""
    ensemble = family.taught()
    metro = data.samples.metro
    parts = [day_parts((m,), inputs_of(data, m), metro) for m in ensemble.models]
    contribution = np.mean([part.contribution_c[0] for part in parts], axis=0)
    return Explained(contribution, unit_effects(lambda p: day_of(ensemble, data, p), data, step))


def day_of(ensemble: Ensemble, data: HeatData, proxies: Array) -> Array:
    """Estimate with other proxies, images as they were read."""
    return ensemble(data.with_proxies(proxies)).day_c


def unit_effects(day: Callable[[Array], Array], data: HeatData, step: Array) -> Array:
    """Move each proxy from its value to its reference, the rest left, per unit, (B, 5)."""
    here, found = day(data.proxies), np.full(step.shape, np.nan)
    for k in range(step.shape[1]):
        moved = data.proxies.copy()
        moved[:, k] -= np.nan_to_num(step[:, k])
        found[:, k] = (here - day(moved)) / step[:, k]
    return found


def by_ols(data: HeatData, step: Array, family: Family) -> Explained:
    """Regress within metros."""
    context = within(np.nan_to_num(data.samples.context.to_numpy(float)), data)
    rows = learnable(data)
    x = np.nan_to_num(np.hstack([within(data.proxies, data), context])[rows])
    found = np.linalg.lstsq(x, within(data.excess_c[:, None], data, rows)[rows, 0], rcond=None)[0]
    return by_slopes(data, found[: len(PROXY_IDS)])


def by_signed_proxy(data: HeatData, step: Array, family: Family) -> Explained:
    """Scale the expected signs to the labels."""
    rows = learnable(data)
    spread = np.nanstd(data.proxies[rows], axis=0)
    total = np.nansum(within(data.proxies, data) * SIGNS / spread, axis=1)[rows]
    label = within(data.excess_c[:, None], data, rows)[rows, 0]
    scale = max(float(total @ label / (total @ total)), 0.0)
    return by_slopes(data, scale * SIGNS / spread)


def by_slopes(data: HeatData, slopes: Array) -> Explained:
    """Explain by one slope a proxy, °C per unit, (5,)."""
    away = data.proxies - at_median(data.proxies, data.samples.metro)
    return Explained(away * slopes, np.broadcast_to(slopes, away.shape).copy())


def by_shap(data: HeatData, step: Array, family: Family) -> Explained:
    """Explain boosting on the columns that every baseline is given, metros aside."""
    columns = fit_columns(data).without_metros()(data)
    rows = learnable(data)
    trees = LGBMRegressor(
        n_estimators=300, num_leaves=8, learning_rate=0.05, min_child_samples=10,
        colsample_bytree=0.5, subsample=0.7, subsample_freq=1, n_jobs=1, verbosity=-1,
        deterministic=True, random_state=family.seed,
    )  # fmt: skip
    booster = trees.fit(columns[rows], data.excess_c[rows]).booster_
    shares = np.asarray(booster.predict(columns, pred_contrib=True))
    first = data.samples.context.shape[1]
    own = shares[:, first : first + len(PROXY_IDS)]
    return by_attribution(data, own - at_median(own, data.samples.metro))


def by_integrated_gradients(data: HeatData, step: Array, family: Family) -> Explained:
    """Explain our network without curves."""
    ensemble = family.alone(physics="none")
    return by_attribution(
        data, np.mean([gradients_along(model, data) for model in ensemble.models], axis=0)
    )


def gradients_along(model: torch.nn.Module, data: HeatData) -> Array:
    """Integrate the gradient from the medians to the values, °C, (B, 5)."""
    start = at_median(data.proxies, data.samples.metro)
    away, total = data.proxies - start, np.zeros_like(data.proxies)
    places, weights = np.polynomial.legendre.leggauss(NODES)
    for place, weight in zip((places + 1) / 2, weights / 2, strict=True):
        inputs = inputs_of(data.with_proxies(start + place * away), model)  # type: ignore[arg-type]
        inputs.proxies.requires_grad_(True)
        model.eval()(inputs).day.sum().backward()
        gradient = inputs.proxies.grad
        assert gradient is not None
        total += weight * np.nan_to_num(gradient.double().numpy())
    return total * away


def by_attribution(data: HeatData, contribution: Array) -> Explained:
    """Tell what a unit does by the distance from the median."""
    away = data.proxies - at_median(data.proxies, data.samples.metro)
    far = np.abs(away) > NEAR * np.nanstd(away, axis=0)
    return Explained(contribution, np.where(far, contribution / np.where(far, away, 1.0), np.nan))


def within(values: Array, data: HeatData, rows: npt.NDArray[np.bool_] | None = None) -> Array:
    """Subtract each metro's mean, over some of its tracts only where these are given, (B, C)."""
    found = np.full_like(values, np.nan)
    counted = np.ones(len(values), bool) if rows is None else rows
    for name in np.unique(data.samples.metro):
        own = data.samples.metro == name
        if (own & counted).any():
            found[own] = values[own] - np.nanmean(values[own & counted], axis=0)
    return found


Explain = Callable[[HeatData, Array, Family], Explained]
EXPLAIN: Final[dict[str, Explain]] = {
    "signed_proxy": by_signed_proxy,
    "ols": by_ols,
    "shap_boosting": by_shap,
    "integrated_gradients": by_integrated_gradients,
    **dict.fromkeys(OURS, by_aespa),
}
