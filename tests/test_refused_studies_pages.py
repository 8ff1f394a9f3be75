"""A refused study: one form on every page, and one line where studies are chosen."""

import io
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from aespa_core.errors import StudyError
from aespa_core.studies import kept_examination
from aespa_core.studies.folder import open_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import examine_content as examine
from aespa_core.views.file_text import csv_text
from aespa_core.views.tables import fault_table
from dashboard import cached, refused_studies
from dashboard.error_frame import HEAD
from tests.analysis.scenarios.made_metro import write_made_study
from tests.opened_page import PAGES, open_page
from tests.test_odd_studies_pages import BROKEN, garbled_toml

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.usefixtures("nothing_shipped"),
]


@pytest.fixture
def studies(tmp_path, monkeypatch) -> Path:
    """Let the dashboard find two studies, and keep findings in a folder of their own."""
    monkeypatch.setattr(kept_examination, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(kept_examination, "_known", {})
    monkeypatch.setattr(refused_studies, "_met", {})
    folder = tmp_path / "my studies"
    monkeypatch.setenv("AESPA_STUDIES", str(folder))
    for name in ("a_town", "town"):
        write_made_study(folder / name)
    return folder


def refused_line(page: AppTest) -> list[str]:
    """Heads of the folds of the side bar that name refused studies."""
    return [fold.label for fold in page.sidebar.expander if "Refused" in fold.label]


def lost_incomes(folder: Path) -> None:
    """Write a study that opens its files and is refused for what they hold."""
    tracts = open_study(folder).read("tracts")
    tracts["median_household_income_usd"] = "plenty"
    tracts.to_parquet(folder / "tracts.parquet")
    write_manifest(folder)


@pytest.mark.parametrize("harm", [lost_incomes, *BROKEN], ids=lambda harm: harm.__name__)
def test_every_page_refuses_a_study_in_one_form(studies, harm):
    harm(studies / "a_town")
    forms = []
    for name in PAGES:
        page = open_page(name, study="a_town")
        if harm is garbled_toml:
            assert page.selectbox(key="study").value == "town"
            assert "is refused: " in page.warning[0].value
            continue
        assert page.header[0].value == HEAD
        assert not page.info
        assert not page.title
        form = (page.error[0].value, page.main.markdown[0].value)
        assert f"`aespa study validate '{studies / 'a_town'}'` tells all faults" in form[1]
        forms.append(form)
        assert refused_line(page) == [r"Refused so far: 1 of 2 studies (a_town)"]
    assert len(set(forms)) <= 1


def test_the_page_lists_what_is_at_fault(studies, monkeypatch):
    """A planner has no terminal; what the examination has found is listed and offered as a file."""
    tracts = open_study(studies / "a_town").read("tracts")
    tracts["poverty_share"] = 7.5
    tracts["white_share"] = -1.0
    tracts["population"] = "many"
    tracts.to_parquet(studies / "a_town" / "tracts.parquet")
    write_manifest(studies / "a_town")
    looked = []
    monkeypatch.setattr(
        kept_examination, "examine_content", lambda path: looked.append(path) or examine(path)
    )
    page = open_page("heat_map", study="a_town")
    found = examine(studies / "a_town").faults
    assert len(found) > 1
    (fold,) = [one for one in page.main.expander if one.label == f"All {len(found)} faults"]
    listed = fold.markdown[0].value
    assert listed.count("\n") + 1 == len(found)
    written = listed.replace("\\", "")
    assert all(f"{column}: " in written for column in ("poverty_share", "population"))
    assert [button.label for button in fold.get("download_button")] == ["All faults (CSV)"]
    assert looked == [studies / "a_town"]
    table = pd.read_csv(io.StringIO(csv_text(fault_table(found), ("why",))), comment="#")
    # a sheet would run what begins with a minus
    problems = [text.removeprefix("'-").removeprefix("-") for text in table["problem"]]
    assert problems == [fault.problem.removeprefix("-") for fault in found]
    assert table["rows_alike"].tolist() == [fault.count for fault in found]


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_shows_a_study_that_opens(studies, name):
    lost_incomes(studies / "a_town")
    page = open_page(name)
    assert not page.error
    assert page.selectbox(key="study").value == "town"


def test_nothing_is_opened_to_learn_which_are_refused(studies, monkeypatch):
    opened = []
    monkeypatch.setattr(
        cached, "open_study", lambda path: opened.append(path.name) or open_study(path)
    )
    lost_incomes(studies / "town")
    page = open_page("heat_map", study="a_town")
    assert opened == ["a_town"]
    assert refused_line(page) == []
    # what another process found is known without opening
    with pytest.raises(StudyError):
        open_study(studies / "town")
    page = open_page("heat_map", study="a_town")
    assert "town" not in opened
    assert refused_line(page) == ["Refused so far: 1 of 2 studies (town)"]
    folded = " ".join(text.value for text in page.sidebar.markdown)
    assert "median_household_income_usd" in folded


def test_a_mended_study_is_refused_no_more(studies):
    whole = (studies / "town" / "tracts.parquet").read_bytes()
    (studies / "town" / "tracts.parquet").write_bytes(b"PAR1 no more")
    assert refused_line(open_page("heat_map", study="town")) == [
        "Refused so far: 1 of 2 studies (town)"
    ]
    (studies / "town" / "tracts.parquet").write_bytes(whole)
    page = open_page("heat_map", study="town")
    assert not page.error
    assert refused_line(page) == []


def test_many_refused_studies_are_still_one_line(studies):
    for number in range(30):
        folder = studies / f"bad_*{number:02}*"
        folder.mkdir()
        (folder / "study.toml").write_text("name = [[[", "utf-8")
    page = open_page("heat_map", study="town")
    (line,) = refused_line(page)
    assert line.startswith(r"Refused so far: 30 of 32 studies (bad\_\*00\*")
    assert line.endswith("and 26 more)")
    assert not [one.value for one in page.main.warning if "bad" in one.value]
    (points,) = [text.value for text in page.sidebar.markdown]
    assert points.count("\n") == 19


def test_what_if_lists_studies_without_opening_them(studies, monkeypatch):
    def shut(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(cached, "open_study", shut)
    assert set(cached.studies_with_responses()) == {"a_town", "town"}
    for file in (studies / "town" / "responses").iterdir():
        file.unlink()
    assert set(cached.studies_with_responses()) == {"a_town"}
