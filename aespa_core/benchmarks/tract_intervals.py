"""Do the intervals hold on areas never seen? Calibrated without a group, scored on it."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.tract_fold import SCARCE, Fold
from aespa_core.benchmarks.tract_methods import OURS
from aespa_core.benchmarks.tract_scores import SPLIT, STUDY, TARGET, WITHOUT_CANOPY
from aespa_core.datasets.tract_training import TrainingTracts, centred
from aespa_core.inference.cross_calibration import CrossFit, Pattern, cross_fit, cross_residuals
from aespa_core.inference.interval_features import interval_features
from aespa_core.inference.intervals import LEVEL, fit_intervals, hierarchical_quantile
from aespa_core.inference.tract_estimate import estimate_tracts
from aespa_core.models.tract_model import TractModel
from aespa_core.training.tract_fit import FitSettings, fit_tract_model

Array = npt.NDArray[np.float64]

INTERVALS: Final = "aespa_intervals"
CONSTANT: Final = "constant_width"
# Missing proxies of the model that knows all of them, by the target's name in the table.
HIDDEN: Final[dict[str, Pattern]] = {
    TARGET: (),
    "lst_day_canopy_hidden": ("canopy",),
    "lst_day_ndvi_hidden": ("ndvi",),
}
AIM: Final = (0.80, 0.97)


def interval_fold(tracts: TrainingTracts, group: int, settings: FitSettings, seed: int) -> Fold:
    """Leave one group out: fit, calibrate on the others, and give the group's tracts intervals."""
    training, test = tracts.rows(tracts.group != group), tracts.rows(tracts.group == group)
    model, cross = fit_tract_model(training, settings, seed), cross_fit(training, settings, seed)
    parts = [with_widths(model, cross, test, hide, name) for name, hide in HIDDEN.items()]
    bare, bare_test = training.without_proxies(SCARCE), test.without_proxies(SCARCE)
    model, cross = fit_tract_model(bare, settings, seed), cross_fit(bare, settings, seed)
    parts.append(with_widths(model, cross, bare_test, (), WITHOUT_CANOPY))
    return Fold(pd.concat(parts, ignore_index=True), {})


def with_widths(
    model: TractModel, cross: CrossFit, test: TrainingTracts, hide: Pattern, target: str
) -> pd.DataFrame:
    """Give each tract of the left-out areas half its interval's width, ours and a constant one."""
    found = cross_residuals(cross, hide)
    fitted = fit_intervals(found.residual_c, found.features, found.area)
    constant = hierarchical_quantile(np.abs(found.residual_c), found.area)
    parts = []
    for name in np.unique(test.features.area):
        area = test.rows(test.features.area == name)
        estimate = estimate_tracts(model, area.features, hide)
        names = area.features.area
        parts.append(
            pd.DataFrame(
                {
                    "geoid": area.features.geoid,
                    "area": names,
                    "target": target,
                    "observed_c": centred(area.labels.lst_day_c, names),
                    "estimate_c": centred(estimate.anomaly_c, names),
                    OURS: fitted.half_width_c(interval_features(estimate, area.features)),
                    CONSTANT: constant,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def interval_rows(table: pd.DataFrame, income: pd.Series, seed: int) -> list[Row]:
    """Coverage, width and interval score, pooled and by area, income fifth and missing proxies.

    Parameters
    ----------
    table
        Tracts of all folds, as :func:`interval_fold` gives them.
    income
        Income by geoid, any unit: used to sort the tracts of an area into fifths, nowhere else.
    seed
        Of the run.
    """
    rows = []
    for method in (OURS, CONSTANT):
        for target, part in table.groupby("target"):
            rows += scores("all", str(target), part, method, seed)
        whole = table[table["target"] == TARGET]
        areas = [scores(str(a), TARGET, part, method, seed) for a, part in whole.groupby("area")]
        rows += [row for found in areas for row in found]
        inside = [AIM[0] <= found[0].value <= AIM[1] for found in areas]
        rows.append(
            Row(STUDY, method, "all", SPLIT, TARGET, seed, "areas_covered_80_97",
                float(np.mean(inside)), "share")
        )  # fmt: skip
        ranked = whole.assign(income=whole["geoid"].map(income)).dropna(subset=["income"])
        share = ranked.groupby("area")["income"].rank(pct=True)
        fifth = np.minimum((share * 5).astype(int), 4) + 1
        for number, part in ranked.groupby(fifth):
            rows += scores("all", f"{TARGET}_income_fifth_{number}", part, method, seed)
    return rows


def scores(metro: str, target: str, part: pd.DataFrame, method: str, seed: int) -> list[Row]:
    """Score intervals: coverage first, then mean width and the interval score, °C.

    The interval score is width + 2/α × distance outside (Gneiting & Raftery 2007, JASA 102:359).
    """
    error = (part["observed_c"] - part["estimate_c"]).abs().to_numpy(float)
    half = part[method].to_numpy(float)
    outside = np.maximum(error - half, 0.0)
    values = (
        ("coverage_90", float((error <= half).mean()), "share"),
        ("interval_width", float(2 * half.mean()), "°C"),
        ("interval_score", float((2 * half + 2 / (1 - LEVEL) * outside).mean()), "°C"),
    )
    return [Row(STUDY, method, metro, SPLIT, target, seed, *value) for value in values]
