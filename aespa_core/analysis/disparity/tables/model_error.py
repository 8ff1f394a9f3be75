"""A1: where the model errs, and whether its error goes with income."""

from functools import partial

from aespa_core.analysis.disparity.analysis import (
    ESTIMATE,
    Analysis,
    Findings,
    Part,
    estimate_fields,
)
from aespa_core.analysis.disparity.correction import LABELS, PREDICTED, correctable
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.row_errors import group_errors
from aespa_core.analysis.prediction_errors import PredictionErrors, prediction_errors


def model_error(analysis: Analysis) -> ResultTable:
    """Compare predictions with labels by day, by metro and income fifth."""
    found = Findings.empty()
    for part in analysis.metros:
        if not correctable(part):
            lacking = [
                label_of(name).lower()
                for name in (PREDICTED, LABELS)
                if name not in part.sample.outcomes
            ]
            found.notice(f"{part.label}: nothing to compare without {' and '.join(lacking)}.")
            continue
        errors = found.attempt(part.label, partial(compare, analysis, part))
        if errors is None:
            continue
        for notice in errors.notices:
            found.notice(f"{part.label}: {notice}")
        found.rows += [
            {
                "metro": part.id,
                "group": row.bias.estimate.term,
                **estimate_fields(row.bias.estimate),
                "mae_c": row.mae_c,
                "rmse_c": row.rmse_c,
                "tracts": row.bias.tracts,
                "people": row.bias.people,
            }
            for row in (errors.everybody, *errors.fifths)
        ]
        if errors.gap is not None:
            found.rows.append(
                {
                    "metro": part.id,
                    "group": errors.gap.estimate.term,
                    **estimate_fields(errors.gap.estimate),
                    "tracts": errors.gap.tracts,
                    "people": errors.gap.people,
                }
            )
    return ResultTable(
        "A1",
        "Error of the model by metro and income fifth",
        found.frame("metro", "group", *ESTIMATE, "mae_c", "rmse_c", "tracts", "people"),
        (
            "Estimate: predicted minus observed by day, mean over residents, °C, both against the "
            "median of the tracts that have both. The last row of a metro is what the model adds "
            "to the gap between the poorest and the richest fifth. Standard errors as in T2.",
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        panels=("metro",),
    )


def compare(analysis: Analysis, part: Part) -> PredictionErrors:
    """Compare one metro."""
    errors = group_errors(part.sample, LABELS, analysis.asked.errors)
    return prediction_errors(part.sample.tracts, PREDICTED, LABELS, errors.of_rows)
