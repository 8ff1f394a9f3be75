"""T2: who lives where it is hot: mean temperature of groups of residents, and their gaps."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from aespa_core.analysis.disparity.analysis import (
    ESTIMATE,
    Analysis,
    Findings,
    Part,
    estimate_fields,
)
from aespa_core.analysis.disparity.correction import (
    CORRECTED,
    MEANING,
    PREDICTED,
    correct_groups,
    correctable,
)
from aespa_core.analysis.disparity.outcomes import label_of, unit_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.row_errors import group_errors
from aespa_core.analysis.exposure.groups import Compared, GroupExposure, group_exposure
from aespa_core.analysis.exposure.people import GROUPINGS, Groups
from aespa_core.errors import StudyError

MEAN, GAP = "mean", "gap"


def exposure(analysis: Analysis) -> ResultTable:
    """Compare groups in every metro, on every outcome, and predictions corrected by labels."""
    found = Findings.empty()
    for part in analysis.metros:
        for outcome in part.sample.outcomes:
            about = f"{part.label}, {label_of(outcome).lower()}"
            compared = found.attempt(about, partial(compare, analysis, part, outcome))
            if compared is not None:
                for notice in compared.notices:
                    found.notice(f"{about}: {notice}")
                for division in compared.divisions:
                    found.rows += rows_of(part, outcome, division)
        if correctable(part):
            found.rows += corrected_rows(analysis, part, found)
    words = ", ".join(
        dict.fromkeys(
            group_errors(part.sample, outcome, analysis.asked.errors).words
            for part in analysis.metros
            for outcome in part.sample.outcomes
        )
    )
    return ResultTable(
        "T2",
        "Who lives where it is hot",
        found.frame("metro", "outcome", "division", "what", "group", *ESTIMATE, "tracts", "people"),
        (
            "Means over the residents of a group; a gap is the group against all others of the "
            "same division, of the income fifths the poorest against the richest. Income fifths "
            "are of a metro's residents by their tract's median household income; households "
            "without a vehicle stand for their people. Predicted means are differences from the "
            "metro's median.",
            f"Standard errors: {words}.",
            MEANING,
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        panels=("metro", "outcome"),
    )


def compare(analysis: Analysis, part: Part, outcome: str) -> GroupExposure:
    """Compare the groups of one metro."""
    errors = group_errors(part.sample, outcome, analysis.asked.errors)
    return group_exposure(part.sample.tracts, outcome, errors.of_rows)


def rows_of(part: Part, outcome: str, division: Compared) -> list[dict[str, object]]:
    """List means, then gaps."""
    return [
        {
            "metro": part.id,
            "outcome": label_of(outcome),
            "division": division.label,
            "what": what,
            "group": row.estimate.term,
            **estimate_fields(row.estimate, unit_of(outcome)),
            # no level means nothing against 0
            **({"p": np.nan, "stars": ""} if what == MEAN else {}),
            "tracts": row.tracts,
            "people": row.people,
        }
        for what, rows in ((MEAN, division.means), (GAP, division.gaps))
        for row in rows
    ]


def corrected_rows(analysis: Analysis, part: Part, found: Findings) -> list[dict[str, object]]:
    """Correct the gaps of one metro by its labels."""
    rows = []
    for groups in divisions_of(part, found):
        corrected = found.attempt(
            f"{part.label}, {CORRECTED.lower()}", partial(correct_groups, analysis, part, groups)
        )
        if corrected is None:
            continue
        for notice in corrected.notices:
            found.notice(f"{part.label}, {CORRECTED.lower()}: {notice}")
        rows += [
            {
                "metro": part.id,
                "outcome": CORRECTED,
                "division": groups.label,
                "what": GAP,
                "group": row.term,
                **estimate_fields(row),
                "tracts": corrected.tracts,
                "people": float(groups.people.sum()),
            }
            for row in corrected.corrected[len(groups.labels) :]
        ]
    return rows


def divisions_of(part: Part, found: Findings) -> Sequence[Groups]:
    """Count the people of every division that the metro's tracts carry."""
    made = []
    for maker in GROUPINGS:
        try:
            made.append(maker(part.sample.tracts, PREDICTED))
        except StudyError as error:
            found.notice(f"{part.label}, {CORRECTED.lower()}: {error}")
    return made
