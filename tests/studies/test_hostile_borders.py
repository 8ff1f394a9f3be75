"""Borders that were made to end the process, or to have PROJ open a file: faults, no more."""

import json
import os
import struct

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from aespa_core.studies import wkb_parts
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study

DEEP = 20_000
POINT = struct.pack("<BIdd", 1, 1, 0.0, 0.0)
SQUARE = shapely.to_wkb(shapely.box(0, 0, 1, 1))
RINGLESS = struct.pack("<BII", 1, 3, 0)


def nest(kind: int = 7, depth: int = DEEP, order: str = "<") -> bytes:
    """Write collections within collections, a point in the last."""
    return struct.pack(f"{order}BII", order == "<", kind, 1) * depth + POINT


def holder(*parts: bytes, kind: int = 7) -> bytes:
    """One collection of parts."""
    return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)


def with_srid(depth: int = DEEP) -> bytes:
    """Write collections of EWKB, each with its system of coordinates."""
    return struct.pack("<BIII", 1, 7 | 0x20000000, 4326, 1) * depth + POINT


NESTS = {
    "collections": nest(),
    "MultiPolygons": nest(6),
    "other byte order": nest(order=">"),
    "ISO with heights": nest(1007),
    "ISO with all": nest(3007),
    "EWKB with heights": nest(7 | 0x80000000),
    "EWKB with measures": nest(7 | 0x40000000),
    "EWKB with SRID": with_srid(),
    "curves": nest(10),
    "curves of many": nest(12),
    "in a later part": holder(SQUARE, RINGLESS, POINT, nest(), kind=6),
    "after a line": holder(shapely.to_wkb(shapely.LineString([(0, 0, 1), (1, 1, 1)])), nest()),
    "in digits": nest().hex().encode(),
}


def write_borders(folder, *wkb: bytes) -> None:
    """Put borders into the first rows of the tracts."""
    path = folder / "tracts.parquet"
    table = pq.read_table(path)
    at = table.schema.get_field_index("geometry")
    values = [*wkb, *table.column("geometry").to_pylist()[len(wkb) :]]
    changed = table.set_column(at, table.schema.field(at), pa.array(values, pa.binary()))
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), path)
    write_manifest(folder)


def write_geo(folder, crs: object, **others: object) -> None:
    """Say another system of coordinates of the borders."""
    path = folder / "tracts.parquet"
    table = pq.read_table(path)
    words = dict(table.schema.metadata)
    geo = json.loads(words[b"geo"])
    geo["columns"]["geometry"]["crs"] = crs
    geo["columns"] |= others
    words[b"geo"] = json.dumps(geo).encode()
    pq.write_table(table.replace_schema_metadata(words), path)
    write_manifest(folder)


@pytest.mark.parametrize("kind", NESTS)
def test_nested_borders_do_not_end_the_process(folder, kind):
    write_borders(folder, SQUARE, NESTS[kind])
    (fault,) = validate_study(folder)
    assert "nested more than 8 deep (row 1)" in fault.problem
    assert "MultiPolygon" in fault.remedy


def test_another_column_is_not_parsed_as_borders(folder):
    path = folder / "tracts.parquet"
    table = pq.read_table(path)
    words = table.schema.metadata
    at = table.schema.get_field_index("urban_area")
    nests = pa.array([nest()] * len(table), pa.binary())
    changed = table.append_column("urban_area", nests) if at < 0 else table.set_column(
        at, "urban_area", nests)  # fmt: skip
    pq.write_table(changed.replace_schema_metadata(words), path)
    write_geo(folder, "EPSG:4326", urban_area={"encoding": "WKB", "crs": "+init=/etc/passwd:x"})
    validate_study(folder)


def test_parts_and_corners_without_number_are_refused(folder, monkeypatch):
    monkeypatch.setattr(wkb_parts, "MOST_PARTS", 1_000)
    for many in (
        holder(*[RINGLESS] * 2_000, kind=6),
        struct.pack("<BII", 1, 3, 2_000) + bytes(8_000),
        holder(struct.pack("<BII", 1, 3, 2_000) + bytes(8_000), kind=6),
    ):
        write_borders(folder, many)
        (fault,) = validate_study(folder)
        assert "more than 1,000 parts and rings" in fault.problem
    monkeypatch.setattr(wkb_parts, "MOST_BYTES", 1_000)
    write_borders(folder, shapely.to_wkb(shapely.Point(0, 0).buffer(0.01, 100)))
    (fault,) = validate_study(folder)
    assert "borders of more than 0.001 MB" in fault.problem


