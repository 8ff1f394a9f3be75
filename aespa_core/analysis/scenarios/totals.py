"""Sums and means of a scenario over tracts and people."""

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.exposure.income_fifths import QUINTILES, exposure_by_income, income_fifths
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.outcome import GapChange, Interval, Totals
from aespa_core.spread import Spread, spread_below, spread_of

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PEOPLE = "population"
WARMTH = "anomaly_c"
UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))


def interval_of(spread: Spread) -> Interval:
    """Take the spread of one number."""
    return Interval(float(spread.mean), float(spread.low90), float(spread.high90))


def weighted(effect_c: Array, weight: Array) -> Interval:
    """Mean over tracts, °C, of effects (M, B) that never warm by weights (B,).

    Unknown where nobody counts.
    """
    counts = weight > 0  # NaN counts for nothing
    if not counts.any():
        return UNKNOWN
    return interval_of(spread_below(effect_c[:, counts] @ weight[counts] / weight[counts].sum()))


def totals_of(
    baseline: Baseline,
    chosen: Bools,
    treated: Bools,
    effect_c: Array,
    area_m2: float,
    cost_usd: float,
) -> Totals:
    """Add up what curves say: effects (M, B), °C, of B tracts."""
    people = baseline.column(PEOPLE)
    known = np.isfinite(people)
    reached = float(people[treated & known].sum()) if known.any() else float("nan")
    return Totals(
        int(chosen.sum()),
        int(treated.sum()),
        len(treated),
        reached,
        weighted(effect_c, np.where(treated, people, 0.0)),
        weighted(effect_c, people),
        weighted(effect_c, treated.astype(float)),
        area_m2,
        cost_usd,
    )


def gap_change(baseline: Baseline, effect_c: Array) -> GapChange:
    """Compare income fifths before and after; fifths stay those of before.

    Raises
    ------
    StudyError
        If the study cannot tell fifths.
    """
    frame = baseline.frame.reset_index(drop=True)
    before = exposure_by_income(frame, WARMTH)
    after = exposure_by_income(frame.assign(**{WARMTH: frame[WARMTH] + effect_c.mean(0)}), WARMTH)
    fifths = income_fifths(frame, WARMTH)
    effects = effect_c[:, fifths.used.index]
    people = fifths.used[PEOPLE].to_numpy(float)
    poor, rich = (
        effects[:, fifths.fifth == k] @ people[fifths.fifth == k] / people[fifths.fifth == k].sum()
        for k in (0, QUINTILES - 1)
    )
    # a gap may close or open, whatever the members agree on: its interval knows no bound
    return GapChange(before.gap, after.gap, interval_of(spread_of(poor - rich)))
