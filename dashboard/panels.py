"""Take values, draw one finished thing."""

import json

import geopandas as gpd
import streamlit as st

from aespa_core.views.colors import Scale, css
from aespa_core.views.layers import Layer
from aespa_core.views.maps import MapFile, map_deck, view_of
from dashboard.cached import address_of

MAP_HEIGHT_PX = 560


def legend(layer: Layer, scale: Scale) -> None:
    """Draw the classes of a map with their limits; grey hatching is *not measured*."""
    entries = [
        f'<span><i style="background:{css(colour)}"></i>{low:.2f} … {high:.2f}</span>'
        for colour, low, high in zip(scale.colours, scale.edges, scale.edges[1:], strict=False)
    ]
    entries.append('<span><i class="missing"></i>not measured</span>')
    st.html(f'<div class="aespa-legend" role="img" aria-label="Legend">{"".join(entries)}</div>')
    st.caption(f"{layer.label}, {layer.unit}. {layer.meaning}")


def heat_map(
    frame: gpd.GeoDataFrame, file: MapFile, layer: Layer, scale: Scale, chosen: str | None
) -> str | None:
    """Draw the map; return the geoid that was clicked last, if any."""
    address = address_of(file)
    if address is None:
        st.info("Map borders are sent inline: static serving is off or its folder is read-only.")
    event = st.pydeck_chart(
        map_deck(
            address or json.loads(file.content),
            layer.id,
            layer.label,
            scale,
            view_of(frame, MAP_HEIGHT_PX),
            frame.geometry.loc[[chosen]] if chosen else None,
        ),
        height=MAP_HEIGHT_PX,
        on_select="rerun",
        selection_mode="single-object",
        key="map",
    )
    picked = [
        item["properties"]["geoid"]
        for items in event["selection"]["objects"].values()
        for item in items
    ]
    return picked[-1] if picked else None
