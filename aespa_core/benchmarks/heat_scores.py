r"""Answers of the heat benchmark as rows: errors in °C, agreement, intervals, paired differences.

Within a metro errors and labels are taken around the metro's own mean. The interval of a paired
difference comes from drawing anew what errs together: blocks where blocks are tested, metros where
metros are left out. A 90 % prediction interval is calibrated on tracts that the model did not learn
from: where a metro is left out, on the other metros when they were left out themselves.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.benchmarks.agreement import BOOTSTRAPS, pearson
from aespa_core.benchmarks.heat_plan import ALL, FROM_METRO
from aespa_core.benchmarks.table import Row
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import METRO_OUT, block_of
from aespa_core.datasets.tract_training import centred
from aespa_core.inference.intervals import LEVEL

Array = npt.NDArray[np.float64]

DAY: Final = "lst_day_c"
NIGHT: Final = "lst_night_c"
OURS: Final = "aespa"
STUDENT: Final = "aespa_student"
UNDISTILLED: Final = "aespa_student_no_distillation"


def errors(table: pd.DataFrame) -> Array:
    """Estimate minus label, °C."""
    return table["estimate_c"].to_numpy() - table[DAY].to_numpy()


def accuracy(label: Array, estimate: Array, metro: npt.NDArray[np.str_]) -> dict[str, float]:
    """Errors and agreement, pooled and within metros."""
    error = estimate - label
    inner, spread = centred(error, metro), centred(label, metro)
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "r2": float(1 - (error**2).sum() / ((label - label.mean()) ** 2).sum()),
        "pearson": pearson(estimate, label),
        "mae_within": float(np.abs(inner).mean()),
        "rmse_within": float(np.sqrt((inner**2).mean())),
        "r2_within": float(1 - (inner**2).sum() / (spread**2).sum()),
        "pearson_within": pearson(centred(estimate, metro), spread),
    }


UNITS: Final = {
    "mae": "°C", "rmse": "°C", "mae_within": "°C", "rmse_within": "°C", "width_90": "°C",
    "violations": "count", "moves": "count", "seconds": "s",
}  # fmt: skip


def score_rows(study: str, answers: pd.DataFrame) -> Iterator[Row]:
    """Score every method on every split and seed, pooled and metro by metro.

    Parameters
    ----------
    study
        Its id.
    answers
        One row a tested tract, method, split, metro left out and seed, with ``low90_c`` and
        ``high90_c``.
    """
    for (split, seed, method), own in answers.groupby(["split", "seed", "method"]):
        if split == FROM_METRO:
            continue
        parts = [(ALL, own), *((str(name), part) for name, part in own.groupby("metro"))]
        for metro, part in parts:
            for metric, value in part_scores(part).items():
                unit = UNITS.get(metric, "share")
                yield Row(study, method, metro, split, DAY, seed, metric, value, unit)
            night = part[np.isfinite(part["night_c"]) & np.isfinite(part[NIGHT])]
            if len(night):
                labels = night[NIGHT].to_numpy(), night["night_c"].to_numpy()
                for metric, value in accuracy(*labels, night["metro"].to_numpy(str)).items():
                    unit = UNITS.get(metric, "share")
                    yield Row(study, method, metro, split, NIGHT, seed, metric, value, unit)


def part_scores(part: pd.DataFrame) -> dict[str, float]:
    """Score one method on some tested tracts."""
    label, estimate = part[DAY].to_numpy(), part["estimate_c"].to_numpy()
    metro = part["metro"].to_numpy(str)
    inside = (part["low90_c"] <= part[DAY]) & (part[DAY] <= part["high90_c"])
    known = np.isfinite(part["low90_c"])
    found = {
        **accuracy(label, estimate, metro),
        "coverage_90": float(inside[known].mean()) if known.any() else np.nan,
        "width_90": float((part["high90_c"] - part["low90_c"]).mean()),
        "violations": float(part["wrong"].sum()),
        "moves": float(part["moves"].sum()),
        "seconds": float(part["seconds"].iloc[0]),
    }
    if np.isfinite(part["curves_c"]).all():
        # covariance with the whole: the shares of curves and base add up to 1
        curves, whole = centred(part["curves_c"].to_numpy(), metro), centred(estimate, metro)
        found["share_through_curves"] = float((curves * whole).sum() / (whole**2).sum())
    return found


def transfer_rows(study: str, answers: pd.DataFrame) -> Iterator[Row]:
    """Score what one metro teaches of each other."""
    own = answers[answers["split"] == FROM_METRO]
    for (teaching, tested, seed, method), part in own.groupby(["held", "metro", "seed", "method"]):
        found = accuracy(
            part[DAY].to_numpy(), part["estimate_c"].to_numpy(), part["metro"].to_numpy(str)
        )
        for metric, value in found.items():
            unit = UNITS.get(metric, "share")
            yield Row(study, method, tested, f"from_{teaching}", DAY, seed, metric, value, unit)


def with_intervals(answers: pd.DataFrame) -> pd.DataFrame:
    """Add ``low90_c`` and ``high90_c``, calibrated where the model did not learn."""
    parts = []
    for (split, _, seed, method), own in answers.groupby(["split", "held", "seed", "method"]):
        tested = own[own["role"] == "test"]
        if split == METRO_OUT:
            same = answers[
                (answers["split"] == split)
                & (answers["seed"] == seed)
                & (answers["method"] == method)
                & (answers["role"] == "test")
                & ~answers["metro"].isin(tested["metro"])
            ]
        else:
            same = own[own["role"] == "validation"]
        half = weighted_quantile(np.abs(errors(same)), same["metro"].to_numpy(str))
        parts.append(
            tested.assign(low90_c=tested["estimate_c"] - half, high90_c=tested["estimate_c"] + half)
        )
    return pd.concat(parts, ignore_index=True)


def weighted_quantile(score: Array, metro: npt.NDArray[np.str_]) -> float:
    """Smallest score that holds :data:`LEVEL` when every metro weighs the same; NaN without any.

    With eight metros none can promise nine tenths for a ninth, so no weight is kept for what lies
    beyond them: the measured coverage says what the interval is worth.
    """
    if not len(score):
        return np.nan
    _, inverse, count = np.unique(metro, return_inverse=True, return_counts=True)
    order = np.argsort(score)
    mass = np.cumsum((1.0 / (len(count) * count[inverse]))[order])
    return float(score[order][np.searchsorted(mass, LEVEL - 1e-9).clip(max=len(score) - 1)])


def difference_rows(
    study: str, answers: pd.DataFrame, samples: HeatSamples, seed: int
) -> Iterator[Row]:
    """Compare each method's absolute errors with ours, tract by tract; student with student.

    One row over all seeds that both have; positive says that ours errs less.
    """
    cluster = pd.Series(block_names(samples), samples.geoid)
    for split, own in answers.groupby("split"):
        if split == FROM_METRO:
            continue
        wide = own.assign(error=np.abs(errors(own))).pivot_table(
            index=["geoid", "metro"], columns=["method", "seed"], values="error"
        )
        methods = wide.columns.get_level_values("method").unique()
        for method in methods:
            pairs = [(OURS, "mae_difference")]
            if method == UNDISTILLED:
                pairs.append((STUDENT, "mae_difference_to_student"))
            for reference, metric in pairs:
                if method == reference or reference not in methods:
                    continue
                seeds = wide[method].columns.intersection(wide[reference].columns)
                gap = (wide[method][seeds] - wide[reference][seeds]).mean(axis=1).dropna()
                geoid = gap.index.get_level_values("geoid")
                group = (
                    gap.index.get_level_values("metro")
                    if split == METRO_OUT
                    else cluster[geoid].to_numpy()
                )
                low, high = cluster_interval(gap.to_numpy(), np.asarray(group, str), seed)
                for suffix, value in (("", float(gap.mean())), ("_low", low), ("_high", high)):
                    yield Row(
                        study, str(method), ALL, str(split), DAY, int(seeds[0]),
                        f"{metric}{suffix}", value, "°C",
                    )  # fmt: skip


def block_names(samples: HeatSamples) -> npt.NDArray[np.str_]:
    """Name each tract's block, metro by metro, (B,)."""
    names = np.empty(len(samples), object)
    for metro in np.unique(samples.metro):
        rows = np.flatnonzero(samples.metro == metro)
        names[rows] = [f"{metro} {number}" for number in block_of(samples.place_km[rows])]
    return names.astype(str)


def cluster_interval(gap: Array, group: npt.NDArray[np.str_], seed: int) -> tuple[float, float]:
    """95 % interval of a mean when whole groups are drawn anew."""
    _, inverse, count = np.unique(group, return_inverse=True, return_counts=True)
    total = np.bincount(inverse, gap)
    drawn = np.random.default_rng(seed).integers(len(count), size=(BOOTSTRAPS, len(count)))
    means = total[drawn].sum(1) / count[drawn].sum(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
