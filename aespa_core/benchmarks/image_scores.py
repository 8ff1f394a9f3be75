"""From estimates of images to rows: correlations, gains with intervals, overlap of segments."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.benchmarks.agreement import difference_interval, pearson, pearson_within
from aespa_core.benchmarks.table import Row

Array = npt.NDArray[np.float64]

DEVELOPMENT, HELD_OUT, ALL = "development", "held_out", "all"
PUBLISHED, MENDED = "published", "mended"


@dataclass(frozen=True)
class Judged:
    """Estimates of one quantity on N images.

    Attributes
    ----------
    study, target
        Plain ids.
    truth
        What people or instruments say, shape (N,).
    estimates
        Method → its numbers, shape (N,).
    group
        Sequence or city, shape (N,).
    held_out
        Whether the image was kept apart, shape (N,).
    overlap, union
        Pixels that a method's segments share with the labels, and that either has, shape (N,);
        empty where there are no labels of pixels.
    """

    study: str
    target: str
    truth: Array
    estimates: Mapping[str, Array]
    group: npt.NDArray[np.str_]
    held_out: npt.NDArray[np.bool_]
    overlap: Array
    union: Array


def rows_of(judged: Judged, seed: int) -> list[Row]:
    """Score on the images for development, on those held out, and on all."""
    everything = np.ones_like(judged.held_out)
    parts = {DEVELOPMENT: ~judged.held_out, HELD_OUT: judged.held_out, ALL: everything}
    return [
        row for split, part in parts.items() for row in rows_of_split(judged, split, part, seed)
    ]


def rows_of_split(judged: Judged, split: str, part: npt.NDArray[np.bool_], seed: int) -> list[Row]:
    """Correlations pooled, within groups and by group; gain over the published formula; overlap."""
    truth, group = judged.truth[part], judged.group[part]
    estimates = {method: numbers[part] for method, numbers in judged.estimates.items()}

    def row(method: str, metric: str, value: float, unit: str = "1", metro: str = "all") -> Row:
        return Row(judged.study, method, metro, split, judged.target, seed, metric, value, unit)

    rows = []
    for method, estimate in estimates.items():
        rows.append(row(method, "pearson", pearson(estimate, truth)))
        rows.append(row(method, "pearson_within", pearson_within(estimate, truth, group)))
        for name in np.unique(group):
            own = group == name
            value = pearson(estimate[own], truth[own])
            rows.append(row(method, "pearson", value, metro=str(name)))
        rows.append(row(method, "images", float(part.sum()), "count"))
    gain = difference_interval(estimates[MENDED], estimates[PUBLISHED], truth, group, seed)
    for metric, interval in gain.items():
        for end, value in zip(("", "_low95", "_high95"), interval, strict=True):
            rows.append(row(MENDED, f"{metric}_minus_published{end}", value))
    rows.append(row(MENDED, "mae", float(np.abs(estimates[MENDED] - truth).mean())))
    if judged.union.size:
        iou = float(judged.overlap[part].sum() / judged.union[part].sum())
        rows.append(row(MENDED, "iou", iou))
    return rows


def leaderboard(rows: Iterable[Row]) -> pd.DataFrame:
    """Correlations on the images held out, a line for each target and method, best first."""
    table = pd.DataFrame([asdict(row) for row in rows])
    shown = ["pearson", "pearson_within", "images"]
    held_out = table[(table["split"] == HELD_OUT) & (table["metro"] == "all")]
    wide = held_out[held_out["metric"].isin(shown)].pivot(
        index=["study", "target", "method"], columns="metric", values="value"
    )
    order = ["study", "target", "pearson_within"]
    wide = wide[shown].reset_index().sort_values(order, ascending=[True, True, False])
    return wide.astype({"images": int}).rename_axis(columns=None)
