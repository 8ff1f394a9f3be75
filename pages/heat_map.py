"""Heat map: where is it hot in this metro, how sure is that, and why there."""

import streamlit as st

from aespa_core.analysis.places import headline_of
from aespa_core.schema import metro_label
from aespa_core.views.layers import layers_in, scale_of
from dashboard import cached, controls, panels

studies = {key: listed for key, listed in cached.studies().items() if listed.info}
if not studies:
    st.title("No study yet")
    st.info("Make one with `aespa study ingest --metro washington`, then reload this page.")
    st.stop()

with st.sidebar:
    study_id = controls.pick("Study", "study", list(studies), name=lambda i: studies[i].info.name)
    path = studies[study_id].path
    key = (str(path), cached.version_of(path))
    metro = controls.pick("Metro", "metro", cached.metros(*key), name=metro_label)
    places = cached.places(*key, metro)
    layers = layers_in(places.frame)
    layer = layers[controls.pick("Layer", "layer", list(layers), name=lambda i: layers[i].label)]

headline = headline_of(places)
st.title(
    f"In {metro_label(metro)} the hottest tenth of {headline.tracts:,} tracts is "
    f"{headline.hottest_c:.1f} °C above the metro's median."
)
scale = scale_of(layer, places.frame[layer.column])
panels.heat_map(places.frame, cached.polygons(*key, metro), layer, scale, None)
panels.legend(layer, scale)
