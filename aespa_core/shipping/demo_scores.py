"""How far estimates of a study lie from its labels, metro by metro, as differences within it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.errors import StudyError
from aespa_core.studies.folder import Study

ALL: Final = "all"


@dataclass(frozen=True)
class MetroScore:
    """Agreement of a run with labels over the tracts of one metro, or of all.

    Attributes
    ----------
    metro
        Metro id, or :data:`ALL`.
    tracts
        With a label and an estimate.
    mae_c
        Mean absolute error of the difference from the metro's median, °C.
    pearson
        Correlation of both differences.
    coverage_90
        Share of labels inside the 90 % interval.
    """

    metro: str
    tracts: int
    mae_c: float
    pearson: float
    coverage_90: float


def demo_scores(study: Study, run: str) -> tuple[MetroScore, ...]:
    """Compare a run with the study's day labels: all tracts first, then each metro.

    Both sides are told from the median of the metro's tracts that have both: a gap in the labels
    would else read as an error.

    Raises
    ------
    StudyError
        If no tract has a label and an estimate.
    """
    label = study.read("temperature").set_index("geoid")["lst_day_c"]
    table = study.read_run(run).set_index("geoid").assign(label=label).reset_index()
    table = table[table["label"].notna() & table["anomaly_c"].notna()]
    if table.empty:
        raise StudyError(
            f"{study.path} has no labelled tract that the run '{run}' estimates: scores need the "
            "table 'temperature' of the same tracts."
        )
    middle = table.groupby("metro")[["label", "anomaly_c"]].transform("median")
    table["label"] -= middle["label"]
    for name in ("low90_c", "anomaly_c", "high90_c"):
        table[name] -= middle["anomaly_c"]
    parts = [(ALL, table), *table.groupby("metro")]
    return tuple(score_of(str(metro), part) for metro, part in parts)


def score_of(metro: str, part: pd.DataFrame) -> MetroScore:
    """Score some tracts, told as differences."""
    error = (part["anomaly_c"] - part["label"]).abs()
    inside = part["label"].between(part["low90_c"], part["high90_c"])
    both = np.corrcoef(part["anomaly_c"], part["label"])
    return MetroScore(
        metro, len(part), float(error.mean()), float(both[0, 1]), float(inside.mean())
    )
