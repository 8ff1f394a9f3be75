"""The budgets of a study: every metro and objective in which something has a price."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from aespa_core.analysis.budget_objective import LABELS
from aespa_core.analysis.scenarios.plan import menu_for, objective_of
from aespa_core.analysis.scenarios.scenario import Amount, Scenario, Where
from aespa_core.benchmarks.budget_gap import PARTS, BudgetCase, budget_rows
from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.whatif import places_in
from aespa_core.errors import AespaError
from aespa_core.inference.code_version import code_version
from aespa_core.studies.atomic import write_text
from aespa_core.studies.catalogue import ROOT

RUNS: Final = ROOT / "runs" / "bench_whatif"
QUICK_PARTS: Final = (0.01,)
# What a case's rows follow from, beside its numbers.
CODE: Final = ("analysis/budget*.py", "analysis/response.py", "benchmarks/budget_gap.py")


@dataclass(frozen=True)
class Cases:
    """Budgets that can be spent, and why others cannot, in sentences."""

    able: tuple[BudgetCase, ...]
    left_out: tuple[str, ...]


def cases_of(path: Path) -> Cases:
    """Find all metros and objectives of a study; all measures may go to their limits everywhere.

    Raises
    ------
    StudyError
        If no measure can be answered anywhere.
    """
    name = path.absolute().name
    able: list[BudgetCase] = []
    left_out: list[str] = []
    for place in places_in(path):
        baseline = place.baseline
        amounts = tuple(Amount(measure, 1.0, of_limit=True) for measure in place.measures)
        everywhere = Scenario(name, baseline.metro, Where(hottest_share=1.0), amounts)
        try:
            menu = menu_for(everywhere, baseline)
        except AespaError as error:
            left_out.append(f"{name}, {baseline.metro}: {error}")
            continue
        for objective in LABELS:
            try:
                weights = objective_of(objective, baseline).weights
            except AespaError as error:
                left_out.append(f"{name}, {baseline.metro}: {error}")
                continue
            able.append(
                BudgetCase(
                    name, baseline.metro, objective,
                    menu.responses, menu.vectors, menu.limits, menu.unit_cost, weights,
                )
            )  # fmt: skip
    return Cases(tuple(able), tuple(left_out))


def bench_budgets(
    cases: Sequence[BudgetCase],
    parts: tuple[float, ...] = PARTS,
    folder: Path | None = None,
    progress: Callable[[], None] = lambda: None,
) -> list[Row]:
    """Spend budgets in all cases; finished ones are kept, so that a stopped run goes on.

    Parameters
    ----------
    cases
        Metros and objectives.
    parts
        Budgets, of what everything that cools would cost.
    folder
        Where finished cases are kept; under ``runs/`` if None.
    progress
        Called after each case, kept ones included.
    """
    rows = []
    for case in cases:
        path = (folder or RUNS) / f"{case.study}_{case.metro}_{case.objective}_{key(case, parts)}"
        rows += kept_rows(case, parts, path.with_suffix(".json"))
        progress()
    return rows


def kept_rows(case: BudgetCase, parts: tuple[float, ...], path: Path) -> list[Row]:
    """Spend the budgets of a case, or read what came of it."""
    if path.is_file():
        return [Row(**row) for row in json.loads(path.read_text("utf-8"))]
    rows = budget_rows(case, parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps([asdict(row) for row in rows]))
    return rows


def key(case: BudgetCase, parts: tuple[float, ...]) -> str:
    """Tell versions of the code and of the case's numbers apart."""
    digest = hashlib.sha256(json.dumps([code_version(CODE), parts]).encode())
    curves = case.responses
    for numbers in (
        case.vectors, case.limits, case.unit_cost, case.weights,
        curves.lowest, curves.highest, curves.line, curves.weight, curves.slope, curves.offset,
    ):  # fmt: skip
        digest.update(numbers.tobytes())
    return digest.hexdigest()[:12]
