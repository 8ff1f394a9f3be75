"""Who errs least, by how much, and is that clear: one row a method for a split and a metro."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.benchmark_studies import BenchmarkStudy
from aespa_core.analysis.comparison import chosen_rows, compared
from aespa_core.analysis.methods import ABLATED, OURS, STUDENT, words_of
from aespa_core.errors import ArtifactError
from aespa_core.schema import METRO_IDS, metro_label

POOLED: Final = "all"
# Learned on one metro alone, tested on each other: ``from_boston``.
FROM_METRO: Final = "from_"
SPLITS: Final = {
    "spatial_blocks": (
        "Blocks of each metro hidden",
        "Whole blocks of tracts are hidden in every metro: how well are gaps of a city filled?",
    ),
    "leave_one_metro_out": (
        "Whole metros hidden",
        "A metro is hidden as a whole: how well is a city estimated that was never seen?",
    ),
    "leave_one_area_out": (
        "Whole urban areas hidden",
        "Urban areas are hidden as a whole: how well is a city estimated that was never seen?",
    ),
    "random": (
        "Single tracts hidden at random (too easy)",
        "Hidden tracts have known neighbours, which flatters every method: shown only for that.",
    ),
}
# The student without a teacher is told against the student with one; all else against ours.
STUDENTS_ABLATION: Final = "aespa_student_no_distillation"


@dataclass(frozen=True)
class Board:
    """Methods of one study under one split, best first.

    Attributes
    ----------
    study
        What was tested on.
    split, metro, target
        Ids; ``metro`` is ``all`` where all are pooled.
    rows
        One row a method: ``rank``, ``method``, ``label``, ``group`` (key of
        :data:`aespa_core.analysis.methods.GROUPS`), ``inputs``, ``seeds`` (count), ``error_c``
        (the study's yardstick, mean over seeds), ``spread_c`` (standard deviation over seeds, NaN
        for one), ``difference_c`` (its error minus AESPA's), ``low_c``, ``high_c`` (95 % interval,
        NaN where none was computed), ``reference_c`` (AESPA's error under the method's seeds),
        ``verdict`` (this method against AESPA: ``better``, ``worse``, ``unclear``, ``untested``,
        ``reference``), then :data:`aespa_core.analysis.comparison.METRICS` (°C, shares, counts,
        seconds; NaN where the method has none).
    absent
        Labels of methods that the study has elsewhere but not here.
    """

    study: BenchmarkStudy
    split: str
    metro: str
    target: str
    rows: pd.DataFrame
    absent: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where, in the middle of a sentence."""
        if self.metro == POOLED:
            return self.study.place
        return ("simulated " if self.study.simulated else "") + metro_name(self.metro)

    def row(self, method: str) -> pd.Series | None:
        """Row of a method, None where it is not on the board."""
        found = self.rows[self.rows["method"] == method]
        return None if found.empty else found.iloc[0]


def metro_name(metro: str) -> str:
    """Name of a metro on screen; areas of the census keep their own."""
    return metro_label(metro) if metro in METRO_IDS else metro.replace("--", "–")


def splits_in(table: pd.DataFrame, study: BenchmarkStudy) -> list[str]:
    """List the splits of a study for a leaderboard, the telling ones first."""
    ranked = (table["study"] == study.id) & (table["metric"] == study.yardstick.metric)
    found = set(table.loc[ranked, "split"])
    rest = sorted(split for split in found - set(SPLITS) if not split.startswith(FROM_METRO))
    return [split for split in SPLITS if split in found] + rest


def targets_in(table: pd.DataFrame, study: BenchmarkStudy, split: str) -> list[str]:
    """Targets of a study under a split that have errors, day first."""
    rows = chosen_rows(table, study, split)
    return sorted(rows.loc[rows["metric"] == study.yardstick.metric, "target"].unique())


def metros_in(table: pd.DataFrame, study: BenchmarkStudy, split: str, target: str) -> list[str]:
    """Metros of a study under a split, all of them pooled first."""
    rows = chosen_rows(table, study, split, target)
    found = rows.loc[rows["metric"] == study.yardstick.metric, "metro"].unique()
    return sorted(found, key=lambda metro: (metro != POOLED, metro))


