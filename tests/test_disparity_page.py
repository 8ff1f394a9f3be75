"""The Disparity page: blocks, choices in the link, the file that makes the same tables again."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from aespa_core.analysis.disparity.result_table import BY_METRO, ResultTable
from aespa_core.analysis.disparity.run import TABLES
from aespa_core.analysis.disparity.specification import Errors, Specification
from aespa_core.analysis.disparity.specification_file import read_specification
from aespa_core.errors import ArtifactError
from aespa_core.views.exports import provenance_of
from aespa_core.views.result_tables.kept import kept_text, read_kept

ROOT = Path(__file__).resolve().parents[1]
EXPOSURE, ASSOCIATION, SPACE, FILES, SHIPPED = (
    "Who bears how much",
    "What goes with heat",
    "Neighbours",
    "Files",
    "Eight real metros",
)


@pytest.fixture
def my_studies(tiny_study, monkeypatch):
    """Let the dashboard find the small town."""
    monkeypatch.setenv("AESPA_STUDIES", str(tiny_study.path.parent))
    return tiny_study


def open_block(block: str, **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "disparity.py"), default_timeout=90)
    for key, value in query.items():
        page.query_params[key] = value
    page.session_state["blocks"] = block
    return page.run()


def tables_on(page):
    """Ids of the tables that a page shows."""
    labels = [fold.label for fold in page.expander]
    return [label.split("**")[1] for label in labels if label.startswith("**")]


@pytest.mark.parametrize(
    ("block", "tables", "charts"),
    [
        (EXPOSURE, ["T2", "T6", "T7", "A1", "T1"], 3),
        (ASSOCIATION, ["T3", "T8", "T9", "T10"], 2),
        (SPACE, ["T4", "T5"], 1),
    ],
)
def test_a_block_shows_its_charts_and_tables(my_studies, block, tables, charts):
    page = open_block(block, study="gridville")
    assert not page.exception
    assert tables_on(page) == tables
    assert len(page.get("plotly_chart")) == charts
    # the small town was made with richer people under more trees
    assert "poorest fifth of residents live" in page.title[0].value
    assert "warmer" in page.title[0].value


def test_space_has_two_maps_with_a_table_beside_each(my_studies):
    page = open_block(SPACE, study="gridville")
    assert len(page.get("deck_gl_json_chart")) == 2
    assert sum(fold.label.startswith("The same as a table") for fold in page.expander) == 2


def test_the_link_holds_every_choice(my_studies):
    link = {
        "study": "gridville",
        "terms": "poverty_10pct",
        "controls": "log_density,over_64_10pct",
        "effects": "metro",
        "weights": "none",
        "errors": "conley",
        "cutoff": "2",
        "kernel": "uniform",
        "neighbours": "rook",
    }
    page = open_block(ASSOCIATION, **link)
    assert not page.exception
    assert {key: page.query_params[key] for key in link} == link
    text = " ".join(str(entry.proto) for entry in page.get("html"))
    assert "Conley standard errors, uniform kernel in distance, cutoff 2 km" in text
    assert "Poverty" in text


def test_a_link_to_what_is_not_there_is_named(my_studies):
    page = open_block(EXPOSURE, study="gridville", terms="income_sd,wealth", errors="guess")
    said = " ".join(box.value for box in page.warning)
    assert "'wealth', which is not here" in said
    assert "errors 'guess', which is not here" in said
    assert not page.exception


def test_the_specification_that_is_offered_is_the_one_on_the_page(my_studies, tmp_path):
    page = open_block(FILES, study="gridville", errors="HC1", effects="metro")
    assert not page.exception
    assert "aespa disparity --spec specification.toml" in page.code[0].value
    asked = Specification(
        studies=("gridville",), metros=("gridville",), fixed_effects="metro", errors=Errors("HC1")
    )
    path = tmp_path / "specification.toml"
    path.write_text(page.code[1].value, encoding="utf-8")
    assert read_specification(path) == asked


def test_tables_that_ship_are_shown_and_labelled(my_studies, tmp_path, monkeypatch):
    page = open_block(SHIPPED, study="gridville")
    assert not page.exception
    assert tables_on(page) == list(TABLES)
    assert "Eight real US metros" in page.info[0].value
    said = " ".join(text.value for text in page.markdown)
    assert "In 4 of 4 metros the poorest fifth of residents live warmer" in said
    assert "not clearly in Dallas" in said
    assert len(page.get("plotly_chart")) == 3
    monkeypatch.setattr("dashboard.cached.SHIPPED", tmp_path / "none.json")
    page = open_block(SHIPPED, study="gridville")
    assert "aespa atlas disparity" in page.info[0].value


def test_kept_tables_are_the_tables_to_the_last_bit(tmp_path, my_studies):
    frame = pd.DataFrame(
        {
            "metro": ["seattle", None, "miami"],
            "estimate": [0.1 + 0.2, float("nan"), float("inf")],
            "n": [1, 2, 3],
        }
    )
    table = ResultTable("T8", "A title", frame, ("A note.",), ("A notice.",), BY_METRO, ("metro",))
    path = tmp_path / "tables.json"
    path.write_text(kept_text([table], provenance_of(my_studies, "a test")), encoding="utf-8")
    kept = read_kept(path)
    found = kept.table("T8")
    pd.testing.assert_frame_equal(found.frame, frame.astype({"metro": "str"}), check_exact=True)
    assert replace(found, frame=frame) == replace(table, frame=frame)
    assert kept.provenance == provenance_of(my_studies, "a test")
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ArtifactError, match="holds no tables"):
        read_kept(path)


def test_what_ships_is_whole():
    kept = read_kept(ROOT / "assets/atlas/disparity/tables.json")
    assert [table.id for table in kept.tables] == list(TABLES)
    rows = kept.table("T2").frame
    gaps = rows[
        (rows["group"] == "Poorest minus richest fifth") & (rows["outcome"] == "Observed by day")
    ]
    # published for US metros: the poorer live hotter (Hsu et al. 2021; Benz & Burney 2021)
    assert set(gaps["metro"]) == {"minneapolis", "seattle", "st_louis", "washington"}
    assert (gaps["low95"] > 0).all()
