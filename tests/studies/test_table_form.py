"""A table comes in one form, however it is stored; no value changes on the way."""

import decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import open_study, read_table
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import examine, validate_study
from tests.studies.planting import plant, put


def rewritten(folder, table, change):
    """Change a table that stays valid; return it as the study reads it, and as it was."""
    before = open_study(folder).read(table)
    assert plant(folder, table, change) == []
    return open_study(folder).read(table), before


@pytest.mark.parametrize("name", ["geom", "wkb_geometry", "SHAPE"])
def test_the_active_borders_are_called_geometry(folder, name):
    after, before = rewritten(folder, "tracts", lambda frame: frame.rename_geometry(name))
    assert after.geometry.geom_equals(before.geometry).all()
    assert after.active_geometry_name == "geometry"


def test_other_borders_than_the_active_ones_are_left(folder):
    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        middles = frame.geometry.representative_point()
        return frame.rename_geometry("outline").assign(geometry=middles)

    after, before = rewritten(folder, "tracts", change)
    assert after.geometry.geom_equals(before.geometry).all()


@pytest.mark.parametrize(
    "lift",
    [
        lambda shapes: shapely.force_3d(shapes, 120.0),
        lambda shapes: shapely.from_wkt(
            [text.replace("POLYGON ", "POLYGON M ").replace(",", " 7,").replace("))", " 7))")
             for text in shapely.to_wkt(shapes)]
        ),
    ],
    ids=["Z", "M"],
)  # fmt: skip
def test_heights_and_measures_are_left_out_and_counted(folder, lift):
    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return frame.set_geometry(lift(frame.geometry.to_numpy()), crs=frame.crs)

    before = open_study(folder).read("tracts")
    frame = change(read_table(folder / "tracts.parquet", geographic=True))
    frame.to_parquet(folder / "tracts.parquet", geometry_encoding="WKB")
    write_manifest(folder)
    stored = gpd.read_parquet(folder / "tracts.parquet").geometry.to_numpy()
    if not (shapely.has_z(stored) | shapely.has_m(stored)).any():
        pytest.skip("this GeoParquet writer drops measures by itself")
    found = examine(folder)
    assert found.faults == ()
    assert [notice.count for notice in found.notices] == [144]
    after = open_study(folder).read("tracts")
    assert after.geometry.geom_equals_exact(before.geometry, 1e-9).all()
    assert not shapely.has_z(after.geometry.to_numpy()).any()


def test_other_degrees_become_ours(folder):
    after, before = rewritten(folder, "tracts", lambda frame: frame.to_crs("EPSG:4269"))
    assert after.crs == "EPSG:4326"
    assert after.geometry.geom_equals_exact(before.geometry, 1e-4).all()


@pytest.mark.parametrize(
    "kind", ["float32", "Float64", "Int64", "int32", "uint16", "int8", "float[pyarrow]"]
)
def test_numbers_become_floats(folder, kind):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        whole = frame["n_pixels"].map(lambda value: value if pd.isna(value) else value % 100)
        return frame.assign(n_pixels=whole.astype(kind))

    after, before = rewritten(folder, "temperature", change)
    assert after["n_pixels"].dtype == np.float64
    np.testing.assert_array_equal(after["n_pixels"], before["n_pixels"] % 100)


def test_missing_numbers_of_nullable_kinds_stay_missing(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame["canopy"].astype("Float64")
        values[3] = pd.NA
        return frame.assign(canopy=values)

    after, _ = rewritten(folder, "proxies", change)
    assert after["canopy"].dtype == np.float64
    assert np.isnan(after["canopy"][3])


def test_nullable_whole_numbers_and_truths(folder):
    after, before = rewritten(
        folder, "mobility", lambda frame: frame.astype({"hour_of_week": "Int64"})
    )
    assert after["hour_of_week"].dtype == np.int64
    assert (after["hour_of_week"] == before["hour_of_week"]).all()
    plant(folder, "estimates/tract_model", lambda frame: frame.astype({"extrapolated": "boolean"}))
    assert open_study(folder).read_run("tract_model")["extrapolated"].dtype == bool


def test_ids_as_bytes_are_ids(folder):
    after, before = rewritten(
        folder, "temperature", lambda f: f.assign(geoid=[name.encode() for name in f["geoid"]])
    )
    assert (after["geoid"] == before["geoid"]).all()
    assert len(open_study(folder).read_rows("temperature", before["geoid"][3])) == 1


@pytest.mark.parametrize("geoid", ["", "00000000000"])
def test_no_tract_has_no_row(folder, geoid):
    study = open_study(folder)
    assert study.read_rows("temperature", geoid).empty
    assert study.read_tract("tract_model", "estimates", geoid).empty


def test_ids_as_categories_or_as_an_index_are_ids(folder):
    after, before = rewritten(
        folder, "temperature", lambda frame: frame.astype({"geoid": "category"})
    )
    assert (after["geoid"] == before["geoid"]).all()
    assert isinstance(after["geoid"].dtype, pd.StringDtype)
    read_table(folder / "temperature.parquet").set_index("geoid").to_parquet(
        folder / "temperature.parquet"
    )
    write_manifest(folder)
    assert validate_study(folder) == []
    assert (open_study(folder).read("temperature")["geoid"] == before["geoid"]).all()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda f: f.assign(canopy=[[1.0]] * len(f)), "the column is stored as list<"),
        (lambda f: f.assign(canopy=[{"a": 1.0}] * len(f)), "the column is stored as struct<"),
        (lambda f: f.assign(canopy=f["canopy"].astype("float16")), "is stored as halffloat"),
        (lambda f: f.assign(canopy=f["canopy"].notna()), "the column is bool, not numbers"),
        (lambda f: f.assign(canopy=pd.Timestamp("2020-01-01")), "is stored as timestamp["),
        (lambda f: f.assign(canopy=pd.Timedelta("1h")), "is stored as duration["),
        (lambda f: f.assign(canopy=b"0.5"), "numbers are stored as"),
        (lambda f: f.assign(canopy=decimal.Decimal("0.5")), "is stored as decimal128("),
        (lambda f: f.assign(source=1.5), "not text"),
    ],
)
def test_what_is_no_number_is_told_once(folder, change, problem):
    path = folder / "proxies.parquet"
    change(read_table(path)).to_parquet(path)
    write_manifest(folder)
    faults = validate_study(folder)
    assert len(faults) <= 2
    assert problem in faults[0].problem


