"""One method on one left-out group of areas: tune inside, fit, estimate, count violations."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.baselines.contract import Method
from aespa_core.benchmarks.tract_violations import count_violations
from aespa_core.datasets.tract_training import TrainingTracts, centred

Array = npt.NDArray[np.float64]

INNER_FOLDS = 2
# Canopy is what the metros without labels lack: each method is also fitted without it.
SCARCE = ("canopy", "impervious")


@dataclass(frozen=True)
class Fold:
    """A method's work on one left-out group.

    Attributes
    ----------
    table
        A row for each tract left out: ``geoid``, ``area``, ``observed_c``, ``estimate_c``,
        ``estimate_without_canopy_c``; differences from the area's mean, °C.
    facts
        ``setting`` (number in the grid), ``seconds`` of the final fit, and the counts of
        :class:`aespa_core.benchmarks.tract_violations.Violations`.
    """

    table: pd.DataFrame
    facts: dict[str, float]


def rmse(estimate: Array, observed: Array) -> float:
    """Root mean square error, in the unit of its arguments."""
    return float(np.sqrt(np.mean((estimate - observed) ** 2)))


def inner_folds(groups: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Pick two disjoint quarters of the groups to score settings on."""
    return [groups[start::4] for start in range(0, 2 * INNER_FOLDS, 2)]


def tuned(method: Method, training: TrainingTracts, seed: int) -> int:
    """Choose the setting with the smallest error on areas left out inside the training groups."""
    if len(method.grid) == 1:
        return 0
    scores = [inner_error(method, entry, training, seed) for entry in method.grid]
    return int(np.argmin(scores))


def inner_error(
    method: Method, settings: Mapping[str, float], training: TrainingTracts, seed: int
) -> float:
    """Sum of squared errors of a setting over the inner folds, °C²."""
    total = 0.0
    for left_out in inner_folds(np.unique(training.group)):
        apart = np.isin(training.group, left_out)
        predict = method.fit(training.rows(~apart), settings, seed)
        scored = training.rows(apart)
        area = scored.features.area
        error = centred(predict(scored.features) - scored.labels.lst_day_c, area)
        total += float((error**2).sum())
    return total


def run_fold(
    method: Method, tracts: TrainingTracts, national: pd.DataFrame, group: int, seed: int
) -> Fold:
    """Leave one group out.

    Parameters
    ----------
    method
        What to fit.
    tracts
        All labelled tracts.
    national
        Table of all tracts of the country, for rebuilding features.
    group
        The group that is left out.
    seed
        Of everything random.
    """
    training, test = tracts.rows(tracts.group != group), tracts.rows(tracts.group == group)
    setting = tuned(method, training, seed)
    start = time.perf_counter()
    predict = method.fit(training, method.grid[setting], seed)
    seconds = time.perf_counter() - start
    without = method.fit(training.without_proxies(SCARCE), method.grid[setting], seed)
    area = test.features.area
    table = pd.DataFrame(
        {
            "geoid": test.features.geoid,
            "area": area,
            "observed_c": centred(test.labels.lst_day_c, area),
            "observed_absolute_c": test.labels.lst_day_c,
            "estimate_c": centred(predict(test.features), area),
            "estimate_without_canopy_c": centred(
                without(test.without_proxies(SCARCE).features), area
            ),
        }
    )
    violations = count_violations(predict, national, test.features, seed)
    facts = {"setting": float(setting), "seconds": seconds, **vars(violations)}
    return Fold(table, {name: float(value) for name, value in facts.items()})
