"""What if: what would cool this metro, by how much, for whom and at what cost."""

import streamlit as st

from aespa_core.analysis.scenarios.baseline import answering_runs
from aespa_core.analysis.scenarios.words import headline
from aespa_core.analysis.units import DEGREE_UNITS, shown_in
from aespa_core.errors import AespaError
from aespa_core.schema import metro_label
from aespa_core.views.plain_text import advice, plain, plain_name
from dashboard import (
    cached,
    controls,
    notice_panels,
    panels,
    study_choice,
    whatif_controls,
    whatif_panels,
    whatif_tables,
)
from dashboard.error_frame import page_frame

with page_frame():
    studies = cached.studies_with_responses()
    study_choice.stop_without_responses(studies)
    with st.sidebar:
        study_id, key = study_choice.pick_study(studies, study_choice.NO_CURVES)
        study = cached.study(*key)
        metro = controls.pick("Metro", "metro", cached.metros(*key), name=metro_label)
        run = controls.pick_run(answering_runs(study))
    try:
        with st.sidebar:
            baseline = cached.baseline(*key, metro, run)
            limits = cached.limits(*key, metro, run)
            degrees = controls.pick("Degrees", "degrees", DEGREE_UNITS)
            scenario = whatif_controls.pick_scenario(study_id, baseline, run, limits)
        outcome = cached.outcome(*key, scenario)
    except AespaError as error:
        st.title(f"This cannot be answered in {plain_name(controls.place_name(study, metro))}")
        st.info(advice(error))
        panels.provenance(study)
        st.stop()

    shown = shown_in("°C difference", degrees)
    st.title(plain(f"{headline(outcome, shown)}."))
    notice_panels.cautions(study)
    whatif_panels.numbers(outcome, shown)
    whatif_panels.contradicted(outcome)
    whatif_panels.spending(outcome, shown)

    places = cached.places(*key, metro, baseline.run)
    file = cached.polygons(*key, metro, baseline.run)
    one, its_answer = st.columns([1, 3], vertical_alignment="bottom", gap="large")
    with one:
        tract = controls.pick_tract(outcome.table.index)
    with its_answer:
        whatif_panels.chosen_tract(outcome, tract, shown)
    whatif_panels.maps(places, file, outcome, tract, shown)

    left, right = st.columns([1, 1], gap="large")
    with left:
        whatif_panels.next_dollar(key, baseline, outcome, shown)
    with right:
        whatif_panels.what_it_says(baseline, outcome, shown)

    whatif_tables.tracts(outcome, shown)
    whatif_tables.downloads(study, places, outcome)
    panels.provenance(study)
