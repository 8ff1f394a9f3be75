"""T5: the association where neighbours matter: impacts of spatial lag, error and Durbin models."""

import math
from collections.abc import Callable
from dataclasses import dataclass
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
from aespa_core.analysis.disparity.design import Design
from aespa_core.analysis.disparity.neighbours import borders_notice, islands_left_out, neighbours_of
from aespa_core.analysis.disparity.outcomes import OUTCOMES, label_of, unit_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.analysis.spatial.impacts import Impact, impacts
from aespa_core.analysis.spatial.spatial_model import SpatialModel, sar, sdm, sem

LABELS: Final = {"rho": "ρ", "lambda": "λ"}
# Student's t of infinite freedom is the normal law of maximum likelihood.
NORMAL: Final = math.inf
MODELS: Final[dict[str, Callable[..., SpatialModel]]] = {"SAR": sar, "SEM": sem, "SDM": sdm}


def spatial_impacts(analysis: Analysis) -> ResultTable:
    """Fit the three models in every metro on every observed outcome."""
    found = Findings.empty()
    for part in analysis.metros:
        observed = [name for name in part.sample.outcomes if OUTCOMES[name].observed]
        if not observed:
            found.notice(f"{part.label}: no observed outcome to analyse, so no spatial model")
        for outcome in observed:
            for name in MODELS:
                about = f"{part.label}, {label_of(outcome).lower()}, {name}"
                rows = found.attempt(about, partial(fitted, analysis, part, outcome, name, found))
                found.rows += [
                    {"metro": part.id, "outcome": label_of(outcome), "model": name, **row}
                    for row in rows or ()
                ]
    return ResultTable(
        "T5",
        "Impacts where neighbours matter",
        found.frame("metro", "outcome", "model", "term", "label", "impact", *ESTIMATE, "n"),
        (
            "Maximum likelihood, unweighted; SAR: spatial lag (ρ), SEM: spatial error (λ), SDM: "
            "spatial Durbin. Direct: a tract's own; indirect: what comes by way of the others; "
            "standard errors of SAR's and SDM's from 1,000 draws of the estimated parameters.",
            f"Neighbours: {analysis.asked.space.neighbours}, row-standardised; tracts without any "
            "are left out.",
            "Observed outcomes only: a model that looks at neighbours makes its estimates alike.",
            *analysis.source_lines(),
        ),
        tuple(found.notices),
        panels=("metro", "outcome"),
    )


def fitted(
    analysis: Analysis, part: Part, outcome: str, model: str, found: Findings
) -> list[dict[str, object]]:
    """Lay out one model of one metro: covariates in question, then its parameter."""
    fitted_model = fit_model(analysis, part, outcome, model)
    design, fit = fitted_model.design, fitted_model.model
    if fit.left_out:
        found.notice(f"{part.label}: {islands_left_out(len(fit.left_out))}")
    if unsure := borders_notice(analysis, part):
        found.notice(f"{part.label}: {unsure}")
    for notice in design.notices:
        found.notice(f"{part.label}, {label_of(outcome).lower()}: {notice}")
    three = impacts(fit, seed=analysis.asked.seed)
    rows = [
        impact_row(outcome, term, kind, impact, three.terms.index(term))
        for term in analysis.asked.terms
        if term in three.terms
        for kind, impact in (
            ("direct", three.direct),
            ("indirect", three.indirect),
            ("total", three.total),
        )
    ]
    parameter = Estimate(fit.parameter_name, fit.parameter, fit.parameter_std_error, NORMAL)
    rows.append(
        {
            "term": fit.parameter_name,
            "label": LABELS[fit.parameter_name],
            "impact": "parameter",
            **estimate_fields(parameter, ""),
        }
    )
    return [{**row, "n": int(fit.used.sum())} for row in rows]


@dataclass(frozen=True)
class FittedModel:
    """A spatial model and what it was fitted to."""

    design: Design
    model: SpatialModel


def fit_model(
    analysis: Analysis, part: Part, outcome: str, model: str, neighbours: str | None = None
) -> FittedModel:
    """Fit one model of one metro, with the specification's neighbours or others."""
    design = analysis.design(part, outcome)
    weights = neighbours_of(analysis, part, design, neighbours)
    effects = tuple(f"effect {k}" for k in range(design.x.shape[1] - len(design.terms)))
    lagged = {"lagged": design.terms} if model == "SDM" else {}
    names = (*design.terms, *effects)
    return FittedModel(design, MODELS[model](design.y, design.x, names, weights, **lagged))


def impact_row(outcome: str, term: str, kind: str, impact: Impact, place: int) -> dict[str, object]:
    """Lay out one impact of one covariate."""
    row = Estimate(term, float(impact.estimate[place]), float(impact.std_error[place]), NORMAL)
    return {
        "term": term,
        "label": COVARIATES[term].label,
        "impact": kind,
        **estimate_fields(row, unit_of(outcome)),
    }
