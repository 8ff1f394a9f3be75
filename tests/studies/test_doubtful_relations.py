"""What tables do not say together is counted: tracts without rows, one temperature, no people."""

import numpy as np
import pytest

from aespa_core.studies.validation import examine
from tests.studies.planting import Change, plant


def told(folder, table: str, change: Change) -> list[str]:
    """Notices of a study that stays valid after a change."""
    assert plant(folder, table, change) == []
    return [str(notice) for notice in examine(folder).notices]


@pytest.mark.parametrize("table", ["proxies", "temperature"])
def test_tracts_without_a_row_are_counted(folder, table):
    (notice,) = told(folder, table, lambda frame: frame.drop(index=[4, 9, 30]))
    assert notice == (
        f"{table}.parquet: 3 of 144 tracts have no row and count as not measured (the first is "
        "tract 01001020104)"
    )


def test_temperatures_that_are_all_the_same_are_told(folder):
    (notice,) = told(folder, "temperature", lambda frame: frame.assign(lst_day_c=31.5))
    assert notice == (
        "temperature.parquet, lst_day_c: all values are the same in 'gridville' (31.5): no "
        "difference between tracts can be explained there"
    )


def test_the_same_temperature_in_one_of_two_metros_is_told_of_that_one(folder):
    half = np.where(np.arange(144) < 70, "gridville", "eastville")
    for table in ("estimates/tract_model", "tracts"):
        plant(folder, table, lambda frame: frame.assign(metro=half))
    (notice,) = told(
        folder,
        "temperature",
        lambda frame: frame.assign(lst_day_c=np.where(half == "eastville", 30.0, frame.lst_day_c)),
    )
    assert "the same in 'eastville' (30): no" in notice


def test_one_tract_with_a_temperature_is_no_level(folder):
    change = np.r_[30.0, np.full(143, np.nan)]
    assert told(folder, "temperature", lambda frame: frame.assign(lst_day_c=change)) == []


def test_shares_of_people_without_people_are_told(folder):
    (notice,) = told(folder, "tracts", lambda frame: frame.drop(columns="population"))
    assert "there is no column 'population', so that white_share, poverty_share, " in notice
    shares = ["white_share", "poverty_share", "unemployment_share"]
    assert told(folder, "tracts", lambda frame: frame.drop(columns=shares)) == []
