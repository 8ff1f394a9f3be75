"""Each method's error beside that of a reference, with the interval that a benchmark computed."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.benchmark_studies import BenchmarkStudy
from aespa_core.analysis.methods import OURS, words_of

METRICS: Final = (
    "mae", "rmse", "r2", "pearson", "mae_within", "rmse_within", "r2_within", "pearson_within",
    "coverage_90", "width_90", "violations", "moves", "share_through_curves", "seconds",
)  # fmt: skip
# What is counted adds up over seeds; everything else is averaged.
COUNTED: Final = ("violations", "moves")
REFERENCE: Final = "reference"
BETTER: Final = "better"
WORSE: Final = "worse"
UNCLEAR: Final = "unclear"
UNTESTED: Final = "untested"


def chosen_rows(
    table: pd.DataFrame, study: BenchmarkStudy, split: str, target: str | None = None
) -> pd.DataFrame:
    """Rows of one study and split, of one target if asked for."""
    chosen = (table["study"] == study.id) & (table["split"] == split)
    return table[chosen if target is None else chosen & (table["target"] == target)]


def compared(
    table: pd.DataFrame,
    study: BenchmarkStudy,
    split: str,
    metro: str,
    target: str,
    reference: str,
) -> pd.DataFrame:
    """One row a method with its error, its difference from a reference, and all its metrics.

    The difference is the paired one that the benchmark computed, where it did; several seeds'
    intervals become the one that holds them all, so that a verdict is clear only if it is under
    every seed. Elsewhere the difference is that of the errors under the seeds that both have, and
    there is no interval.
    """
    chosen = chosen_rows(table, study, split, target)
    chosen = chosen[chosen["metro"] == metro]
    yard = study.yardstick
    errors = chosen[chosen["metric"] == yard.metric].pivot(
        index="seed", columns="method", values="value"
    )  # (seeds, methods)
    errors = errors.dropna(axis="columns", how="all")
    grouped = chosen.groupby(["method", "metric"])["value"]
    wide = grouped.mean().unstack("metric").reindex(errors.columns, columns=[*METRICS])
    sums = grouped.sum(min_count=1).unstack("metric")
    for name in COUNTED:
        wide[name] = sums.get(name, pd.Series(dtype=float))
    suffix = "" if reference == OURS else f"_to_{reference.removeprefix('aespa_')}"
    stored = f"{yard.difference}{suffix}"
    paired = pd.DataFrame(
        {
            "difference_c": of_metric(chosen, stored).mean(),
            "low_c": of_metric(chosen, f"{stored}_low").min(),
            "high_c": of_metric(chosen, f"{stored}_high").max(),
        }
    ).reindex(errors.columns)
    whole = errors[reference] if reference in errors else pd.Series(np.nan, errors.index)
    known = errors.sub(errors, axis="index").add(whole, axis="index")  # reference, same seeds
    paired["reference_c"] = known.mean()
    paired["difference_c"] = paired["difference_c"].fillna((errors - known).mean())
    paired["verdict"] = verdicts(paired, reference)
    words = [words_of(method, study.methods) for method in errors.columns]
    rows = pd.DataFrame(
        {
            "label": [entry.label for entry in words],
            "group": [entry.group for entry in words],
            "inputs": [entry.inputs for entry in words],
            "seeds": errors.notna().sum(),
            "error_c": errors.mean(),
            "spread_c": errors.std(),
        },
        index=errors.columns,
    )
    return pd.concat([rows, paired, wide], axis="columns").rename_axis("method").reset_index()


def of_metric(rows: pd.DataFrame, metric: str) -> "pd.api.typing.SeriesGroupBy[float]":
    """Values of one metric by method."""
    return rows[rows["metric"] == metric].groupby("method")["value"]


def verdicts(paired: pd.DataFrame, reference: str) -> pd.Series:
    """Judge each method against the reference by the 95 % interval of the difference."""
    low, high = paired["low_c"], paired["high_c"]
    conditions = [paired.index == reference, low.isna() | high.isna(), low > 0, high < 0]
    judged = np.select(conditions, [REFERENCE, UNTESTED, WORSE, BETTER], default=UNCLEAR)
    return pd.Series(judged, paired.index)
