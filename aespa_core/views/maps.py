"""A metro as a deck: polygons by address or inline, coloured by class numbers in the file."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pydeck as pdk
import shapely

from aespa_core.errors import StudyError
from aespa_core.views.colors import MISSING, Rgb, Scale, classes_of
from aespa_core.views.layers import layers_in, scale_of

# about 15 m: borders stay where a person sees them, the file shrinks to a sixth
TOLERANCE_DEGREES: Final = 0.00015
DECIMALS: Final = 5


@dataclass(frozen=True)
class MapFile:
    """Polygons ready to be served: GeoJSON whose properties hold a class number per layer.

    The property ``row`` is the place in the frame: what changes from one look to the next is sent
    apart and found by it.
    """

    name: str
    content: bytes


def map_file(frame: gpd.GeoDataFrame, metro: gpd.GeoDataFrame | None = None) -> MapFile:
    """Write polygons as compact GeoJSON, named by its content.

    Shared borders stay shared: the polygons are simplified as one coverage, not one by one.

    Parameters
    ----------
    frame
        Places to draw.
    metro
        Places whose values set the colour classes, if ``frame`` is a part of them.
    """
    metro = frame if metro is None else metro
    properties = {"geoid": frame.index.to_numpy(), "row": np.arange(len(frame))}
    for layer in layers_in(metro).values():
        values = frame[layer.column]
        properties[f"k_{layer.id}"] = classes_of(values, scale_of(layer, metro[layer.column]))
        decimals = 3 if layer.unit in ("share", "index") else 2
        properties[layer.id] = values.round(decimals).to_numpy()
    return geojson_file(properties, frame.geometry)


def geojson_file(properties: Mapping[str, npt.ArrayLike], geometry: gpd.GeoSeries) -> MapFile:
    """Write polygons with properties (name → one a polygon); shared borders stay shared.

    Tracts without a border are left out.
    """
    drawn = drawable(geometry)
    simple = shapely.set_precision(
        shapely.coverage_simplify(geometry.to_numpy()[drawn], TOLERANCE_DEGREES),
        10.0**-DECIMALS,
        mode="pointwise",
    )
    known = {name: pd.Series(column)[drawn].to_numpy() for name, column in properties.items()}
    shapes = gpd.GeoDataFrame(known, geometry=simple, crs=geometry.crs)
    text = shapes.to_json(drop_id=True, na="drop", show_bbox=False)
    content = json.dumps(json.loads(text), separators=(",", ":")).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return MapFile(f"{digest}.geojson", content)


def drawable(geometry: gpd.GeoSeries) -> npt.NDArray[np.bool_]:
    """Mark the tracts with a border that can be drawn, (B,).

    Raises
    ------
    StudyError
        If none has one.
    """
    polygons = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    shapes = geometry.to_numpy()
    drawn = np.isin(shapely.get_type_id(shapes), polygons) & ~shapely.is_empty(shapes)
    if not drawn.any():
        raise StudyError(
            f"None of the {len(drawn):,} tracts has a border, so there is no map: write polygons "
            "into the geometry of tracts.parquet."
        )
    return drawn


def fill_expression(layer_id: str, scale: Scale) -> str:
    """Deck expression that turns a feature's class number into its colour.

    A chain of conditions: deck's expressions know no index into a list of lists.
    """
    missing = json.dumps([*MISSING, 90])
    return (
        "".join(
            f"properties.k_{layer_id} == {code} ? {json.dumps([*colour])} : "
            for code, colour in enumerate(scale.colours)
        )
        + missing
    )


def view_of(frame: gpd.GeoDataFrame, height_px: int) -> pdk.ViewState:
    """Look straight down on the whole frame, on a map at least as wide as high."""
    west, south, east, north = frame[drawable(frame.geometry)].total_bounds
    middle = (south + north) / 2
    # Web Mercator stretches latitudes; at zoom 0 one 512 px tile spans 360°
    span = max(east - west, (north - south) / math.cos(math.radians(middle)), 1e-3)
    zoom = math.log2(360 * 0.96 * height_px / (512 * span))
    return pdk.ViewState((west + east) / 2, middle, zoom=math.floor(zoom * 100) / 100)


def map_deck(
    data: str | dict[str, Any],
    layer_id: str,
    label: str,
    scale: Scale,
    view: pdk.ViewState,
    chosen: gpd.GeoSeries | None = None,
    outline: Rgb = (20, 20, 20),
) -> pdk.Deck:
    """Draw the polygons.

    Parameters
    ----------
    data
        Address of a :class:`MapFile`, or its parsed content.
    layer_id, label, scale
        What to colour by.
    view
        Where to look.
    chosen
        Shape of the chosen place, outlined on top; None if nothing is chosen.
    outline
        Colour of that outline.
    """
    layers = [
        pdk.Layer(
            "GeoJsonLayer",
            id=f"places-{layer_id}",
            data=data,
            stroked=False,
            pickable=True,
            auto_highlight=True,
            get_fill_color=fill_expression(layer_id, scale),
        )
    ]
    if chosen is not None:
        layers.append(outlined(chosen, outline))
    return pdk.Deck(
        layers=layers,
        initial_view_state=view,
        map_provider=None,
        # text, never HTML: what stands in a study is not markup
        tooltip={"text": f"Tract {{geoid}}\n{label}: {{{layer_id}}}"},
    )


def outlined(chosen: gpd.GeoSeries, outline: Rgb) -> pdk.Layer:
    """Draw the border of a chosen place, nothing where it has none."""
    return pdk.Layer(
        "GeoJsonLayer",
        id="chosen",
        data=json.loads(chosen.dropna().to_json(drop_id=True)),
        filled=False,
        stroked=True,
        get_line_color=[*outline],
        line_width_min_pixels=3,
    )
