"""Odd studies on every page: what is missing is said, a broken one is named, none is a traceback.

A defect of the program would be an exception of the page here: the frame raises it again.
"""

import json
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from aespa_core.errors import StudyError
from aespa_core.studies.faults import Notice
from aespa_core.studies.folder import StudyInfo, open_study, write_study
from dashboard.error_frame import HEAD
from tests.analysis.scenarios.made_metro import write_made_study
from tests.tiny_study import METRO, tiny_tables, write_tiny_study

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.usefixtures("nothing_shipped"),
]
Tables = dict[str, pd.DataFrame]
NONSENSE = re.compile(r"\bnan\b|\binf\b|NaT|<NA>|[-−]0\.0+\b|\b1 (estimated|observed) tracts")
PAGES = ("heat_map", "disparity", "what_if", "baselines")


def no_day_temperature(tables: Tables) -> None:
    tables["temperature"] = tables["temperature"].rename(columns={"lst_day_c": "lst_night_c"})


def no_temperature(tables: Tables) -> None:
    del tables["temperature"]


def tracts_alone(tables: Tables) -> None:
    del tables["temperature"], tables["proxies"]


def only_ids(tables: Tables) -> None:
    tracts_alone(tables)
    tables["tracts"] = tables["tracts"][["geoid", "metro", "geometry"]]


def only_air(tables: Tables) -> None:
    """Leave temperature of the air, which is no surface."""
    tracts_alone(tables)
    tables["weather"] = pd.DataFrame({"metro": [METRO], "hour": [0], "temperature_c": [21.0]})


def a_border_missing(tables: Tables) -> None:
    tables["tracts"].loc[3, "geometry"] = None


def no_border(tables: Tables) -> None:
    tables["tracts"]["geometry"] = gpd.GeoSeries([None] * len(tables["tracts"]), crs="EPSG:4326")


def one_tract(tables: Tables) -> None:
    for name, table in tables.items():
        tables[name] = table.iloc[:1].reset_index(drop=True)


def nothing_measured(tables: Tables) -> None:
    tables["temperature"]["lst_day_c"] = np.nan
    tables["proxies"][["ndvi", "canopy"]] = np.nan


def a_metro_without_values(tables: Tables) -> None:
    elsewhere = tables["tracts"]["geoid"].isin(tables["tracts"]["geoid"][:40])
    tables["tracts"].loc[elsewhere, "metro"] = "empty"
    lost = tables["temperature"]["geoid"].isin(tables["tracts"]["geoid"][:40])
    tables["temperature"].loc[lost, "lst_day_c"] = np.nan


def columns_of_that_name(tables: Tables) -> None:
    """Name columns as the pages call what they make themselves."""
    tables["tracts"] = tables["tracts"].assign(
        observed_c=1.0, anomaly_c=2.0, ndvi=0.5, width90_c=3.0, residual_c=4.0, metro_name="x"
    )


def many_metros(tables: Tables) -> None:
    """Make metros of a few tracts each, and one of a single one."""
    names = [f"m{place % 12:02}" for place in range(len(tables["tracts"]))]
    tables["tracts"]["metro"] = ["empty", *names[1:]]


ODD: tuple[Callable[[Tables], None], ...] = (
    no_day_temperature, no_temperature, tracts_alone, only_ids, only_air, a_border_missing,
    no_border, one_tract, nothing_measured, a_metro_without_values, columns_of_that_name,
    many_metros,
)  # fmt: skip


def write_odd(folder: Path, change: Callable[[Tables], None], *, estimated: bool) -> None:
    """Write the small town with one thing odd."""
    tables, estimates = tiny_tables()
    change(tables)
    info = StudyInfo(name="Odd", kind="simulated", vintage="x", licences=("x",), sources=("x",))
    rows = estimates[estimates["geoid"].isin(tables["tracts"]["geoid"])]
    if (tables["tracts"]["metro"] == "empty").any():
        rows = rows[rows["geoid"].isin(tables["tracts"]["geoid"][40:])]
    runs = {"tract_model": {"estimates": rows}} if estimated else {}
    # one that is refused is written all the same: pages then say why
    with suppress(StudyError):
        write_study(folder, info, tables, runs=runs)


