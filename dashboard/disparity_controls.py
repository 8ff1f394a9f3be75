"""Choose what is asked of the data: the whole analysis as a specification, kept in the link."""

from collections.abc import Mapping, Sequence

import streamlit as st

from aespa_core.analysis.disparity.analysis import POOLED, Analysis
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.disparity.sample import LEAST_TRACTS
from aespa_core.analysis.disparity.specification import (
    FIXED_EFFECTS,
    RECOMMENDED,
    WEIGHTS,
    Errors,
    Space,
    Specification,
)
from aespa_core.analysis.regression.conley import KERNELS
from aespa_core.analysis.spatial.weights import OFFERED
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label
from aespa_core.views.plain_text import plain, plain_name
from dashboard.controls import pick
from dashboard.link_notices import first_notice, say_again
from dashboard.selection import choose_many

ERRORS: Mapping[str, str] = {
    RECOMMENDED: "CR2 by spatial block (recommended)",
    "conley": "Conley, by distance",
    "cr2_county": "CR2 by county (10 and more)",
    "HC1": "HC1, tracts as if independent",
    "iid": "iid",
}
EFFECTS: Mapping[str, str] = {
    "county": "within counties",
    "metro": "within metros",
    "none": "everywhere alike",
}
COUNTED: Mapping[str, str] = {"population": "each resident alike", "none": "each tract alike"}
CUTOFFS_KM = ("2", "5", "10", "20", "40")


def pick_metro(metros: Sequence[str]) -> str:
    """Choose a metro, or all of a study that has several."""
    options = [*metros, POOLED] if len(metros) > 1 else list(metros)
    names = {POOLED: "All metros together"}
    return pick("Metro", "metro", options, name=lambda i: names.get(i, metro_label(i))) or ""


def pick_outcome(analysis: Analysis) -> str:
    """Choose the temperature that is looked at.

    Raises
    ------
    StudyError
        If none tells anything of the metro.
    """
    outcomes = analysis.whole.sample.outcomes
    if not outcomes:
        raise StudyError(
            f"Nothing can be compared in {analysis.whole.label}: it takes {LEAST_TRACTS} tracts "
            f"with residents and temperatures that differ. There are: "
            f"{', '.join(analysis.left_out)}. Choose another metro, or all of them together."
        )
    return pick("Outcome", "outcome", outcomes, name=label_of) or outcomes[0]


def pick_specification(study: str, metro: str) -> Specification:
    """Draw the choices of a regression; every one is part of the link."""
    default = Specification()
    with st.expander("The regression", expanded=False):
        terms = pick_many("Covariates in question", "terms", COVARIATES, default.terms)
        rest = [name for name in COVARIATES if name not in terms]
        held = [name for name in default.controls if name in rest]
        controls = pick_many("Held besides", "controls", rest, held, may_be_empty=True)
        effects = pick("Compared", "effects", FIXED_EFFECTS, name=EFFECTS.__getitem__)
        weights = pick("Weights", "weights", WEIGHTS, name=COUNTED.__getitem__)
        errors = pick_errors()
        neighbours = pick("Neighbours", "neighbours", OFFERED)
    return Specification(
        studies=(study,),
        metros=() if metro == POOLED else (metro,),
        terms=tuple(terms),
        controls=tuple(controls),
        fixed_effects=effects or default.fixed_effects,
        weights=weights or default.weights,
        errors=errors,
        space=Space(neighbours or default.space.neighbours),
    )


def pick_errors() -> Errors:
    """Choose the standard errors."""
    kind = pick("Standard errors", "errors", list(ERRORS), name=ERRORS.__getitem__) or RECOMMENDED
    if kind != "conley":
        return Errors(kind)
    cutoff = pick("Cutoff, km", "cutoff", CUTOFFS_KM, default="10") or "10"
    kernel = pick("Kernel", "kernel", list(KERNELS), default="bartlett") or "bartlett"
    return Errors(kind, None, float(cutoff), kernel)


def pick_many(
    label: str,
    key: str,
    options: Sequence[str] | Mapping[str, object],
    default: Sequence[str],
    *,
    may_be_empty: bool = False,
) -> list[str]:
    """Draw a choice of several whose values are part of the link, joined by commas."""
    allowed = list(options)
    first = key not in st.session_state
    if first:
        choice = choose_many(st.query_params, key, allowed, default)
        st.session_state[key] = list(choice.values)
        first_notice(key, list(choice.values), choice.notice)
    elif any(value not in allowed for value in st.session_state[key]):
        st.session_state[key] = [v for v in st.session_state[key] if v in allowed]
    values = st.multiselect(
        plain_name(label), allowed, key=key, format_func=lambda name: COVARIATES[name].label
    )
    if not first:
        say_again(key, values)
    if not values and not may_be_empty:
        st.info(plain(f"{label}: none chosen, showing {', '.join(default)}."))
        values = list(default)
    st.query_params[key] = ",".join(values)
    return values
