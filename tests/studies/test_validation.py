"""Each named fault is planted in a small study, and exactly it is found."""

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from aespa_core.errors import StudyError
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.faults import Fault, exit_code
from aespa_core.studies.folder import read_table, write_study
from aespa_core.studies.info import StudyInfo
from aespa_core.studies.manifest import MANIFEST, write_manifest
from aespa_core.studies.validation import validate_study
from tests.tiny_study import tiny_tables, write_tiny_study

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """Give a valid study with every table of places."""
    path = tmp_path_factory.mktemp("whole") / "town"
    study = write_tiny_study(path)
    ids = study.read("tracts")["geoid"]
    hours = pd.DataFrame(
        {
            "geoid": np.repeat(ids[:3].to_numpy(), 168),
            "hour_of_week": np.tile(np.arange(168), 3),
            "visits": 1.0,
            "outbound": 2.0,
            "stay": np.nan,
        }
    )
    flows = pd.DataFrame(
        {"origin": ids[:3].to_numpy(), "destination": ids[3:6].to_numpy(), "commuters": 5.0}
    )
    write_parquet(path / "mobility.parquet", hours)
    write_parquet(path / "flows.parquet", flows)
    write_manifest(path)
    assert validate_study(path) == []
    return path


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """Give a copy of the valid study that a test may break."""
    return Path(shutil.copytree(whole, tmp_path / "town"))


def plant(folder: Path, table: str, change: Change) -> list[Fault]:
    """Change one table, sign the study again, and validate it."""
    path = folder / f"{table}.parquet"
    write_parquet(path, change(read_table(path, geographic=table == "tracts")))
    write_manifest(folder)
    return validate_study(folder)


