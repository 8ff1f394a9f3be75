"""Gaps and overlaps between tracts: none in good borders, counted where they are made."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from aespa_core.analysis.spatial.border_gaps import NEAR_M, NORTH_M, border_gaps
from aespa_core.analysis.spatial.weights import queen
from aespa_core.sources.mirror import Mirror
from aespa_core.sources.tract_boundaries import read_tracts
from tests.analysis.spatial.test_contiguity import squares, voronoi
from tests.tiny_study import tiny_tables

METRE = 1 / NORTH_M


def series(polygons):
    return gpd.GeoSeries(list(polygons), index=[f"t{at:03d}" for at in range(len(polygons))])


def test_good_borders_have_none():
    for polygons in (squares(6, 5), voronoi(40, 3)):
        found = border_gaps(series(polygons))
        assert (found.apart, found.overlapping, found.notice) == ((), (), None)
        assert found.neighbours == queen(series(polygons)).matrix.nnz / 2
    tiny = tiny_tables()[0]["tracts"].set_index("geoid").geometry
    assert border_gaps(tiny).notice is None


def test_a_gap_is_found_up_to_its_width():
    side = 0.01
    for width, found in ((0, 0), (5, 1), (NEAR_M - 1, 1), (NEAR_M + 1, 0)):
        two = series([box(0, 0, side, side), box(0, side + width * METRE, side, 2 * side)])
        assert len(border_gaps(two).apart) == found, width


def test_what_lies_between_is_no_gap():
    side, narrow = 0.01, 10 * METRE
    # two tracts on either side of a street that is a tract of its own
    street = series(
        [
            box(0, 0, side, side),
            box(0, side, side, side + narrow),
            box(0, side + narrow, side, 2 * side),
        ]
    )
    assert border_gaps(street).apart == ()
    assert border_gaps(street.iloc[[0, 2]]).apart == (("t000", "t002"),)
    # and where the tract between is of another metro, it lies on another map
    assert border_gaps(street, ["a", "b", "a"]).apart == (("t000", "t002"),)


def test_an_overlap_is_counted_by_its_area():
    side = 0.01
    for width, found in ((-1, 0), (0, 0), (0.05, 0), (0.5, 1), (50, 1)):
        two = series([box(0, 0, side, side), box(0, side - width * METRE, side, 2 * side)])
        assert len(border_gaps(two).overlapping) == found, width
    inside = series([box(0, 0, side, side), box(0.004, 0.004, 0.006, 0.006)])
    assert border_gaps(inside).overlapping == (("t000", "t001"),)


def test_a_small_share_is_not_worth_a_word():
    polygons = squares(16, 16)
    polygons[0] = box(*polygons[0].bounds[:2], *(np.array(polygons[0].bounds[2:]) - METRE))
    found = border_gaps(series(polygons))
    assert len(found.apart) == 3
    assert found.notice is None
    # the same gaps in a small town are
    few = [polygons[at] for at in (0, 1, 16, 17)]
    assert border_gaps(series(few)).notice == (
        "3 pairs of tracts nearly touch without sharing a border and 0 pairs overlap, beside "
        "3 pairs of neighbours: who borders whom is unsure. Take knn_6, or mend the borders "
        "(simplify all tracts together, not one by one)."
    )


def test_missing_and_broken_polygons_take_no_part():
    polygons = series(squares(4, 4))
    polygons.iloc[3] = None
    polygons.iloc[5] = shapely.Polygon()
    found = border_gaps(polygons)
    assert found.notice is None
    assert found.neighbours < queen(series(squares(4, 4))).matrix.nnz / 2
    assert border_gaps(polygons.iloc[:0]).notice is None
    bow = shapely.Polygon([(0, 0), (0.01, 0.01), (0.01, 0), (0, 0.01)])
    assert border_gaps(series([bow, box(0.01, 0, 0.02, 0.01)])).neighbours == 1


@pytest.mark.parametrize("metro", ["boston", "miami", "minneapolis", "seattle"])
def test_census_borders_have_none(metro, mirror):
    tracts = read_tracts(Mirror(mirror), metro).table.set_index("geoid").geometry
    found = border_gaps(tracts)
    assert (found.apart, found.overlapping) == ((), ())
    assert found.neighbours > 2 * len(tracts)


def test_tracts_simplified_one_by_one_are_told(mirror):
    file = mirror / "tracts" / "dc_heat_exposure_2020.geojson"
    together = gpd.read_file(file).geometry
    together.index = together.index.astype(str)
    assert border_gaps(together).notice is None
    assert border_gaps(together).neighbours == 619
    alone = together.simplify(1e-4)
    found = border_gaps(alone)
    # what is lost of 619 pairs of neighbours is among the pairs that nearly touch
    lost = 619 - found.neighbours
    assert 20 < lost <= len(found.apart) + 5
    assert len(found.overlapping) > 100
    assert "pairs of tracts nearly touch" in found.notice
