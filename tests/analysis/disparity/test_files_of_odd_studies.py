"""Studies that lack something still leave every file: a table without rows says why in each."""

import json
import re
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.run import TABLES, figures_of, tables_of
from aespa_core.analysis.disparity.sample import MOST_METROS, sample_of
from aespa_core.analysis.disparity.specification import Space, Specification
from aespa_core.analysis.exposure.censored_incomes import censored_words
from aespa_core.errors import StudyError
from aespa_core.views.disparity_files import analysis_files, report_of
from aespa_core.views.result_tables.printed import NO_RESULT
from tests.analysis.disparity.test_degenerate import Change, first, put
from tests.made_disparity import TOWNS, Town, made_study, write_made_study
from tests.views.test_table_latex import compiled

INCOME: Final = "median_household_income_usd"
SHARES: Final = (
    "white_share",
    "poverty_share",
    "unemployment_share",
    "over_64_share",
    "under_5_share",
    "no_vehicle_share",
)
EVERY: Final = ("tracts", "temperature", "proxies", "estimates")
DAY: Final = ("observed_day", "predicted_day")
ASKED: Final = Specification(outcomes=DAY, quantiles=(0.5,), space=Space(permutations=99))
NIGHT: Final = ("lst_night_c", "brightness_day_k")


def without(*columns: str) -> Change:
    """Drop columns."""
    return lambda rows: rows.drop(columns=list(columns))


def alike_everywhere(rows: pd.DataFrame) -> pd.DataFrame:
    """Give every tract the same temperatures, °C and K."""
    return rows.assign(lst_day_c=30.0, lst_night_c=20.0, brightness_day_k=303.15)


def some(column: str, value: float, count: int) -> Change:
    """Give the first tracts one value."""
    return lambda rows: rows.assign(
        **{column: np.where(np.arange(len(rows)) < count, value, rows[column])}
    )


@dataclass(frozen=True)
class Odd:
    """What is odd: changes by table, towns, and the tables that have no row."""

    changes: dict[str, Change]
    empty: tuple[str, ...]
    towns: tuple[Town, ...] = TOWNS[:1]
    outcomes: tuple[str, ...] = DAY


REGRESSED: Final = ("T3", "T4", "T5", "T8", "T9", "T10")
ALL_BUT_T1: Final = tuple(name for name in TABLES if name != "T1")
ONE: Final = dict.fromkeys(EVERY, first(1))
ODD: Final = {
    "no_predictions": Odd({"estimates": first(0)}, ("A1",)),
    "predictions_only": Odd(
        {"temperature": put(np.nan, "lst_day_c", *NIGHT)}, ("T5", "A1"), TOWNS[1:]
    ),
    "night_only": Odd(
        {"estimates": first(0), "temperature": without("lst_day_c", "brightness_day_k")},
        ("A1",),
        outcomes=("observed_night", "predicted_day"),
    ),
    "estimates_of_half": Odd({"estimates": first(45)}, ()),
    "no_income": Odd({"tracts": without(INCOME)}, (*REGRESSED, "T6")),
    "one_income": Odd({"tracts": put(50_000.0, INCOME)}, ()),
    "residents_0": Odd({"tracts": put(0.0, "population")}, ALL_BUT_T1),
    "residents_unknown": Odd({"tracts": put(np.nan, "population")}, ALL_BUT_T1),
    "covariates_unknown": Odd(
        {"tracts": put(np.nan, INCOME, *SHARES)}, (*REGRESSED, "T2", "T6", "T7")
    ),
    "no_columns": Odd(
        {"tracts": lambda rows: rows[["geoid", "metro", "population", "geometry"]]},
        (*REGRESSED, "T2", "T6", "T7"),
    ),
    "one_tract": Odd(ONE, ALL_BUT_T1),
    "twenty_tracts": Odd(dict.fromkeys(EVERY, first(20)), ALL_BUT_T1),
    "one_metro_without_outcome": Odd({"temperature": first(90), "estimates": first(90)}, (), TOWNS),
    "one_county": Odd({}, (), (replace(TOWNS[0], counties=1),)),
    "one_temperature": Odd({"temperature": alike_everywhere}, ("T5", "A1")),
}


def made_files(folder: Path, odd: Odd) -> tuple[Analysis, dict[str, bytes]]:
    """Write the study and all its files, as the command does."""
    made = made_study(odd.towns)
    for table, change in odd.changes.items():
        made = made.changed(change, table)
    asked = replace(ASKED, outcomes=odd.outcomes)
    analysis = Analysis(sample_of([write_made_study(folder, made)], asked), asked)
    tables = tables_of(analysis)
    by_id = {table.id: table for table in tables}
    figures = [
        (part, figures_of(analysis, part, part.sample.outcomes[0], by_id))
        for part in analysis.parts
        if part.sample.outcomes
    ]
    files = {file.name: file.content for file in analysis_files(analysis, tables)}
    return analysis, {**files, "report.html": report_of(analysis, tables, figures)}


