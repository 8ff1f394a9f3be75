"""All tables of an analysis, in order."""

from collections.abc import Callable
from typing import Final

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.tables.by_metro import by_metro
from aespa_core.analysis.disparity.tables.decile_gaps import decile_gaps
from aespa_core.analysis.disparity.tables.descriptives import descriptives
from aespa_core.analysis.disparity.tables.diagnostics import diagnostics
from aespa_core.analysis.disparity.tables.exposure import exposure
from aespa_core.analysis.disparity.tables.impacts import spatial_impacts
from aespa_core.analysis.disparity.tables.inequality import inequality
from aespa_core.analysis.disparity.tables.model_error import model_error
from aespa_core.analysis.disparity.tables.quantiles import quantiles
from aespa_core.analysis.disparity.tables.robustness import robustness
from aespa_core.analysis.disparity.tables.stepwise import stepwise

TABLES: Final[dict[str, Callable[[Analysis], ResultTable]]] = {
    "T1": descriptives,
    "T2": exposure,
    "T3": stepwise,
    "T4": diagnostics,
    "T5": spatial_impacts,
    "T6": decile_gaps,
    "T7": inequality,
    "T8": by_metro,
    "T9": quantiles,
    "T10": robustness,
    "A1": model_error,
}


def tables_of(
    analysis: Analysis, progress: Callable[[str], None] = lambda table: None
) -> tuple[ResultTable, ...]:
    """Make every table; ``progress`` hears of each as it begins."""
    made = []
    for name, table in TABLES.items():
        progress(name)
        made.append(table(analysis))
    return tuple(made)
