"""Heat map: where is it hot in this metro, how sure is that, and why there."""

import streamlit as st

from aespa_core.analysis.units import DEGREE_UNITS
from aespa_core.schema import metro_label
from aespa_core.views.layers import scale_of
from aespa_core.views.tables import place_table
from dashboard import (
    cached,
    controls,
    evidence_panels,
    notice_panels,
    panels,
    study_choice,
    tract_panels,
)
from dashboard.error_frame import page_frame

with page_frame("heat_map"):
    studies = cached.studies()
    study_choice.stop_without(studies)
    with st.sidebar:
        study_id, key = study_choice.pick_study(studies)
        metro = controls.pick("Metro", "metro", cached.metros(*key), name=metro_label)
        run = controls.pick_run(cached.study(*key).runs)
        places = cached.places(*key, metro, run)
        layer = controls.pick_layer(places)
        degrees = controls.pick("Degrees", "degrees", DEGREE_UNITS)
    study = cached.study(*key)

    panels.answer(study, places, degrees)
    notice_panels.cautions(study)

    left, right = st.columns([2, 1], gap="large")
    with right:
        tract = controls.pick_tract(places.frame.index)
        if tract:
            parts = cached.attributions(*key, places.run, tract)
            tract_panels.chosen_place(study, places, tract, degrees, parts)
        else:
            panels.metro_summary(places, study, degrees)
        panels.against_labels(cached.trends(*key, metro, places.run))
    with left:
        near = tract and st.toggle(
            "Zoom to the 300 tracts around it", key="near", help="Also makes clicking quick."
        )
        shown = cached.near(*key, metro, run, tract) if near else places.frame
        file = cached.polygons(*key, metro, run, tract if near else None)
        scale = scale_of(layer, places.frame[layer.column])
        panels.heat_map(shown, file, layer, scale, tract)
        panels.legend(layer, scale, degrees)

    table = place_table(places.frame)
    in_table, in_spread, in_evidence = st.tabs(
        ["Every tract in a table", "How values are spread", "Pictures and week of the tract"],
        key="below",
        on_change="rerun",
    )
    with in_table:
        if in_table.open:
            panels.ranked_table(table, layer)
    with in_spread:
        if in_spread.open:
            panels.spread(places, layer, degrees, tract)
    with in_evidence:
        if in_evidence.open:
            if tract:
                seen = cached.attention(*key, places.run, tract)
                evidence_panels.evidence_of_tract(
                    study, cached.evidence(*key, tract), seen, degrees
                )
            else:
                evidence_panels.choose_first(study)
    panels.downloads(study, places, table)
    panels.provenance(study)
