"""Maps of classes with names: the map, its legend, and the same as a table."""

import json

import geopandas as gpd
import streamlit as st

from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.views.disparity_maps import class_deck, class_map_file, legend_of
from aespa_core.views.disparity_maps import class_map as coloured
from aespa_core.views.maps import view_of
from aespa_core.views.plain_text import plain
from dashboard.static_files import publish

HEIGHT_PX = 460


def class_map(data: FigureData, geometry: gpd.GeoSeries) -> None:
    """Draw the map of a figure; borders travel as a file where static serving is on."""
    shown = coloured(data)
    file = class_map_file(geometry, [shown])
    address = publish(file) if st.get_option("server.enableStaticServing") else None
    st.markdown(f"**{plain(data.title)}**")
    st.pydeck_chart(
        class_deck(address or json.loads(file.content), shown, view_of(geometry, HEIGHT_PX)),
        height=HEIGHT_PX,
        key=f"map_{data.id}",
    )
    st.html(legend_of(shown))
    with st.expander(f"The same as a table: {len(data.frame):,} tracts"):
        st.dataframe(data.frame.drop(columns="class").reset_index(names="geoid"), hide_index=True)