@pytest.mark.parametrize("name", ODD)
def test_every_file_is_written_and_an_empty_table_says_why(name, tmp_path, pdflatex):
    odd = ODD[name]
    _, files = made_files(tmp_path / "study", odd)
    book = load_workbook(BytesIO(files["tables.xlsx"]))
    content = {
        entry["id"]: entry
        for entry in json.loads(files["tables.json"], parse_constant=pytest.fail)["tables"]
    }
    assert list(content) == list(TABLES)
    without_rows = tuple(key for key, entry in content.items() if not entry["records"])
    assert sorted(without_rows) == sorted(odd.empty)
    document = Document(BytesIO(files["tables.docx"]))
    assert len(document.tables) == len(TABLES)
    page, report = files["tables.html"].decode(), files["report.html"].decode()
    for table in TABLES:
        text = files[f"{table}.csv"].decode()
        frame = pd.read_csv(StringIO(text), comment="#")
        assert list(frame) == content[table]["columns"]
        assert [cell.value for cell in book[table][1]] == list(frame)
        for html in (page, report):
            assert f'<section id="{table}">' in html
        assert (NO_RESULT in files[f"{table}.tex"].decode()) == (table in without_rows)
        if table in without_rows:
            assert content[table]["notices"], table
            assert "# notice: " in text
            sheet = [str(row[0].value) for row in book[table].iter_rows(min_row=2)]
            assert any(cell.startswith("Notice: ") for cell in sheet)
    assert page.count(NO_RESULT) == report.count(NO_RESULT) == len(without_rows)
    words = " ".join(cell.text for made in document.tables for cell in made.rows[-1].cells)
    assert words.count(NO_RESULT) == len(without_rows)
    (tmp_path / "tables.tex").write_bytes(files["tables.tex"])
    drawn = compiled(pdflatex, tmp_path, "tables.tex")
    assert len(re.findall(r"none; *the *note *says *why", drawn)) == len(without_rows)


def test_tables_without_rows_have_the_columns_of_those_with_some(whole_set, tmp_path):
    analysis, _ = made_files(tmp_path / "study", ODD["residents_0"])
    empty = {table.id: table for table in tables_of(analysis)}
    for name in ALL_BUT_T1:
        assert empty[name].frame.empty
        assert list(empty[name].frame) == list(whole_set[name].frame), name


@pytest.mark.parametrize(
    ("code", "count", "words"),
    [
        (250_001.0, 86, "86 of 90 median household incomes are censored"),
        (2_499.0, 10, "10 of 90 median household incomes are censored"),
        (2_499.0, 9, None),
        (250_000.0, 86, None),
    ],
)
def test_many_incomes_at_the_end_of_their_scale_are_told(code, count, words):
    tracts = some(INCOME, code, count)(made_study(TOWNS[:1]).tables["tracts"])
    told = censored_words(tracts)
    assert (told is None) == (words is None)
    if words is not None:
        assert told.startswith(words)
        assert ("over 250,000 US$" in told) == (code > 250_000)
    assert censored_words(tracts.drop(columns=INCOME)) is None
    assert censored_words(tracts.assign(**{INCOME: np.nan})) is None


def test_every_table_by_income_says_where_many_are_censored(tmp_path):
    odd = Odd({"tracts": some(INCOME, 250_001.0, 86)}, ())
    analysis, _ = made_files(tmp_path / "study", odd)
    # a regression that does not ask after income is not blunted by it
    other = Analysis(analysis.sample, replace(ASKED, terms=("nonwhite_10pct",)))
    for one, silent in ((analysis, ()), (other, REGRESSED)):
        for table in tables_of(one):
            # the first table says what was found on opening
            told = [line for line in table.notices if "are censored" in line]
            assert len(told) == (table.id not in silent), table.id


def test_what_was_found_on_opening_stands_in_the_first_table(tmp_path):
    class Opened:
        """A study whose door has something to say."""

        def __init__(self, study, notices: tuple[str, ...]) -> None:
            self.study, self.notices = study, notices

        def __getattr__(self, name: str) -> object:
            return getattr(self.study, name)

    study = write_made_study(tmp_path / "study", made_study(TOWNS[:1]))
    told = ("tracts.parquet, white_share: 3 of 90 cells hold a code for missing.",)
    analysis = Analysis(sample_of([Opened(study, told)], ASKED), ASKED)
    tables = {table.id: table for table in tables_of(analysis)}
    assert tables["T1"].notices == (f"Made towns: {told[0]}",)
    page = report_of(analysis, list(tables.values()), []).decode()
    assert f"T1: Made towns: {told[0]}" in page


def test_more_metros_than_an_hour_takes_are_refused(tmp_path, monkeypatch):
    study = write_made_study(tmp_path / "study", made_study())
    monkeypatch.setattr("aespa_core.analysis.disparity.sample.MOST_METROS", 1)
    with pytest.raises(StudyError, match=r"162 tracts of 2 metros .* 20,000 of 1 are the most"):
        sample_of([study], ASKED)
    assert sample_of([study], replace(ASKED, metros=("birch",))).metros == ("birch",)
    assert MOST_METROS == 100
