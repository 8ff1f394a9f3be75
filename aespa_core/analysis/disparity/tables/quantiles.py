"""T9: the association along the distribution of heat, from the coolest tracts to the hottest."""

from dataclasses import replace
from functools import partial

from aespa_core.analysis.disparity.analysis import ESTIMATE, Analysis, Findings, estimate_fields
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.design import Design
from aespa_core.analysis.disparity.errors import blocks_of
from aespa_core.analysis.disparity.outcomes import label_of, unit_of
from aespa_core.analysis.disparity.result_table import Layout, ResultTable
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.analysis.regression.quantile import quantile_coefficients, quantile_covariance


def quantiles(analysis: Analysis) -> ResultTable:
    """Fit the specification at every level τ, all metros together and each on its own."""
    found, within = Findings.empty(), replace(analysis.asked, fixed_effects="metro")
    for outcome in analysis.sample.outcomes:
        for part in analysis.parts:
            if outcome not in part.sample.outcomes:
                continue
            about = f"{part.label}, {label_of(outcome).lower()}"
            design = found.attempt(about, partial(analysis.design, part, outcome, within))
            if design is None:
                continue
            for notice in design.notices:
                found.notice(f"{about}: {notice}")
            for tau in analysis.asked.quantiles:
                rows = found.attempt(
                    f"{about}, τ = {tau:g}", partial(estimates_at, analysis, design, tau)
                )
                found.rows += [
                    {
                        "outcome": label_of(outcome),
                        "metro": part.id,
                        "tau": tau,
                        "term": row.term,
                        "label": COVARIATES[row.term].brief,
                        **estimate_fields(row, unit_of(outcome)),
                        "n": len(design.y),
                    }
                    for row in rows or ()
                ]
    return ResultTable(
        "T9",
        "What goes with heat along its distribution",
        found.frame("outcome", "metro", "tau", "term", "label", *ESTIMATE, "n"),
        (
            f"Covariates: {'; '.join(COVARIATES[name].label for name in analysis.asked.terms)}.",
            "Quantile regression; compared within metros, not within counties: many small fixed "
            "effects bias quantiles. Standard errors clustered by spatial blocks, freedom one less "
            f"than blocks. Weights: {analysis.asked.weights}.",
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        Layout("tau", "term"),
    )


def estimates_at(analysis: Analysis, design: Design, tau: float) -> tuple[Estimate, ...]:
    """Fit one level; the covariates in question only."""
    found = quantile_coefficients(design.y, design.x, design.weights, tau)
    blocks = blocks_of(design, analysis.asked.errors)
    covariance = quantile_covariance(design.y, design.x, design.weights, tau, found, blocks)
    return tuple(
        Estimate(term, float(value), float(error), float(freedom))
        for term, value, error, freedom in zip(
            design.terms, found, covariance.errors, covariance.freedom, strict=False
        )
        if term in analysis.asked.terms
    )
