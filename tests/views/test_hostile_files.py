"""Files of a study full of hostile text: they hold it as text and fetch nothing."""

import io
import json
import sqlite3
import tomllib
import zipfile
from html.parser import HTMLParser

import pandas as pd
import pytest

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.run import TABLES, figures_of
from aespa_core.analysis.disparity.sample import sample_of
from aespa_core.analysis.disparity.specification import Specification
from aespa_core.analysis.places import places_of
from aespa_core.analysis.scenarios.answer import outcome_of
from aespa_core.analysis.scenarios.baseline import baseline_of
from aespa_core.analysis.scenarios.scenario import Amount, Scenario, Where
from aespa_core.views.disparity_files import analysis_files, report_of
from aespa_core.views.exports import as_csv, as_geopackage, as_latex, provenance_of
from aespa_core.views.scenario_exports import FILES, OUTCOME, REPORT, SCENARIO, outcome_files
from tests.analysis.scenarios.made_metro import write_made_study
from tests.hostile import ALL, OUTSIDE, TEXTS, make_hostile
from tests.tiny_study import METRO


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Write the hostile town."""
    folder = tmp_path_factory.mktemp("hostile") / "town"
    write_made_study(folder)
    return make_hostile(folder)


class Fetched(HTMLParser):
    """What a page of HTML would fetch, link to or run, and its text; scripts' texts apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wants, self.text, self.within = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note what a tag wants."""
        self.within.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "background", "poster", "data", "action"):
                self.wants.append((tag, name, value))
            if name.startswith("on") or (name == "href" and not value.startswith("#")):
                self.wants.append((tag, name, value))

    def handle_endtag(self, tag):
        """Leave a tag."""
        while tag in self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        """Note text that is seen."""
        if not {"script", "style"} & set(self.within):
            self.text.append(data)


def shows(html: str) -> None:
    """Check that a page shows every text and wants nothing of it."""
    page = Fetched(html)
    assert page.wants == []
    seen = " ".join(page.text)
    for text in TEXTS:
        assert text in seen


@pytest.fixture(scope="module")
def outcome(town):
    """Answer a scenario of a hostile urban area."""
    where = Where(urban_areas=(TEXTS[1],))
    scenario = Scenario("town", METRO, where, (Amount("planting", 0.5, of_limit=True),))
    return outcome_of(scenario, baseline_of(town, METRO))


def test_files_of_a_scenario(town, outcome):
    files = outcome_files(town, outcome)
    assert set(files) == set(FILES)
    shows(files[REPORT])
    assert tomllib.loads(files[SCENARIO])["where"]["urban_areas"] == [TEXTS[1]]
    assert json.loads(files[OUTCOME])["provenance"]["sources"] == list(TEXTS)


def test_files_of_an_analysis(town):
    asked = Specification(studies=("town",), metros=(METRO,))
    analysis = Analysis(sample_of([town], asked), asked)
    tables = {name: TABLES[name](analysis) for name in ("T1", "T2", "T8", "T10")}
    files = {file.name: file.content for file in analysis_files(analysis, list(tables.values()))}
    shows(next(c for n, c in files.items() if n.endswith(".html")).decode())
    word = next(content for name, content in files.items() if name.endswith(".docx"))
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        links = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
    assert not [text for text in links if OUTSIDE in text]
    figures = figures_of(analysis, analysis.whole, "observed_day", tables)
    html = report_of(analysis, tuple(tables.values()), [(analysis.whole, figures)]).decode()
    shows(html)
    # the provenance reaches no script
    assert "<img src=x" not in html


def test_files_of_a_map(town):
    provenance = provenance_of(town, f"Tracts of {ALL}")
    places = places_of(town, METRO)
    text = as_csv(pd.DataFrame({ALL: [TEXTS[0]]}), provenance).decode()
    rows = [line for line in text.splitlines() if not line.startswith("# ")]
    assert len(rows) == 2
    assert pd.read_csv(io.StringIO(text), comment="#").shape == (1, 1)
    latex = as_latex(pd.DataFrame({"x": [ALL]}), ALL, provenance).decode()
    body = "".join(line for line in latex.splitlines() if not line.startswith("%"))
    assert r"\$x\$" in body
    package = as_geopackage(places.frame, provenance)
    with sqlite3.connect(":memory:") as connection:
        connection.deserialize(package)
        (areas,) = zip(*connection.execute("select distinct urban_area from tracts"), strict=True)
    assert set(areas) == set(TEXTS)
