"""T4: is heat, beyond what people explain, still like that of the neighbours."""

from functools import partial

import numpy as np

from aespa_core.analysis.disparity.analysis import Analysis, Findings, Part
from aespa_core.analysis.disparity.design import Design
from aespa_core.analysis.disparity.neighbours import borders_notice, islands_left_out, neighbours_of
from aespa_core.analysis.disparity.outcomes import OUTCOMES, label_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.spatial.lagrange import lagrange_tests
from aespa_core.analysis.spatial.moran import residual_moran

NOT_INFERENTIAL = "descriptive only"


def diagnostics(analysis: Analysis) -> ResultTable:
    """Test the residuals of the unweighted specification in every metro."""
    found, words = Findings.empty(), dict[str, None]()
    for part in analysis.metros:
        for outcome in part.sample.outcomes:
            about = f"{part.label}, {label_of(outcome).lower()}"
            rows = found.attempt(about, partial(tested, analysis, part, outcome))
            if rows is None:
                continue
            found.rows += [{"metro": part.id, "outcome": label_of(outcome), **row} for row in rows]
            design = analysis.design(part, outcome)
            weights = neighbours_of(analysis, part, design)
            words[f"{about}: {weights.words}"] = None
            if weights.islands:
                found.notice(f"{about}: {islands_left_out(len(weights.islands))}")
            if unsure := borders_notice(analysis, part):
                found.notice(f"{part.label}: {unsure}")
            for notice in design.notices:
                found.notice(f"{about}: {notice}")
    return ResultTable(
        "T4",
        "Dependence between neighbours",
        found.frame("metro", "outcome", "test", "statistic", "z", "p", "n", "reading"),
        (
            "Residuals of ordinary least squares of the specification, unweighted. Moran's I: "
            "estimate with its standard deviate; the others: Lagrange multiplier statistics, χ².",
            "On predicted outcomes descriptive only, without tests: a model that looks at "
            "neighbours makes its estimates alike.",
            *(f"{line}." for line in words),
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        panels=("metro", "outcome"),
    )


def tested(analysis: Analysis, part: Part, outcome: str) -> list[dict[str, object]]:
    """Test one metro."""
    design = analysis.design(part, outcome)
    weights = neighbours_of(analysis, part, design)
    observed = OUTCOMES[outcome].observed
    moran = residual_moran(design.y, design.x, weights)
    first = row("Moran's I of residuals", moran.statistic, moran.z, moran.p, design, observed)
    if not observed:
        return [first]
    tests = lagrange_tests(design.y, design.x, weights)
    return [
        first,
        *(
            row(name, test.statistic, np.nan, test.p, design, observed)
            for name, test in (
                ("LM error", tests.error),
                ("LM lag", tests.lag),
                ("Robust LM error", tests.robust_error),
                ("Robust LM lag", tests.robust_lag),
                ("SARMA", tests.sarma),
            )
        ),
    ]


def row(
    test: str, statistic: float, deviate: float, p: float, design: Design, inferential: bool
) -> dict[str, object]:
    """Lay out one test; without its p value where none is to be had."""
    return {
        "test": test,
        "statistic": statistic,
        "z": deviate if inferential else np.nan,
        "p": p if inferential else np.nan,
        "n": len(design.y),
        "reading": "test" if inferential else NOT_INFERENTIAL,
    }
