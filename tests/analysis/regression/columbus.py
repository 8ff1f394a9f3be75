"""Columbus, the regression whose numbers R gave: CRIME on INC and HOVAL, 49 neighbourhoods."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.analysis.regression.least_squares import Fit, least_squares

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
FRAME = pd.read_csv(GOLDEN / "colold.csv")
R = json.loads((GOLDEN / "r_golden.json").read_text(encoding="utf-8"))
Y = FRAME["CRIME"].to_numpy(float)
X = np.column_stack([np.ones(49), FRAME["INC"], FRAME["HOVAL"]])
XY = FRAME[["X", "Y"]].to_numpy(float)
CLUSTER = np.array(R["cl"])


def columbus(weights: np.ndarray | None = None) -> Fit:
    """Fit it."""
    return least_squares(Y, X, np.ones(49) if weights is None else weights)


def apart(ours: object, reference: object) -> float:
    """Largest relative difference."""
    return float(np.abs(np.asarray(ours) / np.asarray(reference) - 1).max())
