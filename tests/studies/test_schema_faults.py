"""A column that is missing or of the wrong type is found."""

import pytest

from tests.studies.planting import plant


@pytest.mark.parametrize(
    ("table", "column", "kind", "problem"),
    [
        ("proxies", "canopy", "str", "numbers are stored as text"),
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


@pytest.mark.parametrize(("kind", "word"), [("int64", "integers"), ("float64", "floats")])
def test_ids_stored_as_numbers_are_one_fault_of_the_column(folder, kind, word):
    (fault,) = plant(folder, "tracts", lambda frame: frame.assign(geoid=frame.geoid.astype(kind)))
    assert fault.row is None
    assert f"stored as {word}" in fault.problem
    assert "1001020100" in fault.remedy
    assert "'01001020100'" in fault.remedy
