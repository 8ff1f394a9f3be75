"""Disparity: who bears how much heat, what goes with it, and how sure that is."""

import streamlit as st

from aespa_core.analysis.disparity.headline import headline, income_gaps
from aespa_core.analysis.disparity.outcomes import quantity_of
from aespa_core.analysis.units import DEGREE_UNITS, shown_in
from aespa_core.errors import AespaError
from aespa_core.views.plain_text import advice, plain, plain_name
from dashboard import (
    cached,
    controls,
    disparity_controls,
    disparity_files,
    notice_panels,
    panels,
    study_choice,
)
from dashboard.disparity_panels import (
    View,
    association_block,
    caveats,
    exposure_block,
    space_block,
)
from dashboard.error_frame import page_frame

with page_frame("disparity"):
    studies = cached.studies_with_people()
    study_choice.stop_without_people(studies)
    with st.sidebar:
        study_id, key = study_choice.pick_study(studies, study_choice.NO_PEOPLE)
    try:
        with st.sidebar:
            metro = disparity_controls.pick_metro(cached.metros(*key))
            asked = disparity_controls.pick_specification(study_id, metro)
            analysis = cached.analysis(*key, asked)
            outcome = disparity_controls.pick_outcome(analysis)
            degrees = controls.pick("Degrees", "degrees", DEGREE_UNITS) or DEGREE_UNITS[0]
    except AespaError as error:
        st.title("Who bears the heat cannot be said from this study")
        st.info(advice(error))
        disparity_files.shipped_block()
        st.stop()
    study = cached.study(*key)
    view = View(key, study, analysis, outcome, degrees)
    place = ("simulated " if study.info.kind == "simulated" else "") + view.part.label
    gaps = income_gaps(view.table("T2").frame, outcome)
    if gaps.empty:
        st.title(f"Who bears the heat in {plain_name(place)} cannot be said by income")
        notice_panels.table_notices(view.table("T2").notices)
    else:
        shown = shown_in(quantity_of(outcome, difference=True), degrees)
        st.title(plain(headline(gaps, place, shown)))
    notice_panels.cautions(study)
    caveats(view)

    names = [
        "Who bears how much",
        "What goes with heat",
        "Neighbours",
        "Files",
        "Eight real metros",
    ]
    tabs = st.tabs(names, key="blocks", on_change="rerun")
    for tab, block in zip(tabs, (exposure_block, association_block, space_block), strict=False):
        with tab:
            if tab.open:
                block(view)
    with tabs[3]:
        if tabs[3].open:
            disparity_files.files_block(view)
    with tabs[4]:
        if tabs[4].open:
            disparity_files.shipped_block()
    panels.provenance(study)
