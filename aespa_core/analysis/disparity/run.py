"""All tables of an analysis, in order."""

from collections.abc import Callable
from typing import Final

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.tables.by_metro import by_metro
from aespa_core.analysis.disparity.tables.descriptives import descriptives
from aespa_core.analysis.disparity.tables.quantiles import quantiles
from aespa_core.analysis.disparity.tables.robustness import robustness
from aespa_core.analysis.disparity.tables.stepwise import stepwise

TABLES: Final[dict[str, Callable[[Analysis], ResultTable]]] = {
    "T1": descriptives,
    "T3": stepwise,
    "T8": by_metro,
    "T9": quantiles,
    "T10": robustness,
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