def open_page(name: str, **query: str) -> AppTest:
    """Run one page with parameters in its link; the first of its tabs is open."""
    page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def said(page: AppTest) -> str:
    """Join all that a page says."""
    kinds = (page.title, page.header, page.error, page.warning, page.info, page.caption)
    return " ".join(element.value for kind in (*kinds, page.markdown) for element in kind)


@pytest.mark.parametrize("estimated", [False, True], ids=["measured", "estimated"])
@pytest.mark.parametrize("change", ODD, ids=lambda change: change.__name__)
@pytest.mark.parametrize("name", ["heat_map", "disparity"])
def test_an_odd_study_is_shown_or_said(name, change, estimated, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    write_odd(tmp_path / "odd", change, estimated=estimated)
    queries = [{}]
    if name == "heat_map":
        queries = [{"tract": "01001020100"}, {"metro": "empty"}, {}]
    for query in queries:
        page = open_page(name, study="odd", **query)
        assert not page.exception, page.exception[0].value
        assert page.title or page.header
        assert not NONSENSE.search(said(page))


@pytest.mark.parametrize("name", ["heat_map", "disparity"])
def test_a_metro_of_one_tract_is_said_in_plain_words(name, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    write_odd(tmp_path / "odd", many_metros, estimated=False)
    page = open_page(name, study="odd", metro="empty")
    assert not page.exception
    if name == "heat_map":
        assert page.title[0].value.startswith("In simulated Empty a single tract is observed, so ")
    else:
        assert page.info[0].value.startswith("Nothing can be compared in Empty: it takes 30 tracts")
        assert "Empty observed by day (1 tract)" in page.info[0].value


def odd_scenario(folder: Path, change: str) -> None:
    """Write a small town with curves, with one thing odd."""
    town = write_made_study(folder)
    tables = {name: town.read(name) for name in town.tables}
    runs = {run: {name: town.read_run(run, name) for name in town.run_tables(run)}
            for run in town.runs}  # fmt: skip
    few = {"one_tract": 1, "two_tracts": 2}.get(change, 144)
    kept = tables["tracts"]["geoid"][:few]
    for own in (tables, *runs.values()):
        for name, table in own.items():
            own[name] = table[table["geoid"].isin(kept)].reset_index(drop=True)
    if change == "no_proxies":
        del tables["proxies"]
    if change == "only_ids":
        tables["tracts"] = tables["tracts"][["geoid", "metro", "geometry"]]
    if change == "nobody":
        tables["tracts"] = tables["tracts"].assign(population=0, white_population=0)
    shutil.rmtree(folder)
    info = replace(town.info, name="N" * 200, notes=("note " * 1000,), sources=("s" * 5000,))
    write_study(folder, info, tables, runs=runs)


@pytest.mark.parametrize(
    "change", ["one_tract", "two_tracts", "no_proxies", "only_ids", "nobody", "long_words"]
)
@pytest.mark.parametrize("name", PAGES[:3])
def test_an_odd_study_with_curves_is_shown_or_said(name, change, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    odd_scenario(tmp_path / "odd", change)
    for query in ({}, {"tract": "01001020100"}) if name != "disparity" else ({},):
        page = open_page(name, study="odd", **query)
        assert not page.exception
        assert not page.error
        assert page.title
        assert not NONSENSE.search(said(page))


def test_what_cannot_be_mapped_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    write_odd(tmp_path / "odd", tracts_alone, estimated=False)
    page = open_page("heat_map", study="odd")
    assert page.header[0].value == HEAD
    assert "Nothing is known of the tracts of 'gridville'" in page.error[0].value


def test_without_a_day_temperature_proxies_are_still_on_the_map(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    write_odd(tmp_path / "odd", no_day_temperature, estimated=False)
    page = open_page("heat_map", study="odd")
    assert not page.error
    assert page.title[0].value == "How hot it is in simulated Gridville is not known"
    assert "Vegetation" in page.selectbox(key="layer").options
    assert page.get("deck_gl_json_chart")


def garbled_table(folder: Path) -> None:
    (folder / "tracts.parquet").write_bytes(b"PAR1 but not really PAR1")


def edited_manifest(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    text = json.dumps(manifest).replace("tracts.parquet", "tracks.parquet")
    (folder / "manifest.json").write_text(text, "utf-8")


def no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def lost_table(folder: Path) -> None:
    (folder / "tracts.parquet").unlink()


def garbled_toml(folder: Path) -> None:
    (folder / "study.toml").write_text("name = [[[", "utf-8")


BROKEN = (garbled_table, edited_manifest, no_manifest, lost_table, garbled_toml)


@pytest.mark.parametrize("harm", BROKEN, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("name", ["heat_map", "disparity"])
def test_one_broken_study_harms_no_other(name, harm, tiny_study, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    shutil.copytree(tiny_study.path, tmp_path / "good")
    broken = write_tiny_study(tmp_path / "broken").path
    harm(broken)
    good = open_page(name, study="good")
    assert not good.exception
    assert not good.error
    assert "idville" in good.title[0].value
    bad = open_page(name, study="broken")
    assert not bad.exception
    # named, and the others stay to choose from
    assert "broken" in said(bad)
    assert any("ridville" in option for option in bad.selectbox(key="study").options)


@pytest.mark.parametrize("harm", BROKEN, ids=lambda harm: harm.__name__)
def test_one_broken_study_harms_no_scenario(harm, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    write_made_study(tmp_path / "good")
    harm(write_made_study(tmp_path / "broken").path)
    good = open_page("what_if", study="good")
    assert not good.exception
    assert not good.error
    assert "would cool" in good.title[0].value
    bad = open_page("what_if", study="broken")
    assert not bad.exception
    assert "broken" in said(bad)
    assert bad.selectbox(key="study").options


CODES = Notice("tracts.parquet", "income", "12 incomes of **tracts** are -666666666", 12)
MORE = Notice("cover.parquet", None, "3 more are :red[odd]", 3)


@pytest.mark.parametrize("count", [1, 2, 400])
@pytest.mark.parametrize("name", PAGES[:3])
def test_notices_of_a_study_are_one_line_and_a_table(name, count, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    study = write_made_study(tmp_path / "town")
    notices = (CODES, *[MORE] * (count - 1))
    monkeypatch.setattr(
        "dashboard.cached.open_study", lambda path: replace(open_study(path), notices=notices)
    )
    queries = [{}, {"tract": study.read("tracts")["geoid"][3]}] if name == "heat_map" else [{}]
    for query in queries:
        page = open_page(name, study="town", **query)
        assert not page.exception
        first = r"tracts.parquet, income: 12 incomes of \*\*tracts\*\* are -666666666"
        lines = [one for one in page.expander if one.label.startswith("Read with care")]
        if count == 1:
            assert f"Read with care: {first}" in [box.value for box in page.info]
            assert not lines
            continue
        (line,) = lines
        assert f"{count} things in this study's tables" in line.label
        assert line.label.endswith(f"The first: {first}")
        (table,) = line.dataframe
        assert table.value["Rows"].tolist() == [12, *[3] * (count - 1)]
        assert line.get("download_button")[0].label == "Notices (CSV)"
        # nothing of it stands on the page otherwise
        assert "odd" not in said(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_any_sound_study_opens(name, tmp_path, monkeypatch):
    """A page whose data is nothing but broken studies still opens."""
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    broken = write_tiny_study(tmp_path / "broken").path
    garbled_toml(broken)
    page = open_page(name)
    assert not page.exception
    if name != "baselines":
        assert "Study 'broken' is refused" in said(page)
