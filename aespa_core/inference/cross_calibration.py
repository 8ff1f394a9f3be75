"""Errors on areas that a model never saw, from which intervals are calibrated.

The areas' fixed groups are dealt to folds; each fold's tracts are estimated by a model fitted to
the other folds. No area that an error is taken from has touched the model that made it, and none of
this looks at what is to be estimated later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_training import TrainingTracts, centred
from aespa_core.inference.interval_features import interval_features
from aespa_core.inference.intervals import LEVEL, IntervalModel, fit_intervals
from aespa_core.inference.tract_estimate import estimate_tracts
from aespa_core.models.tract_model import TractModel
from aespa_core.training.tract_fit import FitSettings, fit_tract_model

Array = npt.NDArray[np.float64]
# Proxies that are missing, in the order of LEARNED.
Pattern = tuple[str, ...]

FOLDS: Final = 4
# Fewer areas cannot bound nine tenths: the quantile would be infinite.
AREAS_NEEDED: Final = round(LEVEL / (1 - LEVEL))


@dataclass(frozen=True)
class CrossFit:
    """Models of all folds.

    Attributes
    ----------
    training
        All tracts, B of them.
    models
        One a fold, fitted without that fold's tracts.
    fold
        Fold of each tract, shape (B,).
    """

    training: TrainingTracts
    models: tuple[TractModel, ...]
    fold: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Residuals:
    """Errors of N tracts in areas that their model never saw.

    Attributes
    ----------
    geoid, area
        The tracts, shape (N,).
    estimate_c
        Difference from the area's median estimate, °C, shape (N,).
    residual_c
        Label minus estimate, both less their mean in the area, °C, shape (N,).
    features
        Columns :data:`aespa_core.inference.interval_features.NAMES`, shape (N, F).
    """

    geoid: npt.NDArray[np.str_]
    area: npt.NDArray[np.str_]
    estimate_c: Array
    residual_c: Array
    features: Array


def cross_fit(
    training: TrainingTracts,
    settings: FitSettings,
    seed: int,
    folds: int = FOLDS,
    progress: Callable[[int], None] = lambda step: None,
) -> CrossFit:
    """Fit one model a fold.

    Parameters
    ----------
    training
        Labelled tracts, already without whatever is to be tested or estimated.
    settings, seed
        As for the final model.
    folds
        Number of folds; groups are dealt to them in turn.
    progress
        Called with the number of steps done over all folds.
    """
    groups = np.unique(training.group)
    fold = np.searchsorted(groups, training.group) % folds
    models = tuple(
        fit_tract_model(
            training.rows(fold != number),
            settings,
            seed,
            lambda step, before=number * settings.steps: progress(before + step),  # type: ignore[misc]
        )
        for number in range(folds)
    )
    return CrossFit(training, models, fold)


def cross_residuals(cross: CrossFit, hide: Pattern = ()) -> Residuals:
    """Take the errors of every tract by the model that never saw its area.

    Parameters
    ----------
    cross
        Fitted folds.
    hide
        Proxies that are treated as not measured. Tracts that lack one of the others are left out,
        unless it is measured in too few areas to calibrate on.
    """
    shown = [name for name in calibrated_proxies(cross.training) if name not in hide]
    columns = [LEARNED.index(name) for name in shown]
    parts = []
    for number, model in enumerate(cross.models):
        tracts = cross.training.rows(cross.fold == number)
        for name in np.unique(tracts.features.area):
            area = tracts.rows(tracts.features.area == name)
            estimate = estimate_tracts(model, area.features, hide)
            whole = np.isfinite(area.features.proxies[:, columns, 0]).all(1)
            error = centred(area.labels.lst_day_c - estimate.anomaly_c, area.features.area)
            described = interval_features(estimate, area.features)
            parts.append((area.features.geoid, area.features.area, estimate.anomaly_c, error,
                          described, whole))  # fmt: skip
    geoid, area_name, anomaly, error, described, whole = map(
        np.concatenate, zip(*parts, strict=True)
    )
    return Residuals(geoid[whole], area_name[whole], anomaly[whole], error[whole], described[whole])


def cross_calibrated_residuals(
    training: TrainingTracts,
    settings: FitSettings,
    seed: int,
    folds: int = FOLDS,
    hide: Pattern = (),
) -> Residuals:
    """Fit the folds and take their errors, for one pattern of missing proxies."""
    return cross_residuals(cross_fit(training, settings, seed, folds), hide)


def calibrated_proxies(training: TrainingTracts) -> tuple[str, ...]:
    """Proxies that are measured in enough areas to calibrate intervals on."""
    own, area = np.isfinite(training.features.proxies[:, :, 0]), training.features.area
    counts = [len(np.unique(area[own[:, k]])) for k in range(len(LEARNED))]
    return tuple(name for name, n in zip(LEARNED, counts, strict=True) if n >= AREAS_NEEDED)


def pattern_intervals(
    cross: CrossFit, patterns: Sequence[Pattern], level: float = LEVEL
) -> dict[Pattern, IntervalModel]:
    """Calibrate an interval for each pattern of missing proxies."""
    intervals = {}
    for hide in patterns:
        found = cross_residuals(cross, hide)
        intervals[hide] = fit_intervals(found.residual_c, found.features, found.area, level)
    return intervals
