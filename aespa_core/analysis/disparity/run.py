"""All tables and figures of an analysis, in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
from aespa_core.analysis.disparity.sample import LEAST_TRACTS
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
from aespa_core.analysis.exposure.censored_incomes import censored_words
from aespa_core.errors import StudyError


@dataclass(frozen=True)
class Figures:
    """Figures that could be made, and a sentence on each that could not."""

    made: tuple[FigureData, ...]
    missing: tuple[str, ...]


# Tables of income's fifths, tenths and ranks, and those of slopes by what is asked for.
BY_INCOME: Final = ("T2", "T6", "T7", "A1")
REGRESSIONS: Final = ("T3", "T4", "T5", "T8", "T9", "T10")
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
        made.append(with_incomes(with_reason(table(analysis), analysis), analysis))
    return tuple(made)


def with_reason(table: ResultTable, analysis: Analysis) -> ResultTable:
    """Let a table without a row say why, where none of its metros did."""
    if len(table.frame) or table.notices:
        return table
    lacking = analysis.left_out or ("none of the outcomes is there",)
    reason = f"No row: there are not {LEAST_TRACTS} tracts that differ ({', '.join(lacking)})."
    return replace(table, notices=(reason,))


def with_incomes(table: ResultTable, analysis: Analysis) -> ResultTable:
    """Let a table that divides by income say of which metros many incomes are censored."""
    asked = analysis.asked
    regressed = table.id in REGRESSIONS and "income_sd" in (*asked.terms, *asked.controls)
    if table.id not in BY_INCOME and not regressed:
        return table
    words = ((part.label, censored_words(part.sample.tracts)) for part in analysis.metros)
    told = tuple(f"{label}: {text}" for label, text in words if text)
    return replace(table, notices=(*table.notices, *told))


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
