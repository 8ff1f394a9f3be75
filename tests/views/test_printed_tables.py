"""What is printed says what the numbers say: digits, stars, layout, notes."""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aespa_core.analysis.disparity.result_table import REGRESSION, Layout, ResultTable
from aespa_core.views.result_tables.digits import count, plain, probability, with_error
from aespa_core.views.result_tables.printed import printed
from aespa_core.views.result_tables.printed_table import PrintedTable
from tests.made_tables import made_tables, metro_table, regression_table

LEGEND = "* p < .05, ** p < .01, *** p < .001."
sizes = st.floats(1e-6, 1e6)
freedoms = st.one_of(st.floats(1, 1e4), st.just(math.inf))


def read(text: str) -> float:
    """Read a printed number."""
    return float(text.strip("()*").replace("−", "-").replace(",", "").replace("∞", "inf"))


def grid(table: PrintedTable) -> list[list[str]]:
    return [list(row.cells) for row in table.rows if row.kind == "body"]


def critical_stars(t: float, freedom: float) -> str | None:
    """Stars by the critical values of Student's t, which need no p; None on one of them."""
    values = stats.t.isf(np.array([0.05, 0.01, 0.001]) / 2, freedom)
    if np.isclose(t, values, rtol=1e-7, atol=0).any():
        return None
    return "*" * int((t > values).sum())


@given(st.lists(st.tuples(st.floats(-8, 8), sizes, freedoms), min_size=1, max_size=6))
def test_stars_are_those_of_the_shown_standard_errors(rows):
    t, error, freedom = map(np.array, zip(*rows, strict=True))
    frame = pd.DataFrame({"model": "(1)", "term": [f"x{at}" for at in range(len(rows))]})
    frame = frame.assign(estimate=t * error, std_error=error, df=freedom)
    listed = [row[2] for row in grid(printed(ResultTable("T1", "", frame, ())))]
    body = printed(ResultTable("T1", "", frame, (), layout=REGRESSION))
    crossed = [row[1] for row in grid(body) if row[0]]
    for at, expected in enumerate(map(critical_stars, np.abs(frame["estimate"] / error), freedom)):
        if expected is not None:
            assert "".join(re.findall(r"\*", listed[at])) == expected
            assert crossed[at] == listed[at]
    assert (LEGEND in body.notes) == any(text.endswith("*") for text in crossed)


@given(st.floats(-1e6, 1e6), sizes)
def test_digits_are_those_that_the_standard_error_carries(value, error):
    shown, shown_error = with_error(value, error), with_error(error, error)
    assert read(shown_error) == pytest.approx(error, rel=0.0051)
    assert abs(read(shown) - value) <= max(0.0051 * error, 1e-14 * abs(value))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (with_error(-1.597311, 0.334131), "−1.597"),
        (with_error(68.618961, 4.735486), "68.62"),
        (with_error(1234567.8, 4321.0), "1,234,568"),
        (with_error(0.0999, 0.09996), "0.100"),
        (with_error(-0.0001, 0.5), "0.000"),
        (with_error(1.5e-10, 2e-11), "1.500e−10"),
        (with_error(math.nan, 1.0), "–"),
        (plain(31.27041), "31.27"),
        (plain(-math.inf), "−∞"),
        (probability(0.00099), "<0.001"),
        (probability(0.0312), "0.031"),
        (count(1234567.0), "1,234,567"),
    ],
)
def test_numbers_are_printed_as_papers_do(text, expected):
    assert text == expected


def test_a_regression_has_terms_down_models_across_and_its_foot_below():
    table = printed(regression_table())
    assert table.heads == ("", "(1)", "(2)", "(3)")
    panels = [row.cells[0] for row in table.rows if row.kind == "panel"]
    assert panels == ["Outcome: observed", "Outcome: predicted"]
    half = [row.cells for row in table.rows if row.kind == "body"][:9]
    assert [row[0] for row in half] == [
        "Income (per SD)", "", "nonwhite_10pct", "", "log_density", "",
        "Tracts", "R²", "Fixed effects",
    ]  # fmt: skip
    assert half[4][1:3] == ("", "")
    assert half[6:] == [
        ("Tracts", "1,234", "1,234", "1,234"),
        ("R²", "0.250", "0.250", "0.250"),
        ("Fixed effects", "no", "no", "county"),
    ]
    frame = regression_table().frame
    first = frame[(frame["model"] == "(2)") & (frame["term"] == "income_sd")].iloc[0]
    assert read(half[0][2]) == pytest.approx(first["estimate"], abs=0.006 * first["std_error"])
    assert re.fullmatch(r"\(.*\)", half[1][2])
    assert read(half[1][2]) == pytest.approx(first["std_error"], rel=0.006)
    assert table.rows[[row.kind for row in table.rows].index("rule") + 1].cells[0] == "Tracts"
    assert {"Estimates in °C.", "Standard errors in parentheses."} <= set(table.notes)


def test_a_matrix_has_metros_down_and_says_what_is_missing():
    table = printed(metro_table())
    assert table.heads == ("Metro", "Income", "Density", "Tracts")
    names = [row[0] for row in grid(table)]
    assert names == ["Boston", "", "", "St. Louis", "", ""]
    cells = grid(table)
    assert cells[0][2:] == ["–", "12,345"]
    assert cells[3][1] == ""
    assert cells[1][1].startswith("[")
    assert cells[2][1] == "q < 0.001"
    said = " ".join(table.notes)
    assert "– : no such result" in said
    assert "An empty cell" in said


def test_units_stand_with_what_they_go_with():
    frame = metro_table().frame.dropna(subset="unit")
    frame["unit"] = frame["term"].map({"Income": "°C per SD", "Density": "°C per log"})
    table = printed(replace(metro_table(), frame=frame))
    assert table.heads == ("Metro", "Income (°C per SD)", "Density (°C per log)")


def test_layouts_that_do_not_fit_are_refused():
    table = regression_table()
    with pytest.raises(ValueError, match="crossed by group, which its frame lacks"):
        printed(replace(table, layout=Layout("term", "group")))
    twice = replace(table, frame=pd.concat([table.frame, table.frame]))
    with pytest.raises(ValueError, match="more than one row"):
        printed(twice)


def test_stars_that_do_not_follow_are_refused():
    frame = pd.DataFrame({"estimate": [1.0], "std_error": [1.0], "df": [40.0], "stars": ["***"]})
    with pytest.raises(ValueError, match="claims"):
        printed(ResultTable("T1", "", frame, ()))


def test_every_cell_is_one_line_of_characters_that_show():
    for table in map(printed, made_tables()):
        for text in [*table.texts(), *table.notes, *table.heads, table.title]:
            assert text.isprintable()
            assert text == text.strip()
        assert all(len(row) == len(table.heads) for row in grid(table))
        assert len(table.numeric) == len(table.heads)
