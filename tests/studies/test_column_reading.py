"""A unit is named only if it accounts for the whole column, or for a slip among the others."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.planting import plant
from tests.tiny_study import write_tiny_study


def spread(low: float, high: float) -> np.ndarray:
    """Spread numbers over the 144 tracts, in no order."""
    return np.random.default_rng(14).permutation(np.linspace(low, high, 144))


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """Give one study to be overwritten by many examples."""
    path = tmp_path_factory.mktemp("wide") / "town"
    write_tiny_study(path)
    return path


@pytest.mark.parametrize(
    ("column", "written", "words", "cure"),
    [
        ("lst_day_c", lambda c: 10 * c, "tenths of °C", "divide by 10 → "),
        ("lst_day_c", lambda c: c + 273.15, "kelvin", "subtract 273.15 → "),
        ("lst_day_c", lambda c: 10 * (c + 273.15), "tenths of kelvin", "divide by 10 and"),
        ("lst_day_c", lambda c: 100 * (c + 273.15), "hundredths of kelvin", "divide by 100"),
        ("lst_day_c", lambda c: (c + 273.15) / 0.02, "a raw MODIS number", "times 0.02, minus"),
        (
            "lst_day_c", lambda c: (c + 273.15 - 149.0) / 0.00341802,
            "a raw Landsat number", "times 0.00341802",
        ),
        ("brightness_day_k", lambda c: 100 * (c + 273.15), "hundredths of kelvin", "divide by 100"),
        ("brightness_day_k", lambda c: (c + 273.15) / 0.02, "a raw MODIS number", "times 0.02 →"),
        ("brightness_day_k", lambda c: 1.8 * c + 32, "Fahrenheit", "add 273.15 → "),
        ("brightness_day_k", lambda c: 1.8 * (c + 273.15), "Rankine", "divide by 1.8 → "),
        ("brightness_day_k", lambda c: c, "°C", "add 273.15 → "),
    ],
)  # fmt: skip
@pytest.mark.parametrize("summer", [(24.0, 38.0), (31.0, 46.0)])
def test_the_unit_of_a_whole_column_is_told(folder, column, written, words, cure, summer):
    """Also where single numbers would be summer temperatures in a likelier unit."""
    celsius = spread(*summer)
    faults = plant(folder, "temperature", lambda f: f.assign(**{column: written(celsius)}))
    rows = [fault for fault in faults if fault.column == column and fault.row is not None]
    assert rows
    assert {fault.problem.partition(" looks like ")[2] for fault in rows} == {words}
    assert all(cure in fault.remedy for fault in rows)
    (right,) = {float(fault.remedy.rpartition("→ ")[2].split()[0]) for fault in rows[:1]}
    first = celsius[rows[0].row] + (273.15 if column.endswith("_k") else 0.0)
    assert right == pytest.approx(first, abs=0.01)


def test_a_column_in_no_unit_is_written_again(folder):
    faults = plant(folder, "temperature", lambda f: f.assign(lst_day_c=spread(900, 1_500)))
    (fault,) = faults
    assert "is outside -10 to 60 °C" in fault.problem
    assert fault.remedy.startswith("most of the column is: write it in °C")


def test_a_slip_is_read_by_what_the_others_are(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        values = spread(25.0, 40.0)
        values[[3, 5, 7]] = 273.51, 298.4, 93.2
        return frame.assign(lst_day_c=values)

    faults = plant(folder, "temperature", change)
    assert [fault.remedy.partition(";")[0] for fault in faults] == [
        "divide by 10 → 27.35 °C", "subtract 273.15 → 25.25 °C",
        "subtract 32 and divide by 1.8 → 34.00 °C",
    ]  # fmt: skip


@settings(max_examples=12)
@given(
    column=st.sampled_from(["canopy", "impervious"]),
    percent=st.integers(30, 110),
    top=st.floats(0.3, 0.95),
)
def test_rows_of_percent_among_shares_are_cured_alone(shared, column, percent, top):
    """To divide every row would ruin the right ones, and nothing would tell."""
    shares = spread(0.02, top)
    mixed = np.where(np.arange(144) < percent, 100 * shares, shares)
    faults = plant(shared, "proxies", lambda f: f.assign(**{column: mixed}))
    assert faults
    assert all(fault.row is not None for fault in faults)
    assert all("every row" not in f.remedy and "the column" not in f.remedy for f in faults)
    rows = sorted(row for fault in faults for row in (fault.rows or (fault.row,)))
    mended = mixed.copy()
    mended[rows] /= 100
    np.testing.assert_allclose(mended, shares, rtol=1e-12)
    assert plant(shared, "proxies", lambda f: f.assign(**{column: mended})) == []


@settings(max_examples=12)
@given(st.floats(2.0, 12.0))
def test_percent_with_some_below_one_is_one_column(shared, middle):
    """Unemployment of 0.6 % passes as a share; what lies between 1 and 3 % says that it is none."""
    percent = spread(0.2, 2 * middle)
    faults = plant(shared, "tracts", lambda f: f.assign(unemployment_share=percent))
    (whole,) = [fault for fault in faults if fault.row is None]
    assert whole.remedy.startswith("divide every row by 100")
