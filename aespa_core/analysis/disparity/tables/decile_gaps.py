"""T6: temperature of the poorest and the richest tenth of tracts, and of those between."""

from functools import partial

import numpy as np

from aespa_core.analysis.disparity.analysis import (
    ESTIMATE,
    Analysis,
    Findings,
    Part,
    estimate_fields,
)
from aespa_core.analysis.disparity.outcomes import label_of, unit_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.row_errors import group_errors
from aespa_core.analysis.exposure.deciles import decile_exposure
from aespa_core.analysis.exposure.groups import Compared


def decile_gaps(analysis: Analysis) -> ResultTable:
    """Compare tenths of tracts in every metro."""
    found = Findings.empty()
    for part in analysis.metros:
        for outcome in part.sample.outcomes:
            about = f"{part.label}, {label_of(outcome).lower()}"
            tenths = found.attempt(about, partial(compare, analysis, part, outcome))
            if tenths is None:
                continue
            for notice in tenths.notices:
                found.notice(f"{about}: {notice}")
            keys = {"metro": part.id, "outcome": label_of(outcome)}
            found.rows += [
                {
                    **keys,
                    "tenth": row.estimate.term,
                    **estimate_fields(row.estimate, unit_of(outcome)),
                    # no level means nothing against 0
                    **({} if row in tenths.gaps else {"p": np.nan, "stars": ""}),
                    "tracts": row.tracts,
                    "people": row.people,
                }
                for row in (*tenths.means, *tenths.gaps)
            ]
    return ResultTable(
        "T6",
        "The poorest and the richest tenth of tracts",
        found.frame("metro", "outcome", "tenth", *ESTIMATE, "tracts", "people"),
        (
            "Tenths of tracts by median household income, each tract alike; standard errors as in "
            "T2.",
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        panels=("metro", "outcome"),
    )


def compare(analysis: Analysis, part: Part, outcome: str) -> Compared:
    """Compare the tenths of one metro."""
    errors = group_errors(part.sample, outcome, analysis.asked.errors)
    return decile_exposure(part.sample.tracts, outcome, errors.of_rows)
