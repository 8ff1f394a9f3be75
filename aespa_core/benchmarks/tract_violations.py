"""Does more shade ever warm? Change raw proxies, rebuild every feature, count wrong signs.

Area means stay frozen, as in every scenario. Each proxy is raised by 0.1 in one tract at a time and
in a random half of an area's tracts at once; each estimate of the area that moves against the
proxy's sign counts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.baselines.contract import Predictor
from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import TractFeatures, raw_proxies, with_proxies
from aespa_core.schema import PROXIES

STEP: Final = 0.1
# estimates are computed in 32 bits
TOLERANCE_C: Final = 1e-4
SINGLES_AN_AREA: Final = 3
RANGES: Final = {proxy.id: (proxy.low, proxy.high, proxy.sign) for proxy in PROXIES}


@dataclass(frozen=True)
class Violations:
    """Wrong-signed moves and tested moves; a move is one tract's estimate under one change."""

    single: int
    single_tested: int
    many: int
    many_tested: int
    worst_c: float


def count_violations(
    predict: Predictor, national: pd.DataFrame, features: TractFeatures, seed: int
) -> Violations:
    """Change proxies in each area and look at every estimate that moves.

    Parameters
    ----------
    predict
        Fitted method.
    national
        All tracts, as in :class:`aespa_core.datasets.national_tracts.NationalTracts`.
    features
        Tracts of the areas to test.
    seed
        Picks the tracts that are changed.
    """
    rng = np.random.default_rng(seed)
    raw = raw_proxies(national)
    counts = np.zeros(4, int)
    worst = 0.0
    for name in np.unique(features.area):
        area = features.rows(features.area == name)
        before = predict(area)
        for k in range(len(LEARNED)):
            measured = np.flatnonzero(np.isfinite(area.proxies[:, k, 0]))
            if len(measured) == 0:
                continue
            singles = rng.choice(measured, min(SINGLES_AN_AREA, len(measured)), replace=False)
            half = measured[rng.random(len(measured)) < 0.5]
            changes = [(0, np.array([row])) for row in singles] + [(2, half)]
            for column, rows in changes:
                against = wrong_way(predict, raw, area, k, rows, before)
                counts[column] += int((against > TOLERANCE_C).sum())
                counts[column + 1] += len(against)
                worst = max(worst, float(against.max(initial=0.0)))
    single, single_tested, many, many_tested = map(int, counts)
    return Violations(single, single_tested, many, many_tested, worst)


def wrong_way(
    predict: Predictor,
    raw: npt.NDArray[np.float64],
    area: TractFeatures,
    proxy: int,
    rows: npt.NDArray[np.int64],
    before: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Move one proxy up in some tracts; how far each estimate goes against its sign, °C, (B,)."""
    _, high, sign = RANGES[LEARNED[proxy]]
    changed = raw.copy()
    own = area.neighbourhood.own[rows]
    changed[own, proxy] = np.minimum(changed[own, proxy] + STEP, high)
    return -sign * (predict(with_proxies(area, changed)) - before)
