"""Numbers that may be codes or in another unit are counted; those of real tracts are not."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.studies.validation import examine
from tests.studies.planting import Change, plant

INCOME = "median_household_income_usd"


def told(folder, table: str, change: Change) -> list[str]:
    """Notices of a study that stays valid after a change."""
    assert plant(folder, table, change) == []
    return [str(notice) for notice in examine(folder).notices]


def first(count: int, column: str, value: float) -> Change:
    """Make a change that puts one value into the first rows."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{column: np.where(np.arange(144) < count, value, frame[column])})

    return change


@pytest.mark.parametrize(
    ("column", "code"),
    [(INCOME, 9_999.0), (INCOME, 99_999.0), ("population", 9_999.0)],
)
def test_numbers_of_nines_that_stand_alike(folder, column, code):
    (notice,) = told(folder, "tracts", first(4, column, code))
    assert notice == (
        f"tracts.parquet, {column}: 4 of 144 numbers are {code:.0f}, which some tables write for "
        "a missing value: kept as numbers; leave them empty if they are that (the first is row 0)"
    )


@pytest.mark.parametrize("change", [
    first(2, INCOME, 9_999.0),
    lambda frame: frame.assign(housing_units=np.repeat([999.0, 998.0, 997.0], 48)),
])  # fmt: skip
def test_a_pair_of_nines_and_one_of_many_alike_are_numbers(folder, change):
    assert told(folder, "tracts", change) == []


def test_some_incomes_in_thousands(folder):
    (notice,) = told(folder, "tracts", first(3, INCOME, 62.0))
    assert "3 of 144 numbers are less than a 25th of the column's median" in notice
    assert "thousands of dollars" in notice


def test_incomes_of_a_month(folder):
    notices = told(folder, "tracts", lambda f: f.assign(**{INCOME: f[INCOME] / 12}))
    assert ["multiply by 12" in notice for notice in notices] == [True]


def test_the_end_of_a_scale_of_another_year(folder):
    (notice,) = told(folder, "tracts", first(6, INCOME, 200_001.0))
    assert "6 of 144 numbers are the highest, 200,001: an end of the scale" in notice


def test_people_in_thousands(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(
            population=frame.population / 1_000, white_population=frame.white_population / 1_000
        )

    (notice,) = told(folder, "tracts", change)
    assert "the median tract has 2.99 residents: thousands" in notice


@pytest.mark.parametrize("other", [False, True])
def test_a_share_of_another_group(folder, other):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        share = frame.white_population / frame.population
        return frame.assign(white_share=1 - share if other else share)

    notices = told(folder, "tracts", change)
    assert ["it falls where white_population over population rises" in n for n in notices] == (
        [True] * other
    )


def test_more_of_a_group_than_people(folder):
    (notice,) = told(folder, "tracts", first(3, "white_population", 20_000.0))
    assert "3 of 144 numbers are more than twice the tract's residents" in notice


def test_tracts_that_do_not_say_how_many_live_there(folder):
    (notice,) = told(folder, "tracts", first(5, "population", np.nan))
    assert notice == (
        "tracts.parquet, population: 5 of 144 tracts do not say how many people live there: these "
        "count for nobody (the first is tract 01001020100)"
    )


def test_tracts_that_a_run_did_not_estimate(folder):
    notices = told(folder, "estimates/tract_model", lambda frame: frame.drop(index=[3, 4]))
    assert any("2 of 144 tracts have no row and count as not measured" in n for n in notices)
