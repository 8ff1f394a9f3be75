"""Metros that no link or command can name, or that are written in two ways, are refused."""

import pandas as pd
import pytest

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import read_table
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study
from tests.studies.planting import Change, plant, put

TABLES = ("tracts", "estimates/tract_model")


def of_rows(metro: object, rows: slice = slice(3, 9)) -> Change:
    """Make a change that gives some rows another metro."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        frame.loc[frame.index[rows], "metro"] = metro
        return frame

    return change


@pytest.mark.parametrize(
    ("metro", "problem", "remedy"),
    [
        ("", "the metro is empty", "give a name"),
        (" ", "the metro is empty", "give a name"),
        ("../x", "holds '/'", "a plain name"),
        ("..", "starts with a dot", "a plain name"),
        ("a/b", "holds '/'", "a plain name"),
        ("a\nb", "holds ", "a plain name"),
        ("all", "the metro 'all' has the word for every metro", "a name of its own"),
        (" ALL ", "has the word for every metro", "a name of its own"),
        ("x" * 300, "is too long", "80 characters"),
    ],
)
def test_a_metro_that_cannot_be_named_is_refused_once(folder, metro, problem, remedy):
    for table in TABLES:
        faults = plant(folder, table, of_rows(metro))
    assert [fault.file for fault in faults] == [f"{table}.parquet" for table in TABLES[::-1]]
    for fault in faults:
        assert (fault.row, fault.column, fault.count) == (3, "metro", 6)
        assert problem in fault.problem
        assert remedy in fault.remedy


def test_each_metro_is_refused_by_itself_and_many_as_one(folder):
    plant(folder, "estimates/tract_model", lambda frame: frame.iloc[:0])

    def two(frame: pd.DataFrame) -> pd.DataFrame:
        return of_rows("a/b", slice(10, 20))(of_rows("..", slice(0, 2))(frame))

    faults = plant(folder, "tracts", two)
    assert [(fault.row, fault.count) for fault in faults] == [(0, 2), (10, 10)]
    (fault,) = plant(folder, "tracts", lambda f: f.assign(metro=f["geoid"] + "/"))
    assert fault.count == 144
    assert "and 143 more metros are no plain names" in fault.problem


@pytest.mark.parametrize("other", ["Gridville", "gridville ", "GRIDVILLE", " gridville"])
def test_one_metro_written_in_two_ways_is_one_fault(folder, other):
    plant(folder, "estimates/tract_model", of_rows(other))
    (fault,) = [f for f in plant(folder, "tracts", of_rows(other)) if f.file == "tracts.parquet"]
    assert fault.problem == (
        f"one metro is written in 2 ways: 'gridville' (138 rows), {other!r} (6 rows)"
    )
    assert fault.remedy == "write 'gridville' in every row"
    assert fault.rows == tuple(range(3, 9))


def test_the_metro_of_a_run_is_that_of_its_tract(folder):
    (fault,) = plant(folder, "estimates/tract_model", of_rows("oldtown"))
    assert (fault.row, fault.column, fault.count) == (3, "metro", 6)
    assert "the metro is 'oldtown', and 'gridville' in tracts.parquet" in fault.problem
    assert "6 rows of 6 tracts" in fault.problem
    assert plant(folder, "estimates/tract_model", of_rows("gridville")) == []


def test_a_metro_of_the_weather_is_one_of_the_study(folder):
    weather = pd.DataFrame({"metro": ["gridville", "elsewhere", "elsewhere"], "hour": [0, 0, 1]})
    write_parquet(folder / "weather.parquet", weather.assign(wind_m_s=3.0))
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert (fault.row, fault.count) == (1, 2)
    assert "'elsewhere' is not in tracts.parquet, which has 'gridville'" in fault.problem


def test_a_missing_metro_is_told_as_missing_alone(folder):
    (fault,) = plant(folder, "tracts", put("metro", 2, None))
    assert fault.problem == "the value is missing"
    assert read_table(folder / "tracts.parquet")["metro"].isna().sum() == 1


@pytest.mark.parametrize("kind", ["number", "category"])
def test_metros_that_are_no_text_are_told_as_that_alone(folder, kind):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        column = 7 if kind == "number" else frame["metro"].astype("category")
        return frame.assign(metro=column)

    for table in TABLES:
        faults = plant(folder, table, change)
    assert all("not text" in fault.problem for fault in faults)
    assert len(faults) == 2


def test_no_cure_takes_a_metro_from_where_it_is_at_fault(folder):
    """To write what the tracts have now would break what their own cure then mends."""
    faults = plant(folder, "tracts", of_rows("Gridville", slice(0, 60)))
    assert {fault.file for fault in faults} == {"tracts.parquet"}
    assert faults[0].remedy == "write 'gridville' in every row"
    assert plant(folder, "tracts", lambda frame: frame.assign(metro="gridville")) == []
