"""A broken polygon or CRS is found with its row."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import read_table
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import examine, validate_study
from tests.studies.planting import plant

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
