"""How far a city's model travels: learned in one metro, tested in another."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aespa_core.analysis.benchmark_studies import BenchmarkStudy
from aespa_core.analysis.leaderboard import FROM_METRO, POOLED
from aespa_core.analysis.methods import STUDENT
from aespa_core.schema import metro_label

TRANSFER_METRICS = {
    "mae_within": "Mean absolute error within the metro, °C",
    "pearson_within": "Correlation within the metro",
}


@dataclass(frozen=True)
class Transfer:
    """A metric by metro learned on and metro tested on.

    Attributes
    ----------
    metric
        Key of :data:`TRANSFER_METRICS`.
    matrix
        Rows: metros learned on; columns: metros tested on; both sorted, NaN where not tested.
    """

    metric: str
    matrix: pd.DataFrame


def transfer(
    table: pd.DataFrame,
    study: BenchmarkStudy,
    metric: str,
    target: str,
    method: str = STUDENT,
) -> Transfer:
    """Lay the splits ``from_<metro>`` out as a matrix, mean over seeds; empty where none ran."""
    rows = table[
        (table["study"] == study.id)
        & table["split"].str.startswith(FROM_METRO)
        & (table["method"] == method)
        & (table["metric"] == metric)
        & (table["target"] == target)
        & (table["metro"] != POOLED)
    ]
    learned = rows["split"].str.removeprefix(FROM_METRO)
    matrix = rows.assign(learned=learned).pivot_table(
        index="learned", columns="metro", values="value", aggfunc="mean"
    )
    matrix.index.name, matrix.columns.name = "learned_in", "tested_in"
    return Transfer(metric, matrix)


def transfer_words(found: Transfer) -> str:
    """Say which metro's model travels best and which metro is hardest to reach."""
    matrix = found.matrix
    if matrix.empty:
        return "No model was trained on one metro alone and tested on the others."
    # a metro's own cell, if there is one, is no journey
    own = np.equal.outer(matrix.index.to_numpy(), matrix.columns.to_numpy())
    away = matrix.mask(own)
    by_source, by_place = away.mean(axis=1), away.mean(axis=0)
    if found.metric == "mae_within":
        unit, best, hardest = " °C", by_source.idxmin(), by_place.idxmax()
    else:
        unit, best, hardest = "", by_source.idxmax(), by_place.idxmin()
    return (
        f"The model learned in {metro_label(best)} travels best ({by_source[best]:.2f}{unit} on "
        f"average elsewhere); {metro_label(hardest)} is the hardest to estimate from elsewhere "
        f"({by_place[hardest]:.2f}{unit})."
    )
