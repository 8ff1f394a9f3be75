"""Map files: small, complete, torn nowhere; decks: bytes, not megabytes."""

import json

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import shape
from shapely.ops import unary_union

from aespa_core.analysis.places import places_of
from aespa_core.errors import StudyError
from aespa_core.views.layers import layers_in, scale_of
from aespa_core.views.maps import fill_expression, map_deck, map_file, outlined, view_of


@pytest.fixture(scope="module")
def frame(tiny_study):
    return places_of(tiny_study, "gridville").frame


def features(file):
    return json.loads(file.content)["features"]


def test_one_feature_a_tract_with_a_class_for_every_layer(frame):
    found = features(map_file(frame))
    assert [feature["properties"]["geoid"] for feature in found] == list(frame.index)
    for layer in layers_in(frame).values():
        codes = pd.Series([feature["properties"][f"k_{layer.id}"] for feature in found])
        classes = len(scale_of(layer, frame[layer.column]).colours)
        assert ((codes == classes).to_numpy() == frame[layer.column].isna().to_numpy()).all()


def test_missing_values_are_absent_not_zero(frame):
    missing = next(
        f for f in features(map_file(frame)) if f["properties"]["geoid"] == frame.index[7]
    )
    assert pd.isna(frame.iloc[7]["observed_c"])
    assert "observed" not in missing["properties"]


def test_simplified_neighbours_still_touch(frame):
    shapes = [shape(feature["geometry"]) for feature in features(map_file(frame))]
    whole = unary_union(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert whole.area == pytest.approx(sum(s.area for s in shapes), rel=1e-9)


def test_a_part_keeps_the_colours_of_the_whole(frame):
    whole = {
        f["properties"]["geoid"]: f["properties"]["k_estimate"] for f in features(map_file(frame))
    }
    part = features(map_file(frame.iloc[:20], frame))
    assert len(part) == 20
    assert all(whole[f["properties"]["geoid"]] == f["properties"]["k_estimate"] for f in part)


def test_the_name_is_that_of_the_content(frame):
    assert map_file(frame).name == map_file(frame).name
    assert map_file(frame).name != map_file(frame.iloc[:100]).name


def test_a_deck_by_address_is_a_few_kilobytes(frame):
    layer = layers_in(frame)["estimate"]
    scale = scale_of(layer, frame[layer.column])
    deck = map_deck("/app/static/x.geojson", "estimate", layer.label, scale, view_of(frame, 500))
    assert len(deck.to_json()) < 4_000


def test_every_class_has_its_colour_in_the_expression(frame):
    layer = layers_in(frame)["estimate"]
    scale = scale_of(layer, frame[layer.column])
    expression = fill_expression("estimate", scale)
    for code, colour in enumerate(scale.colours):
        assert f"properties.k_estimate == {code} ? {json.dumps(list(colour))}" in expression


def test_the_view_holds_the_whole_metro(frame):
    view = view_of(frame, 560)
    pixels_per_degree = 512 * 2**view.zoom / 360
    west, south, east, north = frame.total_bounds
    assert (east - west) * pixels_per_degree <= 560
    assert (north - south) / np.cos(np.radians(view.latitude)) * pixels_per_degree <= 560


def test_a_tract_without_a_border_is_not_drawn_and_the_others_keep_their_rows(frame):
    odd = frame.copy()
    odd.geometry = [None, *frame.geometry[1:]]
    assert [feature["properties"]["row"] for feature in features(map_file(odd))] == list(
        range(1, len(frame))
    )
    assert np.isfinite(view_of(odd, 500).zoom)
    assert outlined(odd.geometry.iloc[:1], (0, 0, 0)).data["features"] == []
    odd.geometry = [None] * len(frame)
    with pytest.raises(StudyError, match="None of the 144 tracts has a border"):
        map_file(odd)
