"""What published coefficients say where no curve was learned: kept apart, not estimated here."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.limits import PLANTABLE
from aespa_core.analysis.scenarios.measures import MEASURES, Coefficient
from aespa_core.analysis.scenarios.outcome import Published
from aespa_core.analysis.scenarios.totals import PEOPLE

Array = npt.NDArray[np.float64]


def published_limit(published: Coefficient, baseline: Baseline) -> Array:
    """Amount up to which a coefficient is used, and plantable ground where known, (B,)."""
    plantable = baseline.column(PLANTABLE)
    return np.where(np.isfinite(plantable), np.minimum(plantable, published.up_to), published.up_to)


def coefficients(amounts: Array, bound: str) -> Array:
    """Effect of amounts (Q, B) by one number of their coefficients, °C, (B,)."""
    values = [
        0.0 if measure.literature is None else getattr(measure.literature, bound)
        for measure in MEASURES
    ]
    return np.array(values) @ amounts


def with_published(table: pd.DataFrame, amounts: Array) -> pd.DataFrame:
    """Add what coefficients say, in columns of their own."""
    return table.assign(
        published_c=coefficients(amounts, "effect_c"),
        published_low_c=coefficients(amounts, "low_c"),
        published_high_c=coefficients(amounts, "high_c"),
    )


def published_of(amounts: Array, baseline: Baseline) -> Published | None:
    """Sum up what coefficients say; None where none was used."""
    used = [q for q in range(len(MEASURES)) if (amounts[q] > 0).any()]
    if not used:
        return None
    some = (amounts > 0).any(0)
    people = baseline.column(PEOPLE)
    weight = np.where(some, people if np.isfinite(people).any() else 1.0, 0.0)
    weight = np.nan_to_num(weight)

    def mean(bound: str) -> float:
        total = weight.sum()
        return float(coefficients(amounts, bound) @ weight / total) if total > 0 else float("nan")

    return Published(
        tuple(MEASURES[q].id for q in used),
        int(some.sum()),
        mean("effect_c"),
        mean("low_c"),
        mean("high_c"),
        tuple(lit.source for q in used if (lit := MEASURES[q].literature) is not None),
    )
