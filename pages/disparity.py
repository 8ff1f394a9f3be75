"""Disparity: who bears how much heat in this metro, and what goes with it."""

import streamlit as st

from aespa_core.analysis.exposure.income_fifths import exposure_by_income
from aespa_core.analysis.regression.robust import covariates_of, regress
from aespa_core.analysis.units import DEGREE_UNITS, shown_in
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label
from dashboard import cached, controls, disparity_panels, panels

studies = cached.studies_with_people()
controls.stop_without_people(studies)
with st.sidebar:
    study_id, key = controls.pick_study(studies)
    metro = controls.pick("Metro", "metro", cached.metros(*key), name=metro_label)
    places = cached.places(*key, metro)
    outcomes = disparity_panels.outcomes_of(places)
    outcome = outcomes[
        controls.pick("Outcome", "outcome", list(outcomes), name=lambda i: outcomes[i].label)
    ]
    degrees = controls.pick("Degrees", "degrees", DEGREE_UNITS)
study = cached.study(*key)
shown = shown_in("°C difference", degrees)

try:
    exposure = exposure_by_income(places.frame, outcome.column)
except StudyError as error:
    st.title(f"Who bears the heat in {metro_label(metro)} cannot be said from this study")
    st.info(str(error))
    st.stop()

st.title(disparity_panels.sentence(controls.place_name(study, metro), exposure, shown))
panels.kind_notice(study)
st.caption(outcome.caveat)
disparity_panels.exposure_block(study, metro, exposure, outcome, degrees)

st.header("What goes with heat")
with st.sidebar:
    chosen = st.multiselect(
        "Covariates",
        list(disparity_panels.COVARIATES),
        default=["income_sd", "nonwhite_10pct", "log_density"],
        format_func=disparity_panels.COVARIATES.__getitem__,
    )
if not chosen:
    st.info("Choose at least one covariate in the side bar.")
    st.stop()
try:
    regression = regress(covariates_of(places.frame), outcome.column, chosen)
except StudyError as error:
    st.info(str(error))
    st.stop()
disparity_panels.regression_block(study, metro, regression, outcome)
panels.provenance(study)
