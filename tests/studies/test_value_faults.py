"""A wrong value is found with its row, value and remedy."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.studies.faults import exit_code
from aespa_core.studies.response_table import RESPONSES
from aespa_core.studies.tables import ESTIMATES, PLACE_TABLES
from tests.studies.planting import plant, put
from tests.tiny_study import write_tiny_study


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
        ("proxies", "canopy", 38.0, "38 looks like percent", "divide it by 100 → 0.38"),
        ("proxies", "canopy", -999.0, "-999 is a code for a missing", "leave it empty"),
        ("proxies", "ndvi", 4500.0, "scaled by 10,000", "divide it by 10000 → 0.45"),
        ("tracts", "population", np.inf, "the value is infinite", "leave it empty"),
        ("tracts", "population", -99.0, "-99 is a code for a missing", "leave it empty"),
        ("tracts", "poverty_share", 12.5, "12.5 looks like percent", "→ 0.125"),
        ("tracts", "median_household_income_usd", 0.0, "0 is outside 1 to 500000", "correct it"),
        ("tracts", "metro", None, "the value is missing", "write it (Metro id"),
        ("flows", "commuters", np.nan, "the value is missing", "write it (Jobs"),
        ("flows", "commuters", -1.0, "-1 is outside 0 to 10,000,000 people", "correct it"),
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
    ("table", "column", "remedy"),
    [
        ("tracts", "population", "leave it empty"),
        ("tracts", "aland_m2", "leave it empty"),
        ("tracts", "housing_density_km2", "leave it empty"),
        ("tracts", "median_household_income_usd", "leave it empty"),
        ("temperature", "n_pixels", "leave it empty"),
        ("mobility", "visits", "leave it empty"),
        ("flows", "commuters", "write the value or drop the row"),
    ],
)
@pytest.mark.parametrize("value", [1e15, 1e300])
def test_a_number_larger_than_any_is_refused(folder, table, column, value, remedy):
    (fault,) = plant(folder, table, put(column, 2, value))
    assert (fault.row, fault.column) == (2, column)
    assert f"{value:.10g} is outside " in fault.problem
    assert "e+" not in fault.problem.partition(" is outside ")[2]
    assert remedy in fault.remedy


@pytest.mark.parametrize("schema", [*PLACE_TABLES.values(), ESTIMATES, RESPONSES],
                         ids=lambda schema: schema.name)  # fmt: skip
def test_every_number_of_a_table_has_both_bounds(schema):
    unbounded = [
        name
        for name, column in schema.columns.items()
        if str(column.dtype).startswith(("float", "int"))
        and None in (column.metadata.get("low"), column.metadata.get("high"))
    ]
    assert unbounded == [name for name in ("member",) if name in schema.columns]


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
    # 144 tracts, one without a value and one that passes: one cause, one fault
    (rows,) = [fault for fault in faults if fault.row is not None]
    assert rows.count == len(rows.rows) == 142
    assert all("Fahrenheit" in fault.problem for fault in faults)


def test_words_among_numbers_are_named_by_row(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return put("canopy", 4, "n/a")(frame.astype({"canopy": "str"}))

    faults = plant(folder, "proxies", change)
    assert [fault.row for fault in faults] == [None, 4]
    assert "'n/a' is not a number" in faults[1].problem


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """Give one study to be overwritten by many examples."""
    path = tmp_path_factory.mktemp("wide") / "town"
    write_tiny_study(path)
    return path


@settings(max_examples=15)
@given(st.lists(st.floats(0.011, 1.0), min_size=144, max_size=144))
def test_any_share_in_percent_is_flagged_in_every_row(shared, shares):
    faults = plant(shared, "proxies", lambda frame: frame.assign(canopy=np.array(shares) * 100))
    (fault,) = faults
    assert fault.rows == tuple(range(144))
    assert "percent" in fault.problem
    assert plant(shared, "proxies", lambda frame: frame.assign(canopy=shares)) == []


@settings(max_examples=15)
@given(st.lists(st.floats(6, 60), min_size=144, max_size=144))
def test_any_temperature_in_kelvin_is_flagged_in_every_row(shared, celsius):
    faults = plant(
        shared, "temperature", lambda frame: frame.assign(lst_day_c=np.array(celsius) + 273.15)
    )
    (fault,) = faults
    assert fault.rows == tuple(range(144))
    assert "kelvin" in fault.problem
    assert plant(shared, "temperature", lambda frame: frame.assign(lst_day_c=celsius)) == []


@pytest.mark.parametrize(
    ("table", "column", "remedy"),
    [("tracts", "metro", "drop the tract from every table"), ("flows", "commuters", "the row")],
)
def test_what_is_dropped_is_dropped_wherever_it_stands(folder, table, column, remedy):
    (fault,) = plant(folder, table, put(column, 2, None))
    assert fault.remedy.endswith(remedy)
