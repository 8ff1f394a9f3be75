"""Files of tables open elsewhere, keep every digit, run no formula and depend on nothing else."""

import csv
import hashlib
import io
import json
import math
import os
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.errors import ConfigError, FileError
from aespa_core.views.result_tables.archive import zipped
from aespa_core.views.result_tables.data_files import as_json, table_csv
from aespa_core.views.result_tables.folder import FORMATS, files_of, write_files
from aespa_core.views.result_tables.kept import kept_text, table_from
from aespa_core.views.result_tables.printed import printed
from aespa_core.views.result_tables.spreadsheet import as_xlsx
from aespa_core.views.result_tables.web_page import as_html
from aespa_core.views.result_tables.word import as_docx
from tests.made_tables import FLOATS, NASTY, PROVENANCE, made_tables, nasty_table

FORMULA = ("=", "+", "-", "@", "\t", "\r")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
rows = st.tuples(texts | st.sampled_from(NASTY), st.floats(allow_nan=False, width=64))


def table_of(records: list[tuple[str, float]]) -> ResultTable:
    frame = pd.DataFrame(records, columns=["text", "number"]).astype({"text": "str"})
    return ResultTable("T1", "a\ntitle", frame, ("a note\n=1, with a second line",))


def fields_of(content: bytes) -> list[list[str]]:
    """Read CSV by Python's own reader, its comment lines left out."""
    lines = content.decode().split("\n")
    at = next(at for at, line in enumerate(lines) if not line.startswith("# "))
    return list(csv.reader(io.StringIO("\n".join(lines[at:]), newline="")))


@given(st.lists(rows, min_size=1, max_size=6))
@example(list(zip(NASTY, np.resize(FLOATS, len(NASTY)).tolist(), strict=True)))
def test_csv_round_trips_bit_for_bit(records):
    content = table_csv(table_of(records), PROVENANCE)
    heads, *back = fields_of(content)
    assert heads == ["text", "number"]
    for (text, number), (shown, digits) in zip(records, back, strict=True):
        assert shown.startswith("'") or not text.startswith(FORMULA)
        assert shown.replace("'", "") == text.replace("'", "")
        expected = "" if math.isnan(number) else number.hex()
        assert (float(digits).hex() if digits else "") == expected
    by_pandas = pd.read_csv(io.BytesIO(content), comment="#")
    np.testing.assert_array_equal(by_pandas["number"], [number for _, number in records])


def test_csv_ends_lines_as_unix_does_and_says_its_note():
    content = table_csv(table_of([("a", 1.0)]), PROVENANCE).decode()
    assert "\r" not in content
    assert "# note: a note =1, with a second line\n" in content
    assert "# table: T1. a title\n" in content
    assert f"# manifest_sha256: {PROVENANCE.manifest_sha256}\n" in content
    assert "# sources: first source | second source\n" in content


@settings(max_examples=30)
@given(st.lists(rows, min_size=1, max_size=6))
@example(list(zip(NASTY, np.resize(FLOATS, len(NASTY)).tolist(), strict=True)))
def test_xlsx_has_numbers_as_numbers_and_no_formula(records):
    book = load_workbook(io.BytesIO(as_xlsx([table_of(records)], PROVENANCE)))
    assert book.sheetnames == ["Contents", "T1", "Provenance"]
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.freeze_panes == "A2"
        assert sheet["A1"].font.bold
    sheet = book["T1"]
    for at, (text, number) in enumerate(records, start=2):
        left, right = sheet.cell(at, 1), sheet.cell(at, 2)
        if text.isprintable() and text:
            assert (left.value, left.data_type) == (text, "s")
        if math.isinf(number):
            assert right.value == str(number)
        elif math.isnan(number):
            assert right.value is None
        else:
            assert right.data_type == "n"
            assert right.value == number
    assert sheet.cell(sheet.max_row, 1).value == "a note =1, with a second line"


def test_xlsx_names_every_table_and_its_origin():
    book = load_workbook(io.BytesIO(as_xlsx(made_tables(), PROVENANCE)))
    shown = [tuple(cell.value for cell in row) for row in book["Contents"].iter_rows(min_row=2)]
    assert shown == [(t.id, t.title, len(t.frame)) for t in made_tables()]
    assert book["Contents"]["A2"].hyperlink.location == "'T3'!A1"
    origin = {row[0].value: row[1].value for row in book["Provenance"].iter_rows(min_row=2)}
    assert origin["manifest_sha256"] == PROVENANCE.manifest_sha256
    assert isinstance(book["A1"].cell(2, 4).value, bool)
    assert isinstance(book["A1"].cell(2, 3).value, int)


def test_json_keeps_every_digit_and_reads_back():
    content = json.loads(as_json(made_tables(), PROVENANCE))
    assert content["provenance"]["sources"] == list(PROVENANCE.sources)
    for entry, table in zip(content["tables"], made_tables(), strict=True):
        assert (entry["id"], entry["title"]) == (table.id, table.title)
        assert (entry["note"], entry["notices"]) == (list(table.note), list(table.notices))
        for record, (_, row) in zip(entry["records"], table.frame.iterrows(), strict=True):
            for name, value in row.items():
                if isinstance(value, float) and math.isinf(value):
                    assert record[name] == str(value)
                else:
                    assert record[name] == (None if pd.isna(value) else value)
    for entry, table in zip(
        json.loads(kept_text(made_tables(), PROVENANCE))["tables"], made_tables(), strict=True
    ):
        assert printed(table_from(entry)) == printed(table)