def leaderboard(
    table: pd.DataFrame, study: BenchmarkStudy, split: str, metro: str, target: str
) -> Board:
    """Rank the methods of one study under one split; ablations stand apart.

    Parameters
    ----------
    table
        As :func:`aespa_core.analysis.benchmark_tables.read_results` gives it.
    study
        What was tested on.
    split, metro, target
        Ids of the table; ``metro`` may be ``all``.

    Raises
    ------
    ArtifactError
        If no method has an error there.
    """
    rows = compared(table, study, split, metro, target, OURS)
    rows = rows[rows["group"] != ABLATED].sort_values("error_c", kind="stable", ignore_index=True)
    if rows.empty:
        raise ArtifactError(
            f"{study.file} has no {study.yardstick.metric} of {target} in {metro} under {split}: "
            "choose another split or metro."
        )
    rows.insert(0, "rank", np.arange(1, len(rows) + 1))
    everywhere = table.loc[
        (table["study"] == study.id) & (table["metric"] == study.yardstick.metric), "method"
    ].unique()
    missing = [words_of(name, study.methods) for name in everywhere if name not in set(rows.method)]
    absent = tuple(words.label for words in missing if words.group != ABLATED)
    return Board(study, split, metro, target, rows, absent)


@dataclass(frozen=True)
class ByMetro:
    """Errors of each method in each metro.

    Attributes
    ----------
    matrix
        The study's yardstick, °C, mean over seeds; rows: labels of methods, in the order of the
        pooled leaderboard; columns: metro ids, where AESPA errs most first. NaN where not run.
    reference
        Label of AESPA.
    """

    matrix: pd.DataFrame
    reference: str


def by_metro(table: pd.DataFrame, board: Board) -> ByMetro:
    """Lay out the errors of a board's methods by metro; empty where only pooled ones are known."""
    rows = chosen_rows(table, board.study, board.split, board.target)
    rows = rows[(rows["metric"] == board.study.yardstick.metric) & (rows["metro"] != POOLED)]
    pivoted = rows.pivot_table(index="method", columns="metro", values="value", aggfunc="mean")
    matrix = pivoted.reindex(board.rows["method"])
    if OURS in matrix.index:
        matrix = matrix[matrix.loc[OURS].sort_values(ascending=False).index]
    labels = [words_of(method, board.study.methods).label for method in matrix.index]
    matrix = matrix.set_axis(labels).rename_axis(index="method", columns="metro")
    return ByMetro(matrix, words_of(OURS, board.study.methods).label)


@dataclass(frozen=True)
class Ablations:
    """What each part of the model brings.

    Attributes
    ----------
    rows
        One row a model with a part left out, the most missed part first: ``method``, ``label``,
        ``reference`` (label of the whole model), ``seeds``, ``error_c``, ``reference_c`` (the
        whole model's error under the same seeds), ``difference_c``, ``low_c``, ``high_c``,
        ``verdict`` (of the model with the part left out against the whole one), ``change``
        (difference as a share of ``reference_c``).
    """

    rows: pd.DataFrame


def ablations(
    table: pd.DataFrame, study: BenchmarkStudy, split: str, metro: str, target: str
) -> Ablations:
    """Compare the model with its own reductions; the table is empty where there are none."""
    parts = []
    for reference in (OURS, STUDENT):
        rows = compared(table, study, split, metro, target, reference)
        students = rows["method"] == STUDENTS_ABLATION
        rows = rows[(rows["group"] == ABLATED) & (students == (reference == STUDENT))]
        parts.append(rows.assign(reference=words_of(reference, study.methods).label))
    rows = pd.concat(parts)
    rows["change"] = rows["difference_c"] / rows["reference_c"]
    columns = [
        "method", "label", "reference", "seeds", "error_c", "reference_c", "difference_c", "low_c",
        "high_c", "verdict", "change",
    ]  # fmt: skip
    rows = rows[columns].sort_values("difference_c", ascending=False, ignore_index=True)
    return Ablations(rows)
