"""Ids, duplicates and numbers that do not fit each other are found."""

import pandas as pd
import pytest

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study
from tests.studies.planting import Change, plant, put


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


def test_the_rows_of_a_duplicate_are_named_in_one_fault(folder):
    (fault,) = plant(folder, "temperature", put("geoid", 5, "01001020102"))
    assert (fault.row, fault.count) == (2, 1)
    assert "geoid 01001020102 stands in 2 rows (2, 5)" in fault.problem
    assert fault.remedy == "keep one of them"


def test_every_key_that_stands_twice_is_counted(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame, frame.iloc[10:], frame.iloc[20:]], ignore_index=True)

    (fault,) = plant(folder, "temperature", change)
    assert fault.count == 134
    assert fault.rows == tuple(range(10, 144))
    assert "01001020110 stands in 2 rows (10, 144)" in fault.problem


def test_an_id_without_its_zero_is_still_a_duplicate(folder):
    faults = plant(folder, "temperature", put("geoid", 5, "1001020102"))
    assert sorted((fault.row, "lost" in fault.problem) for fault in faults) == [
        (2, False),
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


def test_a_reading_of_a_station_that_nobody_placed(folder):
    place = {"metro": "gridville", "geoid": "01001020100", "kind": "background"}
    write_parquet(folder / "stations.parquet", pd.DataFrame([{"station": "a", **place}]))
    rows = {"station": ["a", "b"], "hour": [0, 0], "no2_ug_m3": [9.0, 8.0]}
    write_parquet(folder / "air.parquet", pd.DataFrame(rows))
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert (fault.file, fault.row, fault.value) == ("air.parquet", 1, "b")
    assert "is not in stations.parquet" in fault.problem


@pytest.mark.parametrize("hour", [-1, 168, -99])
def test_an_hour_outside_the_week(folder, hour):
    (fault,) = plant(folder, "mobility", put("hour_of_week", 5, hour))
    assert (fault.row, fault.column, fault.value) == (5, "hour_of_week", str(hour))
    assert fault.remedy == "write the hour that it is, 0 to 167, or drop the row"
    assert plant(folder, "mobility", lambda frame: frame.drop(index=5)) == []


def test_hours_that_run_from_1_are_told_as_a_whole(folder):
    def moved(by: int) -> Change:
        return lambda frame: frame.assign(hour_of_week=frame["hour_of_week"] + by)

    (fault,) = plant(folder, "mobility", moved(1))
    assert fault.count == 3
    assert fault.remedy == "subtract 1 in every row: yours run from 1"
    assert plant(folder, "mobility", moved(-1)) == []


def test_an_hour_that_stands_twice(folder):
    (fault,) = plant(folder, "mobility", put("hour_of_week", 5, 6))
    assert fault.row == 5
    assert "geoid and hour_of_week 01001020100 6 stands in 2 rows (5, 6)" in fault.problem


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