def test_docx_holds_what_is_printed():
    document = Document(io.BytesIO(as_docx(made_tables(), PROVENANCE)))
    for shown, table in zip(document.tables, map(printed, made_tables()), strict=True):
        head, *body = shown.rows
        assert tuple(cell.text for cell in head.cells) == table.heads
        assert "w:tblHeader" in head._tr.xml
        expected = [row for row in table.rows if row.kind != "rule"]
        for row, wanted in zip(body, expected, strict=True):
            cells = tuple(cell.text for cell in row.cells)
            # a merged cell answers at each place that it covers
            assert cells == (wanted.cells if wanted.kind == "body" else wanted.cells * len(cells))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert {line for table in made_tables() for line in printed(table).notes} <= set(said)
    assert f"manifest_sha256: {PROVENANCE.manifest_sha256}" in said
    sides = {section.page_width > section.page_height for section in document.sections}
    assert sides == {True, False}


class Cells(HTMLParser):
    """Collects captions, the cells of each table's rows, and all tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.captions: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.into: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        """Open a table, a row, a cell or a caption."""
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.into = self.tables[-1][-1]
            self.into.append("")
        if tag == "caption":
            self.into = self.captions
            self.into.append("")

    def handle_endtag(self, tag):
        """Close a cell or a caption."""
        if tag in ("td", "th", "caption"):
            self.into = None

    def handle_data(self, data):
        """Take the text of what is open."""
        if self.into is not None:
            self.into[-1] += data


def test_html_shows_what_is_printed_and_runs_nothing():
    page = as_html(made_tables(), PROVENANCE).decode()
    found = Cells()
    found.feed(page)
    for shown, table in zip(found.tables, map(printed, made_tables()), strict=True):
        body = [row.cells for row in table.rows if row.kind != "rule"]
        assert shown == [list(table.heads), *map(list, body)]
    assert found.captions == [f"{t.id}. {t.title}" for t in map(printed, made_tables())]
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "img", "link", "iframe", "b", "i"}
    heads = [attributes.get("scope") for tag, attributes in found.tags if tag == "th"]
    assert set(heads) == {"col", "row", "rowgroup"}
    # nothing is fetched: links lead to places of the page itself
    links = [a[key] for _, a in found.tags for key in ("src", "href") if key in a]
    assert links
    assert all(link.startswith("#") for link in links)
    assert "@import" not in page
    assert "url(" not in page


MAKE = (
    "import sys; from tests.made_tables import PROVENANCE, made_tables; "
    "from aespa_core.views.result_tables.folder import files_of; "
    "from aespa_core.views.result_tables.archive import zipped; import hashlib; "
    "sys.stdout.write(hashlib.sha256(zipped(files_of(made_tables(), PROVENANCE))).hexdigest())"
)


def test_the_same_tables_make_the_same_bytes():
    """In another process, at another time, with other hashes of texts."""
    done = subprocess.run(
        [sys.executable, "-c", MAKE], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )  # fmt: skip
    here = zipped(files_of(made_tables(), PROVENANCE))
    assert done.stdout == hashlib.sha256(here).hexdigest()
    with zipfile.ZipFile(io.BytesIO(here)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        for name in ("tables.xlsx", "tables.docx"):
            with zipfile.ZipFile(io.BytesIO(archive.read(name))) as document:
                assert {entry.date_time[0] for entry in document.infolist()} == {1980}
                assert document.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


def test_the_folder_appears_whole_and_takes_no_other_ones_place(tmp_path):
    out = tmp_path / "out"
    files = files_of(made_tables(), PROVENANCE)
    write_files(files, out)
    sums = dict(
        reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines()
    )
    assert sums.keys() | {"SHA256SUMS"} == {path.name for path in out.iterdir()}
    for name, digest in sums.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    write_files(files_of(made_tables(), PROVENANCE, ["csv"]), out)
    assert {path.suffix for path in out.iterdir()} == {".csv", ""}
    (out / "mine.txt").write_text("keep")
    with pytest.raises(FileError, match=r"mine\.txt"):
        write_files(files, out)
    assert (out / "mine.txt").read_text() == "keep"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_unknown_formats_and_bad_names_are_refused():
    with pytest.raises(ConfigError, match="pdf"):
        files_of(made_tables(), PROVENANCE, ["csv", "pdf"])
    assert set(FORMATS) == {"csv", "xlsx", "latex", "docx", "html", "json"}
    for name in ("../T1", "a/b", "", "tables", "contents", "T:1"):
        with pytest.raises(ValueError, match="cannot be called"):
            files_of([ResultTable(name, "", pd.DataFrame(), ())], PROVENANCE)
    with pytest.raises(ValueError, match="cannot be called"):
        files_of([nasty_table(), nasty_table()], PROVENANCE)
