"""A broken polygon or CRS is found with its row."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import read_table
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import examine, validate_study
from tests.studies.planting import Change, plant

SQUARE = box(-86.5, 32.5, -86.4, 32.6)


BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])


@pytest.mark.parametrize(
    ("shape", "problem", "remedy"),
    [
        (BOW_TIE, "broken: Self-intersection at [0.5 0.5]", "shapely.make_valid"),
        (MultiPolygon([SQUARE, SQUARE]), "broken:", "shapely.make_valid"),
        (None, "has no polygon", "add it or drop the tract from every table"),
        (Polygon(), "the polygon is empty", "add its outline or drop the tract"),
        (Point(-86.5, 32.5), "the geometry is a Point", "Polygon or a MultiPolygon"),
        (LineString([(0, 0), (1, 1)]), "the geometry is a LineString", "Polygon or a MultiPolygon"),
        (GeometryCollection([SQUARE]), "is a GeometryCollection", "Polygon or a MultiPolygon"),
        (box(500_000, 4.1e6, 501_000, 4.2e6), "outside EPSG:4326", "look like metres: set_crs"),
        (box(273.5, 32.5, 273.6, 32.6), "outside EPSG:4326", "subtract 360 from longitudes"),
        (box(150, 160, 151, 161), "outside EPSG:4326", "correct the coordinates"),
        (box(32.5, -122.5, 32.6, -122.4), "outside EPSG:4326", "longitude comes first"),
    ],
)
def test_a_broken_polygon_is_found_with_its_row(folder, shape, problem, remedy):
    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = list(frame.geometry)
        shapes[3] = shape
        return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))

    (fault,) = plant(folder, "tracts", change)
    assert (fault.row, fault.column, fault.geoid) == (3, "geometry", "01001020103")
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_missing_crs(folder):
    (fault,) = plant(folder, "tracts", lambda frame: frame.set_crs(None, allow_override=True))
    assert (fault.row, fault.column) == (None, "geometry")
    assert "no CRS" in fault.problem
    assert "set_crs" in fault.remedy


def test_a_projected_crs(folder):
    (fault,) = plant(folder, "tracts", lambda frame: frame.to_crs("EPSG:26916"))
    assert "EPSG:26916" in fault.problem
    assert "to_crs('EPSG:4326')" in fault.remedy


def test_projected_metres_stamped_as_degrees(folder):
    faults = plant(
        folder,
        "tracts",
        lambda frame: frame.to_crs("EPSG:26916").set_crs("EPSG:4326", allow_override=True),
    )
    (fault,) = faults
    assert fault.rows == tuple(range(144))
    assert "look like metres" in fault.remedy


def test_tracts_without_geometry(folder):
    table = pd.DataFrame(read_table(folder / "tracts.parquet").drop(columns="geometry"))
    write_parquet(folder / "tracts.parquet", table)
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "there are no polygons" in fault.problem
    assert "GeoDataFrame.to_parquet" in fault.remedy


def test_a_hole_that_no_tract_fills_is_counted(folder):
    def pierced(tracts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = list(tracts.geometry)
        # one around a tract of its own, cut out of its neighbour; two others with nothing in them
        for row in (30, 31):
            west, south, east, north = shapes[row].bounds
            inner = box(west + 0.002, south + 0.002, east - 0.002, north - 0.002)
            shapes[row] = shapes[row].difference(inner)
            if row == 30:
                shapes[0] = inner
        return tracts.set_geometry(gpd.GeoSeries(shapes, crs=tracts.crs))

    assert plant(folder, "tracts", pierced) == []
    told = [str(n) for n in examine(folder).notices]
    assert [line for line in told if "hole" in line] == [
        "tracts.parquet, geometry: 1 of 144 borders have a hole that no tract fills: areas and "
        "middles follow them as they are"
    ]


def with_shapes(shapes: dict[int, object]) -> Change:
    """Make a change that gives some rows another polygon, or that of another row."""

    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        found = list(frame.geometry)
        for row, shape in shapes.items():
            found[row] = frame.geometry.iloc[shape] if isinstance(shape, int) else shape
        return frame.set_geometry(gpd.GeoSeries(found, crs=frame.crs))

    return change


def test_tracts_with_the_very_same_polygon_are_one_fault(folder):
    (fault,) = plant(folder, "tracts", with_shapes({7: 3, 9: 3, 20: 11}))
    assert (fault.row, fault.rows, fault.count) == (7, (7, 9, 20), 3)
    assert "3 tracts have the very polygon of another one" in fault.problem
    assert "rows 3 and 7, 3 and 9, 11 and 20" in fault.problem


def test_the_same_polygon_is_known_whichever_corner_it_begins_with(folder):
    west, south, east, north = -86.5, 32.5, -86.49, 32.51
    ring = [(east, north), (west, north), (west, south), (east, south)]
    shapes = {0: box(west, south, east, north), 5: Polygon(ring)}
    (fault,) = plant(folder, "tracts", with_shapes(shapes))
    assert "1 tract has the very polygon of another one (rows 0 and 5)" in fault.problem


def test_polygons_that_overlap_in_part_are_no_fault(folder):
    nearly = box(-86.5, 32.5, -86.49, 32.5100001)
    assert plant(folder, "tracts", with_shapes({5: nearly})) == []


def test_a_tract_that_stands_twice_is_told_by_its_id_alone(folder):
    (fault,) = plant(folder, "tracts", lambda frame: pd.concat([frame, frame.iloc[:3]]))
    assert (fault.column, fault.count) == ("geoid", 3)


@pytest.mark.parametrize(
    "shape",
    [
        Polygon([(-86.5, 32.5), (-86.5, 32.5), (-86.5, 32.5), (-86.5, 32.5)]),
        Polygon([(-86.5, 32.5), (-86.4, 32.5), (-86.5, 32.5), (-86.5, 32.5)]),
        Polygon([(-86.5, 32.5), (-86.25, 32.75), (-86.0, 33.0), (-86.5, 32.5)]),
    ],
)
def test_a_polygon_around_nothing_needs_its_outline(folder, shape):
    (fault,) = plant(folder, "tracts", with_shapes({3: shape}))
    assert "broken" in fault.problem
    assert "encloses nothing: give the tract its outline or drop" in fault.remedy


@pytest.mark.parametrize(
    "shape",
    [
        Polygon([(-86.5, 32.5), (-86.4, 32.6), (-86.4, 32.5), (-86.5, 32.6)]),
        MultiPolygon([SQUARE, SQUARE]),
        Polygon([*SQUARE.exterior.coords, (-86.3, 32.6), (-86.4, 32.6)]),
    ],
)
def test_a_broken_polygon_that_is_mended_as_told_passes(folder, shape):
    (fault,) = plant(folder, "tracts", with_shapes({3: shape}))
    assert fault.remedy.startswith("mend it with shapely.make_valid")
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    assert plant(folder, "tracts", with_shapes({3: mended})) == []
