"""What measures cost in each tract."""

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.measures import MEASURES
from aespa_core.analysis.scenarios.scenario import UnitCost

Array = npt.NDArray[np.float64]

LAND = "aland_m2"


def usd_m2_of(costs: tuple[UnitCost, ...]) -> Array:
    """Give the unit cost of each measure, US$ for each m² treated, (Q,)."""
    own = {cost.measure: cost.usd_m2 for cost in costs}
    return np.array([own.get(measure.id, measure.cost.usd_m2) for measure in MEASURES])


def usd_a_tract(costs: tuple[UnitCost, ...], baseline: Baseline) -> Array:
    """US$ for treating the whole of each tract's land, (Q, B); NaN where its area is unknown."""
    return usd_m2_of(costs)[:, None] * baseline.column(LAND)[None]