def test_columns_that_nobody_reads_are_named_with_the_nearest_known_name(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.rename(columns={"canopy": "Canopy_pct"}).assign(zzz=[[1]] * len(frame))

    assert plant(folder, "proxies", change) == []
    told = {notice.column: str(notice) for notice in examine(folder).notices}
    assert set(told) == {"Canopy_pct", "zzz"}
    assert "rename it to 'canopy' if it is that, in share 0–1" in told["Canopy_pct"]
    assert "nobody reads the column 'zzz'" in told["zzz"]
    study = open_study(folder)
    assert study.notices == examine(folder).notices
    assert list(study.read("proxies")) == ["geoid", "ndvi", "source"]


def test_a_missing_column_is_named_with_what_may_be_it(folder):
    faults = plant(folder, "temperature", lambda frame: frame.rename(columns={"geoid": "GEOID"}))
    assert faults[0].remedy.startswith("'GEOID' may be it: rename that")


def test_a_file_beside_the_tables_is_named(folder):
    write_parquet(folder / "temperatures.parquet", pd.DataFrame({"a": [1.0]}))
    write_manifest(folder)
    (notice,) = examine(folder).notices
    assert "rename it to 'temperature.parquet'" in str(notice)


def test_a_column_that_stands_twice(folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "proxies.parquet")
    again = table.append_column("canopy", pa.array([0.1] * table.num_rows))
    pq.write_table(again, folder / "proxies.parquet")
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "two columns 'canopy'" in fault.problem


@pytest.mark.parametrize("table", ["responses", "attributions"])
@pytest.mark.parametrize("effect", [[], ["a"], [b"\xff"], [None], [pd.Timestamp("2020-01-01")]])
def test_tables_of_runs_of_any_type_are_told_without_a_traceback(folder, table, effect):
    ids = read_table(folder / "tracts.parquet")["geoid"][: len(effect)]
    column = "effect_c" if table == "attributions" else "line_c"
    rows = pd.DataFrame({"geoid": ids, "part": "base", "proxy": "ndvi", column: effect})
    (folder / table).mkdir()
    rows.to_parquet(folder / table / "tract_model.parquet")
    write_manifest(folder)
    # a table of parts may be empty, one of curves lacks its columns
    assert validate_study(folder) or (table == "attributions" and not effect)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.assign(metro=None),
        lambda f: f.assign(metro=pd.NaT),
        lambda f: f.assign(white_share=[b"\xff\xfe"] * len(f)),
        lambda f: f.iloc[:0],
    ],
    ids=["no metro", "no date", "bytes", "no row"],
)
def test_tracts_of_any_type_are_told_without_a_traceback(folder, change):
    assert plant(folder, "tracts", change)


def test_degrees_of_another_body_are_refused(folder):
    faults = plant(folder, "tracts", lambda f: f.set_crs("IAU_2015:49900", allow_override=True))
    assert "nobody can read" in str(faults)


def test_a_column_of_nothing_is_one_of_numbers_not_measured(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(canopy=pd.Categorical([None] * len(frame), categories=["a"]))

    after, _ = rewritten(folder, "proxies", change)
    assert after["canopy"].isna().all()
    assert after["canopy"].dtype == np.float64


def test_where_a_value_must_be_no_cure_says_to_leave_it_out(folder):
    (fault,) = [
        fault
        for fault in plant(folder, "estimates/tract_model", put("base_c", 3, np.inf))
        if fault.column == "base_c"
    ]
    assert "leave it empty" not in fault.remedy
    faults = plant(folder, "mobility", put("hour_of_week", 5, 168))
    (fault,) = [fault for fault in faults if fault.file == "mobility.parquet"]
    assert "write the hour that it is, 0 to 167, or drop the row" in fault.remedy


def test_many_columns_that_nobody_reads_are_one_notice(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{f"zzz_{i}": i for i in range(14)})

    assert plant(folder, "proxies", change) == []
    (notice,) = examine(folder).notices
    assert str(notice) == (
        "proxies.parquet: nobody reads 14 of its columns: 'zzz_0', 'zzz_1', 'zzz_2', 'zzz_3', "
        "'zzz_4' and 9 more"
    )
