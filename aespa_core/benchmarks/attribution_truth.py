r"""What is right of an explanation, and how far an explanation is from it.

The estimand is the twin's: the change of a tract's temperature when one proxy moves from its value
to the reference while the rest of the scene stays, per unit moved
(:mod:`aespa_core.twin.truth`). A contribution is told against the metro's median,

.. math:: c_k = \tau_k\,(p_k - \tilde p_k)

with τ the true effect per unit and p the true proxy, median p̃.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from aespa_core.benchmarks.table import Row
from aespa_core.inference.heat_estimates import at_median
from aespa_core.schema import PROXIES, PROXY_IDS
from aespa_core.studies.folder import Study

Array = npt.NDArray[np.float64]

DAY: Final = "lst_day_c"
SPLIT: Final = "leave_one_metro_out"
# Fewer tracts rank nothing.
LEAST_TRACTS: Final = 10


@dataclass(frozen=True)
class Truth:
    """Right answers for B tracts, NaN where a proxy can hardly move.

    Attributes
    ----------
    per_unit_c
        Effect of one unit of each proxy, °C, (B, 5).
    step
        How far each proxy moves from its reference to its value, (B, 5).
    contribution_c
        Against the metro's median, °C, (B, 5).
    """

    per_unit_c: Array
    step: Array
    contribution_c: Array

    def rows(self, keep: npt.NDArray[np.int64]) -> "Truth":
        """Take some of the tracts."""
        return Truth(self.per_unit_c[keep], self.step[keep], self.contribution_c[keep])


@dataclass(frozen=True)
class Explained:
    """What a method says of B tracts: contributions, °C, and effects of one unit, °C, (B, 5)."""

    contribution_c: Array
    per_unit_c: Array


def truth_of(study: Study, geoid: npt.NDArray[np.str_]) -> Truth:
    """Read the right answers of some tracts of a simulated study."""
    effects = study.read("truth/effects").set_index("geoid").reindex(geoid)
    proxies = study.read("proxies").set_index("geoid").reindex(geoid)
    metro = study.read("tracts").set_index("geoid")["metro"].reindex(geoid).to_numpy(str)
    per_unit = effects[[f"per_unit_{name}_c" for name in PROXY_IDS]].to_numpy(float)
    effect = effects[[f"effect_{name}_c" for name in PROXY_IDS]].to_numpy(float)
    value = proxies[list(PROXY_IDS)].to_numpy(float)
    return Truth(per_unit, effect / per_unit, per_unit * (value - at_median(value, metro)))


def attribution_rows(
    study: str, method: str, metro: str, seed: int, truth: Truth, said: Explained
) -> list[Row]:
    """Compare a method with the truth on the tracts of one metro, or of all."""
    rows = []

    def add(metric: str, value: float, unit: str) -> None:
        if np.isfinite(value):
            rows.append(Row(study, method, metro, SPLIT, DAY, seed, metric, value, unit))

    wrong = np.abs(said.contribution_c - truth.contribution_c)
    add("mae", float(np.nanmean(wrong)), "°C")
    add("calibration_slope", slope(said.contribution_c, truth.contribution_c), "ratio")
    ranks = []
    for k, proxy in enumerate(PROXIES):
        add(f"mae_{proxy.id}", float(np.nanmean(wrong[:, k])), "°C")
        add(
            f"calibration_slope_{proxy.id}",
            slope(said.contribution_c[:, k], truth.contribution_c[:, k]),
            "ratio",
        )
        per_unit = np.abs(said.per_unit_c[:, k] - truth.per_unit_c[:, k])
        add(f"mae_unit_{proxy.id}", float(np.nanmean(per_unit)), "°C per unit")
        ranks.append(rank_agreement(said.per_unit_c[:, k], truth.per_unit_c[:, k]))
        add(f"spearman_unit_{proxy.id}", ranks[-1], "correlation")
    known = [rank for rank in ranks if np.isfinite(rank)]
    add("spearman_unit", float(np.mean(known)) if known else np.nan, "correlation")
    return rows


def slope(said: Array, true: Array) -> float:
    """Regress the truth on what is said, through both means; NaN where nothing varies."""
    both = np.isfinite(said) & np.isfinite(true)
    x, y = said[both] - said[both].mean(), true[both] - true[both].mean()
    return float(x @ y / (x @ x)) if x @ x > 0 else np.nan


def rank_agreement(said: Array, true: Array) -> float:
    """Spearman's correlation; NaN where either does not vary."""
    both = np.isfinite(said) & np.isfinite(true)
    if both.sum() < LEAST_TRACTS or np.ptp(said[both]) < 1e-9:
        return np.nan
    return float(stats.spearmanr(said[both], true[both]).statistic)
