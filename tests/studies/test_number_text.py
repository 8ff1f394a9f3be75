"""Numbers as people and public tables write them, and what the validator makes of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.studies.number_text import Range, comma_of, explain_text, number_in
from aespa_core.studies.unit_mistakes import explain_number, in_range
from tests.studies.planting import plant

DOLLARS = Range("US$ a year", 1, 500_000)
THOUSANDS = Range("US$ a year", 1, 500_000, "thousands")
DECIMALS = Range("US$ a year", 1, 500_000, "decimal")
LAND = Range("m²", 0, 5e12)
SHARE = Range("share 0–1", 0, 1)


@pytest.mark.parametrize(
    ("text", "column", "problem", "remedy"),
    [
        (
            "66,800",
            DOLLARS,
            "is 66800 if its comma stands between thousands, and 66.8 if",
            "without a comma",
        ),
        ("66,800", THOUSANDS, "a number written as text", "write 66800, in US$"),
        ("66,800", DECIMALS, "a number written as text", "write 66.8, in US$"),
        ("1,234,567", LAND, "a number written as text", "write 1234567, in m²"),
        ("0,123", SHARE, "a number written as text", "write 0.123"),
        ("0,123", LAND, "a number written as text", "write 0.123"),
        ("66 800,50", DOLLARS, "a number written as text", "write 66800.5"),
        ("66\u202f800", DOLLARS, "a number written as text", "write 66800"),
        ("0,123,456", LAND, "is not a number", "write a number"),
        ("$66,800", DOLLARS, "a number written as text", "write 66800"),
        ("66 800 $", DOLLARS, "a number written as text", "write 66800"),
        ("66’800", DOLLARS, "a number written as text", "write 66800"),
        ("66.800,50", DOLLARS, "a number written as text", "write 66800.5"),
        ("250,000+", DOLLARS, "an open end of a scale: 250,000 or more", "write 250001"),
        ("2,500-", DOLLARS, "an open end of a scale: 2,500 or less", "write 2499"),
        ("45 %", SHARE, "a percentage as text", "write 0.45"),
        ("45%", SHARE, "a percentage as text", "write 0.45"),
        ("0,45", SHARE, "a number written as text", "write 0.45"),
        ("−0.45", Range("index", -1, 1), "a number written as text", "write -0.45"),
        ("-", DOLLARS, "stands for a missing value", "leave it empty"),
        ("(X)", DOLLARS, "stands for a missing value", "leave it empty"),
        ("**", DOLLARS, "stands for a missing value", "leave it empty"),
        ("N", DOLLARS, "stands for a missing value", "leave it empty"),
        ("#N/A", DOLLARS, "stands for a missing value", "leave it empty"),
        ("", DOLLARS, "stands for a missing value", "leave it empty"),
        ("warm", SHARE, "is not a number", "write a number in share 0–1"),
        ("2+", Range("share 0–1", 0, 1), "an open end of a scale", "leave it empty"),
    ],
)
def test_what_is_written_is_understood(text, column, problem, remedy):
    said = explain_text(text, column)
    assert problem in said[0]
    assert remedy in said[1]


@pytest.mark.parametrize("text", ["(X)", "", "warm", "20+"])
def test_a_column_that_must_be_full_is_not_to_be_left_empty(text):
    _, remedy = explain_text(text, Range("people", 3, 10, nullable=False))
    assert remedy.endswith("write the value or drop the row")


@given(st.integers(-(10**12), 10**12))
def test_thousands_come_back_whatever_separates_them(number):
    for separator in (",", " ", "’", " "):
        assert number_in(f"{number:,}".replace(",", separator), "thousands") == number


@given(st.integers(-(10**6), 10**6), st.integers(1, 4))
def test_decimals_come_back_whichever_way_they_are_written(whole, digits):
    number = whole / 10**digits
    for separator in ("", ".", " ", "’"):
        text = f"{number:,.{digits}f}".replace(",", "_").replace(".", ",").replace("_", separator)
        assert number_in(text, "decimal") == number
        # where it is read without the column, it is read the same
        assert number_in(text) in (number, None)


@pytest.mark.parametrize(
    ("texts", "comma"),
    [
        (["1,234", "5,678"], None),
        (["1,234", "1,234,567"], "thousands"),
        (["1,234", "1,5"], "decimal"),
        (["1,234", "0,123"], "decimal"),
        (["1,234", "12.3"], "thousands"),
        (["1,234", "0.123"], "thousands"),
        (["1,234", "1.234"], None),
        (["1,234", "1.234.567"], "decimal"),
        (["1,234", "1.234,5"], "decimal"),
        (["1,234", "1,234.5"], "thousands"),
        (["1,234", "250,000+"], "thousands"),
        (["1,234", "$5,678"], "thousands"),
        (["1,234", "1,5", "1,234,567"], None),
        (["1,234", "n/a", "", "-"], None),
    ],
)
def test_what_a_comma_is_stands_in_the_column(texts, comma):
    assert comma_of(texts) == comma
    number = number_in("1,234", comma_of(texts))
    assert number == {"thousands": 1234.0, "decimal": 1.234, None: None}[comma]


def test_a_column_is_read_by_what_settles_it(folder):
    def written(extra: str) -> list[str]:
        texts = ["66,800"] * 143
        faults = plant(
            folder,
            "tracts",
            lambda frame: frame.assign(median_household_income_usd=[*texts, extra]),
        )
        return [str(fault) for fault in faults if fault.row == 0]

    (line,) = written("250,000+")
    assert "write 66800, in US$" in line
    assert "and 138 more" in line
    (line,) = written("66,8")
    assert "write 66.8, in US$" in line
    (line,) = written("45,200")
    assert "is 66800 if its comma stands between thousands, and 66.8 if it is a decimal" in line
    # a dot between thousands is read as one where commas are decimal
    faults = plant(
        folder,
        "tracts",
        lambda frame: frame.assign(population=["1.234"] * 143 + ["812,5"]),
    )
    assert any("write 1234, in people" in fault.remedy for fault in faults)


@given(st.text(max_size=20), st.sampled_from([DOLLARS, SHARE]))
def test_every_text_has_a_sentence_and_a_cure_in_range(text, column):
    _, remedy = explain_text(text, column)
    if told := re.match(r"write ([-\d.e+]+)[, ]", remedy):
        assert in_range(float(told[1]), column.low, column.high)


@given(
    st.floats(allow_nan=False),
    st.sampled_from([("°C", -10.0, 60.0), ("K", 250.0, 345.0), ("share 0–1", 0.0, 1.0),
                     ("index", -1.0, 1.0), ("US$ a year", 1.0, 500_000.0), ("m²", 0.0, None)]),
)  # fmt: skip
def test_no_cure_leaves_the_range(value, column):
    unit, low, high = column
    _, remedy = explain_number(value, unit, low, high)
    if told := re.search(r"→ ([-\d.e+]+)", remedy):
        assert in_range(float(told[1]), low, high)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (2984.0, "°C", "tenths of kelvin"),
        (44_177.0, "°C", "a raw Landsat number"),
        (2984.0, "K", "tenths of kelvin"),
        (44_177.0, "K", "a raw Landsat number"),
        (-222_222_222.0, "US$ a year", "a code for a missing value"),
        (-2_147_483_648.0, "m²", "a code for a missing value"),
    ],
)
def test_units_and_codes_of_the_wild(value, unit, words):
    bounds = {"°C": (-10, 60), "K": (250, 345), "US$ a year": (1, 500_000), "m²": (0, None)}
    assert words in explain_number(value, unit, *bounds[unit])[0]
