"""All tables and figures of an analysis, in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.figures.bivariate import bivariate
from aespa_core.analysis.disparity.figures.choices import choices
from aespa_core.analysis.disparity.figures.clusters import clusters
from aespa_core.analysis.disparity.figures.concentration import concentration
from aespa_core.analysis.disparity.figures.exposure import exposure_by_group
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.forest import forest
from aespa_core.analysis.disparity.figures.likeness import likeness
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
from aespa_core.errors import StudyError


@dataclass(frozen=True)
class Figures:
    """Figures that could be made, and a sentence on each that could not."""

    made: tuple[FigureData, ...]
    missing: tuple[str, ...]


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


def figures_of(
    analysis: Analysis, part: Part, outcome: str, tables: Mapping[str, ResultTable]
) -> Figures:
    """Make every figure of one metro, or of all, on one outcome; the rest goes on without one.

    Parameters
    ----------
    analysis, part, outcome
        What is asked, and of which tracts.
    tables
        Those of the analysis by id; T8 and T10 are drawn.
    """
    term = analysis.asked.terms[0]
    outcomes = analysis.sample.outcomes
    makers = (
        partial(exposure_by_group, analysis, part, outcome),
        partial(concentration, analysis, part, outcome),
        partial(forest, tables["T8"].frame, term, outcomes),
        partial(choices, analysis, part, outcome, term, tables["T10"].frame),
        partial(bivariate, analysis, part, outcome),
        partial(clusters, analysis, part, outcome),
        partial(likeness, analysis, part, outcome),
    )
    made, missing = [], []
    for maker in makers:
        try:
            made.append(maker())
        except StudyError as error:
            missing.append(str(error))
    return Figures(tuple(made), tuple(missing))
