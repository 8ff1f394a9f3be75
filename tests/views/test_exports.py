"""Files open elsewhere, keep every digit, carry their origin and run no formula."""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace

import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.places import places_of
from aespa_core.studies.faults import Notice
from aespa_core.views.exports import as_csv, as_geopackage, as_latex, provenance_of
from aespa_core.views.result_tables.data_files import table_csv
from aespa_core.views.result_tables.kept import kept_text, read_kept
from aespa_core.views.result_tables.latex import table_latex
from tests.conftest import missing


@pytest.fixture(scope="module")
def provenance(tiny_study):
    return provenance_of(tiny_study, "a test")


def test_csv_keeps_full_precision_and_its_origin(provenance):
    table = pd.DataFrame({"geoid": ["01001020100", "01001020101"], "value_c": [1 / 3, np.nan]})
    content = as_csv(table, provenance)
    back = pd.read_csv(io.BytesIO(content), comment="#", dtype={"geoid": str})
    pd.testing.assert_frame_equal(back, table, check_exact=True)
    head = content.decode().splitlines()
    assert any(line.startswith("# manifest_sha256: ") for line in head)
    assert any("SIMULATED" in line for line in head)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=8))
def test_no_text_cell_starts_a_formula(provenance, cells):
    table = pd.DataFrame({"=a": pd.Series(cells, dtype="str"), "number": -1.0})
    head = "".join(f"# {line}\n" for line in provenance.lines())
    content = as_csv(table, provenance).decode().removeprefix(head)
    heads, *rows = csv.reader(io.StringIO(content, newline=""))
    assert heads == ["'=a", "number"]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text, _ in rows)
    assert [text.replace("'", "") for text, _ in rows] == [text.replace("'", "") for text in cells]
    assert {number for _, number in rows} == {"-1.0"}


LINK = '=HYPERLINK("http://outside.example/","x")'


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "text",
    [f"Census,{LINK}", f"Census; {LINK}", f'Census,"{LINK}', "a ;+1", f"\uff1d{LINK}", "\u200b=1",
     ' "=1', "x;=1", "x\n=1", "x;\u200b \uff1d1", "\ufeff@x", "a|b", LINK],
)  # fmt: skip
def test_no_line_of_a_csv_has_a_formula_wherever_a_country_splits_it(provenance, text, separator):
    """Excel splits comment lines, too, and in many countries at semicolons."""
    origin = replace(provenance, sources=("First", text), licences=(text,))
    content = as_csv(pd.DataFrame({"text": ["a", text], "number": 1.0}), origin, [text]).decode()
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
        for cell in row:
            seen = re.sub(r'^[\u200b\ufeff"\s]+', "", cell)
            assert not seen.startswith(("=", "+", "-", "@", "\uff1d")), cell
    back = pd.read_csv(io.StringIO(content), comment="#")
    assert back["text"].tolist()[0] == "a"
    assert back["text"].tolist()[1].replace("'", "") == text


def test_text_that_no_spreadsheet_runs_stays_as_it_is(provenance):
    texts = ["a-b", "it's 1+1", "St. Paul; west", "poverty -0.5", "'=1"]
    back = pd.read_csv(io.BytesIO(as_csv(pd.DataFrame({"text": texts}), provenance)), comment="#")
    assert back["text"].tolist() == texts


def test_a_comment_sign_and_a_category_stay_text(provenance):
    table = pd.DataFrame({"text": ["#1", "a # b", "=1"]}).astype("category")
    back = pd.read_csv(io.BytesIO(as_csv(table, provenance)), comment="#")
    assert back["text"].tolist() == ["#1", "a # b", "'=1"]


def test_geopackage_opens_and_names_its_source(tiny_study, provenance, tmp_path):
    frame = places_of(tiny_study, "gridville").frame
    path = tmp_path / "tracts.gpkg"
    path.write_bytes(as_geopackage(frame, provenance))
    back = pyogrio.read_dataframe(path)
    assert len(back) == len(frame)
    assert back.crs.to_epsg() == 4326
    np.testing.assert_array_equal(back["anomaly_c"], frame["anomaly_c"])
    with sqlite3.connect(path) as connection:
        metadata = connection.execute("select metadata from gpkg_metadata").fetchall()
    assert provenance.manifest_sha256 in str(metadata)


def test_latex_compiles(provenance, tmp_path):
    table = pd.DataFrame({"covariate": ["income_sd & 10 %", "a_b"], "estimate_c": [-1.5, np.nan]})
    compiler = shutil.which("pdflatex") or shutil.which("tectonic")
    if compiler is None:
        missing("no LaTeX compiler: install your system's `texlive-latex-base` package")
    body = as_latex(table, "Who bears it, °C & more", provenance).decode()
    source = tmp_path / "table.tex"
    source.write_text(
        "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n"
        + body
        + "\\end{document}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [compiler, "-interaction=nonstopmode", "-halt-on-error", source.name],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "table.pdf").is_file()


def test_every_file_says_what_was_repaired_or_counted(tiny_study, tmp_path):
    """A study's notices go with each download; where they stand already they come once."""
    words = "temperature.parquet, lst_day_c: 3 of 144 values are doubtful"
    noticed = replace(
        tiny_study,
        notices=(Notice("temperature.parquet", "lst_day_c", "3 of 144 values are doubtful", 3),),
    )
    origin = provenance_of(noticed, "a test")
    assert origin.notices == (words,)
    assert not any(words in line for line in origin.source_lines())
    table = pd.DataFrame({"value_c": [1.0]})
    assert as_csv(table, origin).decode().count(f"# notice: {words}\n") == 1
    assert as_latex(table, "A caption", origin).decode().count(f"% notice: {words}\n") == 1
    path = tmp_path / "tracts.gpkg"
    path.write_bytes(as_geopackage(places_of(noticed, "gridville").frame, origin))
    with sqlite3.connect(path) as connection:
        assert words in str(connection.execute("select metadata from gpkg_metadata").fetchall())
    # a table of results that has the notice itself says it once
    result = ResultTable("T1", "A title", table, (), (words,))
    assert table_csv(result, origin).decode().count(words) == 1
    assert table_latex(replace(result, notices=()), origin).decode().count("3 of 144 values") == 1


def test_kept_tables_without_notices_still_read(tiny_study, tmp_path):
    content = json.loads(kept_text((), provenance_of(tiny_study, "a test")))
    content["provenance"].pop("notices")
    path = tmp_path / "tables.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_kept(path).provenance.notices == ()
