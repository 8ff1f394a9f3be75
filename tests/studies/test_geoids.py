"""Ids survive what spreadsheets and data frames do to them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.studies.geoids import mended

# whole columns of ids that end in 0000 are what a spreadsheet leaves of others
GEOIDS = (
    st.integers(1_000_000_000, 56_999_999_999)
    .filter(lambda number: number % 10_000)
    .map(lambda number: f"{number:011d}")
)


@given(st.lists(GEOIDS, min_size=1, max_size=8))
def test_every_way_through_numbers_comes_back(ids):
    right = pd.Series(ids, dtype="str")
    whole = right.astype("int64")
    for broken in (
        right,
        whole,
        whole.astype(float),
        whole.astype(str),
        whole.astype(float).astype(str),
        "1400000US" + right,
        "US1400000" + right,
        "G" + right.str[:2] + "0" + right.str[2:5] + "0" + right.str[5:],
    ):
        assert mended(broken).tolist() == ids


@pytest.mark.parametrize("broken", ["", "abc", "123", "0100102010", "123456789012", None, "1e10"])
def test_what_is_no_id_stays_missing(broken):
    result = mended(pd.Series(["01001020100", broken], dtype="object"))
    assert result.iloc[0] == "01001020100"
    # ten digits are taken for an id without its zero, whatever they begin with
    assert pd.isna(result.iloc[1]) or broken == "0100102010"


def test_numbers_that_are_no_ids_stay_missing():
    assert mended(pd.Series([1001020100.5, float("nan"), -5.0])).isna().all()
