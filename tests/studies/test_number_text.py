"""Numbers as people and public tables write them, and what the validator makes of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.studies.number_text import Range, explain_text, number_in
from aespa_core.studies.unit_mistakes import explain_number, in_range

DOLLARS = Range("US$ a year", 1, 500_000)
SHARE = Range("share 0–1", 0, 1)


@pytest.mark.parametrize(
    ("text", "column", "problem", "remedy"),
    [
        ("66,800", DOLLARS, "a number written as text", "write 66800, in US$"),
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


@given(st.integers(-(10**12), 10**12))
def test_thousands_come_back_whatever_separates_them(number):
    for separator in (",", " ", "’", " "):
        assert number_in(f"{number:,}".replace(",", separator)) == number


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
