"""Stars from the standard errors that a table shows, and from nothing else."""

import math
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from aespa_core.analysis.regression.estimate import STARS, stars_of

LEGEND: Final = "* p < .05, ** p < .01, *** p < .001."
BOUNDS: Final = tuple(level for level, _ in STARS)
# two programs' p may differ by so much, and then they may stand on either side of a bound
SAME: Final = 1e-9


def p_of(frame: pd.DataFrame) -> np.ndarray:
    """Two-sided p of Student's t for each row (N,), NaN where a number for it is missing.

    t = estimate / std_error, with ``df`` degrees of freedom; infinitely many are the normal law.
    A row whose own ``p`` is missing tests nothing: a level is not compared with 0.
    """
    if not {"estimate", "std_error", "df"} <= set(frame.columns):
        return np.full(len(frame), math.nan)
    estimate, error, freedom = (
        frame[name].to_numpy(float, na_value=math.nan) for name in ("estimate", "std_error", "df")
    )
    tested = frame["p"].notna().to_numpy() if "p" in frame else np.ones(len(frame), bool)
    error = np.where((error > 0) & tested, error, math.nan)
    # an error next to nothing makes t infinite, which is right
    with np.errstate(over="ignore"):
        return 2 * stats.t.sf(np.abs(estimate / error), freedom)


def shown_stars(frame: pd.DataFrame, table: str) -> list[str]:
    """Stars of each row, from its estimate, standard error and degrees of freedom.

    Raises
    ------
    ValueError
        If the frame's own column ``stars`` says otherwise.
    """
    p = p_of(frame)
    stars = [stars_of(value) for value in p]
    if "stars" not in frame:
        return stars
    for row, (own, value) in enumerate(zip(frame["stars"], p, strict=True)):
        near = any(abs(value - bound) <= SAME for bound in BOUNDS)
        claimed = own if isinstance(own, str) else ""
        if claimed != stars[row] and not near:
            raise ValueError(
                f"Row {row} of table {table} claims '{claimed}', but its standard error and "
                f"degrees of freedom give p = {value:.4g}, which is '{stars[row]}': compute stars "
                "from the standard error that the table shows."
            )
    return stars