def test_nesting_is_counted_as_shapely_has_it():
    def depth(shape: shapely.Geometry) -> int:
        parts = getattr(shape, "geoms", None)
        return 0 if parts is None else 1 + max(map(depth, parts), default=0)

    square, heights = shapely.box(0, 0, 1, 1), shapely.Point(0, 0, 1)
    ring = square.difference(shapely.box(0.2, 0.2, 0.8, 0.8))
    many = shapely.MultiPolygon([square, ring])
    chance = np.random.default_rng(0)
    shapes: list[shapely.Geometry] = [square, heights, ring, many, shapely.LineString()]
    for _ in range(200):
        drawn = chance.choice(len(shapes), size=3)
        shapes.append(shapely.GeometryCollection([shapes[i] for i in drawn]))
    for shape in (shape for shape in shapes if depth(shape) <= wkb_parts.MOST_NESTED):
        for flavor in ("iso", "extended"):
            for order in (0, 1):
                wkb = shapely.to_wkb(
                    shapely.set_srid(shape, 4326), flavor=flavor, byte_order=order,
                    include_srid=flavor == "extended",
                )  # fmt: skip
                assert wkb_parts.nesting(wkb, 10**9)[0] == depth(shape)


@pytest.fixture
def waiting(tmp_path):
    """Make a pipe that nobody writes to: who opens it waits for ever."""
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


BOUND = {"type": "BoundCRS", "source_crs": pyproj.CRS(4326).to_json_dict()}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "crs",
    [
        "+init={}:x", "+init={}:x +type=crs", "init={}:x", "  +proj=longlat +nadgrids={} +type=crs",
        "proj=longlat geoidgrids={}", "{}", "{}:x", "EPSG:4326@{}", "https://outside.example/x",
        "https://outside.example/def/crs/EPSG/0/4326", {"init": "{}:x"}, {"proj": "longlat"},
        {"type": "GeographicCRS", "init": "{}:x"}, BOUND,
        {"type": "GeographicCRS", "name": "x", "base_crs": BOUND},
        'BOUNDCRS[SOURCECRS[GEOGCRS["x"]],PARAMETERFILE["x","{}"]]',
        'GEOGCS["x",DATUM["x",SPHEROID["x",1,0]],EXTENSION["PROJ4","+proj=longlat"]]',
        'PROJCRS["x",METHOD["PROJ-based operation method: x"]]',
        "urn:ogc:def:crs:{}:x:4326", 7, ["EPSG:4326"], True,
    ],
)  # fmt: skip
def test_a_system_of_coordinates_names_no_file(folder, waiting, crs):
    write_geo(folder, json.loads(json.dumps(crs).replace("{}", str(waiting))))
    (fault,) = validate_study(folder)
    assert "no plain name or description of a system of coordinates" in fault.problem
    assert fault.remedy == "write the borders again with to_crs('EPSG:4326')"


@pytest.mark.parametrize("form", ["code", "urn", "http", "json", "wkt2", "gdal", "esri", "absent"])
@pytest.mark.parametrize("code", [4326, 4269])
def test_plain_systems_of_coordinates_are_read(folder, form, code):
    crs = pyproj.CRS(code)
    words = {
        "code": f"epsg:{code}", "urn": f"urn:ogc:def:crs:EPSG::{code}", "json": crs.to_json_dict(),
        "http": f"http://www.opengis.net/def/crs/EPSG/0/{code}", "wkt2": crs.to_wkt(),
        "gdal": crs.to_wkt("WKT1_GDAL"), "esri": crs.to_wkt("WKT1_ESRI"), "absent": "OGC:CRS84",
    }  # fmt: skip
    write_geo(folder, words[form])
    assert validate_study(folder) == []


def test_a_projected_system_is_still_named(folder):
    tracts = gpd.read_parquet(folder / "tracts.parquet").to_crs("ESRI:102003")
    tracts.to_parquet(folder / "tracts.parquet")
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "ESRI:102003, which is not longitude and latitude" in fault.problem