def put(column: str, row: int, value: object) -> Change:
    """Make a change that puts one value in one cell."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        frame.loc[row, column] = value
        return frame

    return change


@pytest.mark.parametrize(
    ("table", "column", "value", "problem", "remedy"),
    [
        ("temperature", "lst_day_c", 298.4, "298.4 looks like kelvin", "subtract 273.15 → 25.25"),
        ("temperature", "lst_day_c", 92.3, "92.3 looks like Fahrenheit", "→ 33.50 °C"),
        ("temperature", "lst_day_c", -9999.0, "-9999 is a code for a missing", "leave it empty"),
        ("temperature", "lst_day_c", -99.0, "-99 is a code for a missing", "leave it empty"),
        ("temperature", "lst_day_c", -273.15, "-273.15 is a code for a missing", "leave it empty"),
        ("temperature", "lst_day_c", np.inf, "the value is infinite", "leave it empty"),
        ("temperature", "lst_day_c", -np.inf, "the value is infinite", "leave it empty"),
        ("temperature", "lst_day_c", -40.0, "-40 is outside -10 to 60 °C", "correct it"),
        ("proxies", "canopy", 38.0, "38 looks like percent", "divide the column by 100 → 0.38"),
        ("proxies", "canopy", -999.0, "-999 is a code for a missing", "leave it empty"),
        ("proxies", "ndvi", 4500.0, "scaled by 10,000", "divide the column by 10000 → 0.45"),
        ("tracts", "population", np.inf, "the value is infinite", "leave it empty"),
        ("tracts", "population", -99.0, "-99 is a code for a missing", "leave it empty"),
        ("tracts", "poverty_share", 12.5, "12.5 looks like percent", "→ 0.125"),
        ("tracts", "median_household_income_usd", 0.0, "0 is outside 1 to 500000", "correct it"),
        ("tracts", "metro", None, "the value is missing", "write it (Metro id"),
        ("flows", "commuters", np.nan, "the value is missing", "write it (Jobs"),
        ("flows", "commuters", -1.0, "-1 is outside at least 0 people", "correct it"),
        ("estimates/tract_model", "measured", None, "the value is missing", "write it"),
    ],
)
def test_a_wrong_value_is_found_with_its_row_and_remedy(
    folder, table, column, value, problem, remedy
):
    faults = plant(folder, table, put(column, 2, value))
    assert len(faults) == 1
    fault = faults[0]
    assert (fault.file, fault.row, fault.column) == (f"{table}.parquet", 2, column)
    assert fault.geoid == "01001020102"
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert exit_code(faults) == 1


@pytest.mark.parametrize(
    ("value", "problem", "remedy"),
    [
        (0.0, "0 is a code for a missing value", "leave it empty"),
        (31.5, "31.5 looks like °C", "add 273.15 → 304.65 K"),
        (147.517, "147.517 is outside 250 to 345 K", "correct it"),
    ],
)
def test_brightness_in_kelvin(folder, value, problem, remedy):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame["brightness_day_k"] = 305.0
        return put("brightness_day_k", 4, value)(frame)

    (fault,) = plant(folder, "temperature", change)
    assert (fault.row, fault.column) == (4, "brightness_day_k")
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_fahrenheit_column_is_found_in_rows_that_pass_as_celsius(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame["lst_day_c"] = frame["lst_day_c"] * 1.8 + 32
        return put("lst_day_c", 3, 58.0)(frame)

    faults = plant(folder, "temperature", change)
    column = [fault for fault in faults if fault.row is None]
    assert len(column) == 1
    assert "the column is Fahrenheit" in column[0].problem
    assert "1 rows that would pass as °C (the first is row 3)" in column[0].problem
    assert "subtract 32 and divide by 1.8 in every row" in column[0].remedy
    # 144 tracts, one without a value and one that passes
    assert len(faults) - 1 == 142
    assert all("Fahrenheit" in fault.problem for fault in faults)


@pytest.mark.parametrize(
    ("value", "problem", "remedy"),
    [
        ("1001020102", "has lost its leading zero", "write '01001020102'"),
        ("1001020102.0", "was read as a float", "write '01001020102'"),
        ("01001020102.0", "was read as a float", "write '01001020102'"),
        ("1400000US01001020102", "prefix of a census table", "write '01001020102'"),
        (" 01001020102", "not eleven plain digits", "write '01001020102'"),
        ("tract 102", "is not a tract id", "11 digits"),
        (None, "the tract id is missing", "write the 11-digit id"),
    ],
)
def test_a_broken_id_is_found_and_shown_mended(folder, value, problem, remedy):
    (fault,) = plant(folder, "temperature", put("geoid", 2, value))
    assert (fault.row, fault.column) == (2, "geoid")
    assert problem in fault.problem
    assert remedy in fault.remedy


@pytest.mark.parametrize(("kind", "word"), [("int64", "integers"), ("float64", "floats")])
def test_ids_stored_as_numbers_are_one_fault_of_the_column(folder, kind, word):
    (fault,) = plant(folder, "tracts", lambda frame: frame.assign(geoid=frame.geoid.astype(kind)))
    assert fault.row is None
    assert f"stored as {word}" in fault.problem
    assert "1001020100" in fault.remedy
    assert "'01001020100'" in fault.remedy


def test_each_row_of_a_duplicate_is_named(folder):
    faults = plant(folder, "temperature", put("geoid", 5, "01001020102"))
    assert [fault.row for fault in faults] == [2, 5]
    assert "stands in row 5 too" in faults[0].problem
    assert "stands in row 2 too" in faults[1].problem
    assert all(fault.remedy == "keep one of them" for fault in faults)


def test_an_id_without_its_zero_is_still_a_duplicate(folder):
    faults = plant(folder, "temperature", put("geoid", 5, "1001020102"))
    assert sorted((fault.row, "lost" in fault.problem) for fault in faults) == [
        (2, False),
        (5, False),
        (5, True),
    ]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("temperature", "geoid"),
        ("proxies", "geoid"),
        ("mobility", "geoid"),
        ("flows", "origin"),
        ("flows", "destination"),
        ("estimates/tract_model", "geoid"),
    ],
)
def test_a_tract_that_the_study_does_not_have(folder, table, column):
    (fault,) = plant(folder, table, put(column, 1, "99999999999"))
    assert (fault.row, fault.column, fault.value) == (1, column, "99999999999")
    assert "is not in tracts.parquet" in fault.problem
    assert "add the tract to tracts.parquet or drop the row" in fault.remedy


SQUARE = box(-86.5, 32.5, -86.4, 32.6)
BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])


@pytest.mark.parametrize(
    ("shape", "problem", "remedy"),
    [
        (BOW_TIE, "broken: Self-intersection at [0.5 0.5]", "shapely.make_valid"),
        (MultiPolygon([SQUARE, SQUARE]), "broken:", "shapely.make_valid"),
        (None, "has no polygon", "add it or drop the row"),
        (Polygon(), "the polygon is empty", "add its outline or drop the row"),
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
    assert [fault.row for fault in faults] == list(range(144))
    assert all("look like metres" in fault.remedy for fault in faults)


def test_tracts_without_geometry(folder):
    table = pd.DataFrame(read_table(folder / "tracts.parquet").drop(columns="geometry"))
    write_parquet(folder / "tracts.parquet", table)
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "there are no polygons" in fault.problem
    assert "GeoDataFrame.to_parquet" in fault.remedy


@pytest.mark.parametrize("hour", [-1, 168, -99])
def test_an_hour_outside_the_week(folder, hour):
    (fault,) = plant(folder, "mobility", put("hour_of_week", 5, hour))
    assert (fault.row, fault.column, fault.value) == (5, "hour_of_week", str(hour))


def test_an_hour_that_stands_twice(folder):
    faults = plant(folder, "mobility", put("hour_of_week", 5, 6))
    assert [fault.row for fault in faults] == [5, 6]
    assert "geoid and hour_of_week 01001020100 6 stands in row 6 too" in faults[0].problem


@pytest.mark.parametrize(
    ("table", "column", "kind", "problem"),
    [
        ("proxies", "canopy", "str", "numbers are stored as str"),
        ("mobility", "hour_of_week", "float64", "the column is float64, not integers"),
        ("estimates/tract_model", "extrapolated", "int64", "the column is int64, not true or"),
        ("temperature", "source", "category", "the column is category, not text"),
    ],
)
def test_a_column_of_the_wrong_type(folder, table, column, kind, problem):
    (fault,) = plant(folder, table, lambda frame: frame.astype({column: kind}))
    assert (fault.row, fault.column) == (None, column)
    assert problem in fault.problem
    assert "store" in fault.remedy


def test_words_among_numbers_are_named_by_row(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return put("canopy", 4, "n/a")(frame.astype({"canopy": "str"}))

    faults = plant(folder, "proxies", change)
    assert [fault.row for fault in faults] == [None, 4]
    assert "'n/a' is not a number" in faults[1].problem


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("tracts", "geoid"),
        ("tracts", "metro"),
        ("temperature", "source"),
        ("mobility", "hour_of_week"),
        ("estimates/tract_model", "base_c"),
    ],
)
def test_a_missing_column(folder, table, column):
    faults = plant(folder, table, lambda frame: frame.drop(columns=column))
    (fault,) = [f for f in faults if f.file == f"{table}.parquet"]
    assert (fault.row, fault.column) == (None, column)
    assert f"the column '{column}' is missing" in fault.problem


def test_an_estimate_outside_its_interval(folder):
    (fault,) = plant(folder, "estimates/tract_model", put("low90_c", 7, 20.0))
    assert (fault.row, fault.column) == (7, "anomaly_c")
    assert "outside its interval 20 to" in fault.problem


def test_bars_that_do_not_add_up(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[7, "base_c"] += 2e-4
        frame.loc[8, "base_c"] += 5e-5  # within the tolerance
        return frame

    (fault,) = plant(folder, "estimates/tract_model", change)
    assert fault.row == 7
    assert "add up to" in fault.problem


def test_every_fault_is_listed_not_the_first(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        for row, value in ((1, 298.4), (4, -9999.0), (9, np.inf)):
            frame.loc[row, "lst_day_c"] = value
        frame.loc[5, "geoid"] = "1001020105"
        return frame

    plant(folder, "proxies", put("canopy", 0, 55.0))
    faults = plant(folder, "temperature", change)
    assert [(f.file, f.row) for f in faults] == [
        ("proxies.parquet", 0),
        *(("temperature.parquet", row) for row in (1, 4, 5, 9)),
    ]


def test_changed_missing_and_unlisted_files(folder):
    (folder / "notes.txt").write_text("new")
    (folder / "flows.parquet").unlink()
    write_parquet(folder / "proxies.parquet", tiny_tables(seed=9)[0]["proxies"])
    faults = validate_study(folder)
    assert {(f.file, f.value) for f in faults} == {
        ("flows.parquet", "missing"),
        ("notes.txt", "unlisted"),
        ("proxies.parquet", "changed"),
    }
    assert exit_code(faults) == 2


def test_a_garbled_manifest(folder):
    (folder / MANIFEST).write_text("{")
    (fault,) = validate_study(folder)
    assert fault.file == MANIFEST
    assert "is not a manifest" in fault.problem


@pytest.mark.parametrize("table", ["tracts", "temperature", "estimates/tract_model"])
@pytest.mark.parametrize("content", [b"", b"not parquet", None])
def test_a_corrupt_table(folder, table, content):
    path = folder / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:-40] if content is None else content)
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert fault.file == f"{table}.parquet"
    assert "is not readable" in fault.problem
    assert fault.unusable


def test_every_problem_of_study_toml(folder):
    (folder / "study.toml").write_text(
        'name = 3\nkind = "guessed"\nlicences = "MIT"\nsources = []\ncolour = "red"\n'
    )
    write_manifest(folder)
    faults = validate_study(folder)
    assert {fault.column for fault in faults} == {"name", "kind", "vintage", "licences", "colour"}
    assert all(fault.unusable for fault in faults)


def test_study_toml_that_is_not_toml(folder):
    (folder / "study.toml").write_text("name = \n")
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "is not TOML" in fault.problem


@pytest.mark.parametrize("what", ["nothing", "file", "empty"])
def test_no_study_at_all_is_an_error(tmp_path, what):
    path = tmp_path / "x"
    if what == "file":
        path.write_text("")
    if what == "empty":
        path.mkdir()
    with pytest.raises(StudyError, match=str(path)):
        validate_study(path)


def write_atlas(folder: Path) -> None:
    """Write the estimates of the small town as an atlas with one cell a tract."""
    estimates = tiny_tables()[1]
    cells = pd.DataFrame(
        {
            "geoid": estimates["geoid"],
            "cell": [f"88{number:06x}fffffff"[:15] for number in range(len(estimates))],
        }
    )
    info = StudyInfo("Atlas", "estimated", "2010", ("MIT",), ("a test",))
    write_study(folder, info, {"estimates": estimates, "cells": cells})


def test_an_atlas_has_its_own_tables(tmp_path):
    write_atlas(tmp_path / "atlas")
    assert validate_study(tmp_path / "atlas") == []


def test_an_estimate_without_a_cell(tmp_path):
    write_atlas(tmp_path / "atlas")
    (fault,) = plant(tmp_path / "atlas", "cells", lambda frame: frame.drop(index=4))
    assert (fault.file, fault.row, fault.value) == ("estimates.parquet", 4, "01001020104")
    assert "has no cell" in fault.problem


def test_a_cell_of_no_estimate_and_a_broken_cell(tmp_path):
    write_atlas(tmp_path / "atlas")
    cells = plant(tmp_path / "atlas", "cells", put("cell", 3, "hexagon"))
    assert [(f.row, f.column, f.value) for f in cells] == [(3, "cell", "hexagon")]
    faults = plant(tmp_path / "atlas", "estimates", lambda frame: frame.drop(index=4))
    assert (4, "geoid") in [(f.row, f.column) for f in faults if f.file == "cells.parquet"]


def test_an_atlas_without_cells(tmp_path):
    write_atlas(tmp_path / "atlas")
    (tmp_path / "atlas" / "cells.parquet").unlink()
    write_manifest(tmp_path / "atlas")
    (fault,) = validate_study(tmp_path / "atlas")
    assert (fault.file, fault.problem) == ("cells.parquet", "the table is missing")


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """Give one study to be overwritten by many examples."""
    path = tmp_path_factory.mktemp("wide") / "town"
    write_tiny_study(path)
    return path


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.011, 1.0), min_size=144, max_size=144))
def test_any_share_in_percent_is_flagged_in_every_row(shared, shares):
    faults = plant(shared, "proxies", lambda frame: frame.assign(canopy=np.array(shares) * 100))
    assert [fault.row for fault in faults] == list(range(144))
    assert all("percent" in fault.problem for fault in faults)
    assert plant(shared, "proxies", lambda frame: frame.assign(canopy=shares)) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-10, 60), min_size=144, max_size=144))
def test_any_temperature_in_kelvin_is_flagged_in_every_row(shared, celsius):
    faults = plant(
        shared, "temperature", lambda frame: frame.assign(lst_day_c=np.array(celsius) + 273.15)
    )
    assert [fault.row for fault in faults] == list(range(144))
    assert all("kelvin" in fault.problem for fault in faults)
    assert plant(shared, "temperature", lambda frame: frame.assign(lst_day_c=celsius)) == []
