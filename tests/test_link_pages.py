"""What a link asks for in vain is said at the top of the page, until the reader chooses."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from aespa_core.studies.folder import add_run, open_study
from dashboard import link_notices
from dashboard.selection import missing_page, unread
from tests.analysis.scenarios.made_metro import write_made_study
from tests.opened_page import PAGES, open_page

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.usefixtures("nothing_shipped"),
]


@pytest.fixture
def studies(tmp_path, monkeypatch) -> Path:
    """Let the dashboard find one study that every page can show."""
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    write_made_study(tmp_path / "town")
    return tmp_path


def at_top(page: AppTest) -> list[str]:
    """Notices above all that the page itself draws."""
    first = page.main.children[0]
    assert first.type == "flex_container", "a page begins with the place of its notices"
    return [one.value for one in first.children.values() if one.type == "warning"]


def aside(page: AppTest) -> list[str]:
    """Warnings anywhere in the side bar, folded or not."""
    return [one.value for one in page.sidebar.warning]


ASKED = [(name, key) for name in PAGES for key in ("study", "metro", "degrees")]
ASKED += [(name, key) for name in ("heat_map", "what_if") for key in ("run", "tract")]


@pytest.mark.parametrize(("name", "key"), ASKED)
def test_what_is_not_there_is_said_at_the_top_and_stays(studies, name, key):
    page = open_page(name, **{"study": "town", key: "no*where*"})
    (notice,) = at_top(page)
    assert notice.startswith(f"The link asks for {key} 'no\\*where\\*', which is not here: ")
    assert aside(page) == []
    # the browser runs a page again for many reasons
    assert at_top(page.run()) == [notice]
    assert page.query_params.get(key) != ["no*where*"]


def test_the_reader_who_chooses_is_told_no_more(studies):
    page = open_page("heat_map", study="town", layer="nonsense")
    assert len(at_top(page)) == 1
    other = next(option for option in page.selectbox(key="layer").options if "egetation" in option)
    page.selectbox(key="layer").select(other).run()
    assert at_top(page) == []


def test_a_link_to_a_run_is_answered_where_there_is_one(studies):
    town = open_study(studies / "town")
    (run,) = town.runs
    assert at_top(open_page("heat_map", study="town", run=run)) == []
    (notice,) = at_top(open_page("heat_map", study="town", run="nope"))
    assert notice.endswith(f"showing '{run}', the only one.")
    add_run(town, "z_other", town.read_run(run))
    (notice,) = at_top(open_page("heat_map", study="town", run="nope"))
    assert notice.endswith("showing z_other.")


def test_choices_in_a_folded_box_are_named_at_the_top(studies):
    page = open_page("disparity", study="town", terms="income_sd,wealth", errors="guess")
    terms, errors = at_top(page)
    assert "'wealth', which is not here" in terms
    assert "errors 'guess', which is not here" in errors
    assert aside(page) == []


def test_a_scenario_that_is_none_is_named_at_the_top_until_another_is_set(studies):
    page = open_page("what_if", study="town", planting="lots")
    (notice,) = at_top(page)
    assert "lots" in notice
    assert at_top(page.run()) == [notice]
    page.slider(key="hottest_share").set_value(40.0).run()
    assert at_top(page) == []


@pytest.mark.parametrize("name", ["heat_map", "disparity", "baselines"])
def test_what_no_page_reads_is_named(studies, name, made_benchmark, monkeypatch):
    monkeypatch.setenv("AESPA_BENCHMARKS", str(made_benchmark))
    (notice,) = at_top(open_page(name, nonsense="1"))
    assert notice == "The link asks for nonsense, which this page does not know."


def test_a_study_that_a_page_cannot_show_is_named_with_the_reason(studies, tiny_study):
    shutil.copytree(tiny_study.path, studies / "gridville")
    (notice,) = at_top(open_page("what_if", study="gridville"))
    assert notice.startswith("The link asks for study 'gridville': it has no curves yet")
    assert "`aespa attribute`" in notice
    (studies / "gridville" / "study.toml").write_text("name = [[[", "utf-8")
    for name in PAGES:
        (notice,) = at_top(open_page(name, study="gridville"))
        assert "is refused: " in notice
        assert "is not TOML" in notice
        assert notice.endswith("Showing town.")


@pytest.mark.parametrize(
    ("path", "base", "shown", "asked"),
    [
        ("/nopage", "", "", "nopage"),
        ("/nopage/deeper", "", "", "nopage/deeper"),
        ("/", "", "", None),
        ("", "", "", None),
        ("/what_if", "", "what_if", None),
        ("/heat/", "heat", "", None),
        ("/heat/nopage", "/heat/", "", "nopage"),
        ("/heat/what_if", "heat", "what_if", None),
    ],
)
def test_a_page_that_is_not_there(path, base, shown, asked):
    assert missing_page(path, base, shown) == asked


def test_a_page_in_vain_is_said_until_another_is_opened(monkeypatch):
    said: list[str] = []
    context = SimpleNamespace(url="http://localhost:8501/no%3Cb%3Epage")
    state: dict[str, object] = {}
    monkeypatch.setattr(
        link_notices,
        "st",
        SimpleNamespace(context=context, session_state=state, warning=said.append),
    )
    heat, other = (SimpleNamespace(url_path=p, title=t) for p, t in (("", "Heat"), ("x", "Other")))
    link_notices.unknown_page(heat, "")
    context.url = "http://localhost:8501/"
    link_notices.unknown_page(heat, "")
    assert (
        said == [r"The link asks for the page 'no\<b\>page', which is not here: showing Heat."] * 2
    )
    context.url = "http://localhost:8501/x"
    link_notices.unknown_page(other, "")
    context.url = "http://localhost:8501/"
    link_notices.unknown_page(heat, "")
    assert len(said) == 2


def test_a_page_that_checks_its_link_itself_is_left_alone():
    assert unread({"anything": "1"}, "what_if") is None
