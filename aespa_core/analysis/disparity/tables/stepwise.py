"""T3: the association of interest from the plainest regression to the one that is asked for."""

from dataclasses import dataclass, replace
from functools import partial

from aespa_core.analysis.disparity.analysis import (
    ESTIMATE,
    Analysis,
    Findings,
    Fitted,
    estimate_fields,
)
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.design import counted
from aespa_core.analysis.disparity.outcomes import label_of, unit_of
from aespa_core.analysis.disparity.result_table import REGRESSION, ResultTable
from aespa_core.analysis.disparity.specification import Errors, Specification


@dataclass(frozen=True)
class Step:
    """One column of the table: what the specification is changed to."""

    model: str
    asked: Specification


def steps_of(asked: Specification) -> tuple[Step, ...]:
    """Build the specification up; a step that changes nothing is left out."""
    plain = replace(
        asked,
        terms=asked.terms[:1],
        controls=(),
        fixed_effects="metro",
        weights="none",
        errors=Errors(kind="HC1"),
    )
    terms = replace(plain, terms=asked.terms)
    controls = replace(terms, controls=asked.controls)
    within = replace(controls, fixed_effects=asked.fixed_effects)
    weighted = replace(within, weights=asked.weights)
    steps: list[Step] = []
    for one in (plain, terms, controls, within, weighted, asked):
        if not steps or one != steps[-1].asked:
            steps.append(Step(f"({len(steps) + 1})", one))
    return tuple(steps)


def stepwise(analysis: Analysis) -> ResultTable:
    """Regress every outcome step by step, all metros together."""
    part, found = analysis.whole, Findings.empty()
    dropped: list[str] = []
    errors: dict[str, None] = {}
    for outcome in part.sample.outcomes:
        for step in steps_of(analysis.asked):
            about = f"{label_of(outcome)}, model {step.model}"
            fitted = found.attempt(about, partial(analysis.fitted, part, outcome, step.asked))
            if fitted is None:
                continue
            found.rows += rows_of(outcome, step, fitted)
            for notice in (*fitted.design.notices, *fitted.robust.notices):
                found.notice(f"{about}: {notice}")
            dropped.append(f"{about}: {counted(fitted.design.dropped)}")
            errors[f"{fitted.robust.short}: {fitted.robust.words}"] = None
    asked = analysis.asked
    return ResultTable(
        "T3",
        f"What goes with heat, step by step: {part.label}",
        found.frame("outcome", "model", "term", "label", *ESTIMATE, "value"),
        (
            f"Left out in the last model. {'; '.join(dropped[-1:])}."
            if dropped
            else "No model could be fitted.",
            *([f"{'; '.join(errors)}."] if errors else []),
            f"Weights of the last models: {asked.weights}. What grows and what is built is "
            "not held unless asked for: it is a way by which heat follows people, not another "
            "cause of both.",
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        REGRESSION,
    )


def rows_of(outcome: str, step: Step, fitted: Fitted) -> list[dict[str, object]]:
    """List the coefficients of one column and what is said of its model."""
    keys = {"outcome": label_of(outcome), "model": step.model}
    rows: list[dict[str, object]] = [
        {
            **keys,
            "term": row.term,
            "label": COVARIATES[row.term].label,
            **estimate_fields(row, unit_of(outcome)),
        }
        for row in fitted.estimates
    ]
    # within one metro its effect is the constant
    one = step.asked.fixed_effects == "metro" and len(set(fitted.design.metro)) == 1
    said = {
        "Fixed effects": "none" if one else step.asked.fixed_effects,
        "Weights": step.asked.weights,
        "Standard errors": fitted.robust.short,
    }
    keys["unit"] = unit_of(outcome)
    rows += [{**keys, "term": name, "value": text} for name, text in said.items()]
    rows += [
        {**keys, "term": "n", "estimate": float(len(fitted.design.y))},
        {**keys, "term": "r2", "estimate": fitted.fit.r2},
    ]
    return rows
