"""T10: the same question asked in other ways: what the answer does not hang on."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from aespa_core.analysis.disparity.analysis import (
    ESTIMATE,
    Analysis,
    Findings,
    Part,
    estimate_fields,
)
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.neighbours import borders_notice
from aespa_core.analysis.disparity.outcomes import OUTCOMES, label_of, unit_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.specification import Errors, Specification
from aespa_core.analysis.disparity.tables.impacts import NORMAL, fit_model
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.analysis.spatial.impacts import impacts

CUTOFFS_KM: Final = (5.0, 10.0, 20.0, 40.0)
BLOCKS: Final = (8, 16, 32)
# a tract of so few people has shares of much noise
SMALL_TRACT: Final = 500.0
DENSITY: Final = "log_density"
NEIGHBOURS: Final = ("queen", "knn_6")
BY_NEIGHBOURS: Final = "neighbours"
AS_ASKED: Final = "as specified"


@dataclass(frozen=True)
class Variant:
    """One way to ask: what differs, and the specification that says so."""

    about: str
    difference: str
    asked: Specification


def variants_of(asked: Specification) -> tuple[Variant, ...]:
    """List the ways to ask; those that come to the same are asked once."""
    errors = asked.errors
    effects = "metro" if asked.fixed_effects == "county" else "county"
    weights = "none" if asked.weights == "population" else "population"
    found = [
        Variant(AS_ASKED, AS_ASKED, asked),
        Variant("weights", weights, replace(asked, weights=weights)),
        Variant("fixed effects", effects, replace(asked, fixed_effects=effects)),
        Variant("controls", "none", replace(asked, controls=())),
        Variant("controls", "with density", with_density(asked)),
        Variant(
            "exclusions",
            f"tracts of fewer than {SMALL_TRACT:g} residents",
            replace(asked, least_residents=SMALL_TRACT),
        ),
        *(
            Variant("standard errors", kind, replace(asked, errors=replace(errors, kind=kind)))
            for kind in ("cr2_blocks", "cr2_county", "HC1", "iid")
        ),
        *(
            Variant(
                "blocks",
                str(blocks),
                replace(asked, errors=replace(errors, kind="cr2_blocks", blocks=blocks)),
            )
            for blocks in BLOCKS
        ),
        *(
            Variant(
                "Conley",
                f"{kernel}, {cutoff:g} km",
                replace(asked, errors=Errors("conley", None, cutoff, kernel)),
            )
            for kernel in ("bartlett", "uniform")
            for cutoff in CUTOFFS_KM
        ),
    ]
    return tuple(one for at, one in enumerate(found) if at == 0 or one.asked != asked)


def with_density(asked: Specification) -> Specification:
    """Hold density too, where it is not asked about."""
    if DENSITY in (*asked.terms, *asked.controls):
        return asked
    return replace(asked, controls=(*asked.controls, DENSITY))


def robustness(analysis: Analysis) -> ResultTable:
    """Ask in every way, of every outcome, all metros together and each on its own."""
    found = Findings.empty()
    for part in analysis.parts:
        for outcome in part.sample.outcomes:
            rows = [
                row
                for variant in variants_of(analysis.asked)
                for row in rows_of(analysis, part, outcome, variant, found)
            ]
            if part is not analysis.whole or len(analysis.metros) == 1:
                rows += neighbour_rows(analysis, part, outcome, found)
            found.rows += sorted(rows, key=lambda row: analysis.asked.terms.index(str(row["term"])))
    return ResultTable(
        "T10",
        "What the answer hangs on",
        found.frame(
            "metro", "outcome", "changed", "to", "term", "label", *ESTIMATE, "n", "standard_errors"
        ),
        (
            "Each row changes one thing of the specification; outcomes, observed beside predicted "
            "and day beside night, are all asked in the same ways. Neighbours: coefficients of a "
            "spatial error model, unweighted, of observed outcomes.",
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        panels=("metro", "outcome", "term"),
    )


def rows_of(
    analysis: Analysis, part: Part, outcome: str, variant: Variant, found: Findings
) -> list[dict[str, object]]:
    """Fit one variant; the covariates in question only."""
    about = f"{part.label}, {label_of(outcome).lower()}"
    fitted = found.attempt(about, partial(analysis.fitted, part, outcome, variant.asked))
    if fitted is None:
        return []
    for notice in fitted.design.notices:
        found.notice(f"{about}: {notice}")
    for notice in fitted.robust.notices:
        found.notice(notice)
    return [
        {
            "metro": part.id,
            "outcome": label_of(outcome),
            "changed": variant.about,
            "to": variant.difference,
            "term": row.term,
            "label": COVARIATES[row.term].label,
            **estimate_fields(row, unit_of(outcome)),
            "n": len(fitted.design.y),
            "standard_errors": fitted.robust.words,
        }
        for row in fitted.estimates
        if row.term in analysis.asked.terms
    ]


def neighbour_rows(
    analysis: Analysis, part: Part, outcome: str, found: Findings
) -> list[dict[str, object]]:
    """Let errors go together between neighbours of several kinds, in one metro."""
    if not OUTCOMES[outcome].observed:
        return []
    about = f"{part.label}, {label_of(outcome).lower()}"
    rows: list[dict[str, object]] = []
    for kind in dict.fromkeys((analysis.asked.space.neighbours, *NEIGHBOURS)):
        fitted = found.attempt(
            f"{about}, {kind}", partial(fit_model, analysis, part, outcome, "SEM", kind)
        )
        if fitted is None:
            continue
        if unsure := borders_notice(analysis, part, kind):
            found.notice(f"{part.label}: {unsure}")
        own = impacts(fitted.model)
        rows += [
            {
                "metro": part.id,
                "outcome": label_of(outcome),
                "changed": BY_NEIGHBOURS,
                "to": kind,
                "term": term,
                "label": COVARIATES[term].label,
                **estimate_fields(
                    Estimate(term, float(value), float(error), NORMAL), unit_of(outcome)
                ),
                "n": int(fitted.model.used.sum()),
                "standard_errors": "spatial error model, maximum likelihood",
            }
            for term, value, error in zip(
                own.terms, own.total.estimate, own.total.std_error, strict=True
            )
            if term in analysis.asked.terms
        ]
    return rows
