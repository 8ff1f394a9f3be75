"""The report is one file: every number, every tract, nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from aespa_core.analysis.places import places_of
from aespa_core.analysis.scenarios.answer import outcome_of
from aespa_core.analysis.scenarios.baseline import baseline_of
from aespa_core.analysis.scenarios.scenario import Amount, Budget, Scenario, Where
from aespa_core.analysis.scenarios.scenario_file import scenario_as_toml
from aespa_core.analysis.scenarios.words import headline, sentences
from aespa_core.views.scenario_exports import FILES, REPORT, outcome_file, outcome_files
from aespa_core.views.whatif_maps import change_scale, fill_by_row, scenario_maps
from tests.analysis.scenarios.made_metro import write_made_study

MEASURES = (Amount("planting", 0.5, of_limit=True), Amount("cool_roofs", 0.1))


class Tags(HTMLParser):
    """Collects tags with their attributes, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag and what it opens."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "path", "use"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Check that it closes what was opened last."""
        if tag not in ("path", "use"):
            assert self.open.pop() == tag

    def handle_data(self, data):
        """Note text."""
        self.texts.append(data)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_made_study(tmp_path_factory.mktemp("report") / "town")


def asked(budget=None):
    return Scenario("town", "gridville", Where(hottest_share=0.3), MEASURES, budget=budget)


@pytest.fixture(scope="module", params=[None, Budget(2e7)], ids=["amounts", "budget"])
def outcome(study, request):
    return outcome_of(asked(request.param), baseline_of(study, "gridville"))


@pytest.fixture(scope="module")
def report(study, outcome):
    frame = places_of(study, "gridville", outcome.run).frame
    return outcome_file(study, outcome, frame, REPORT)


def test_it_asks_for_nothing_from_elsewhere(report):
    tags = Tags(report)
    assert tags.open == []
    for tag, attributes in tags.tags:
        assert tag not in ("script", "link", "img", "iframe", "object", "embed", "base")
        for name in ("src", "href", "xlink:href", "srcset"):
            assert attributes.get(name, "#").startswith("#")
    style = re.search(r"<style>(.*?)</style>", report, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_it_says_everything(report, outcome):
    words = " ".join(Tags(report).texts)
    assert headline(outcome) in words
    for sentence in sentences(outcome):
        assert sentence in words
    assert scenario_as_toml(outcome.scenario) in words
    assert "kind: SIMULATED, no real place" in words
    assert "manifest_sha256: " in words
    for geoid in outcome.table.index:
        assert geoid in words
    assert ("The budget spent in three ways" in words) == (outcome.plan is not None)


def test_each_map_draws_every_tract_once(report, outcome):
    tags = Tags(report).tags
    shapes = [attributes["id"] for tag, attributes in tags if tag == "path"]
    assert len(shapes) == len(set(shapes)) == len(outcome.table)
    uses = [attributes["href"] for tag, attributes in tags if tag == "use"]
    assert sorted(uses) == sorted(3 * [f"#{shape}" for shape in shapes])


def test_what_is_named_strangely_stays_text(study, outcome):
    frame = places_of(study, "gridville", outcome.run).frame
    table = outcome.table.assign(why_not="<script>alert(1)</script>")
    strange = type(outcome)(**{**vars(outcome), "table": table})
    assert "<script>" not in outcome_file(study, strange, frame, REPORT)


def test_all_files_come_together(study, outcome):
    assert tuple(outcome_files(study, outcome)) == FILES


def test_before_and_after_have_one_scale_and_grey_is_no_change(outcome):
    before, after, change = scenario_maps(outcome, outcome.table.index)
    assert before.scale == after.scale
    grey = change.codes == len(change.scale.colours)
    assert (grey == (outcome.table["effect_c"] == 0).to_numpy()).all()
    edges = change_scale(change.values).edges
    assert edges[0] <= outcome.table["effect_c"].min()
    assert edges[-1] == 0


def test_the_colours_are_found_by_row(outcome):
    shown = scenario_maps(outcome, outcome.table.index)[2]
    fill = fill_by_row(shown.codes, shown.scale.colours)
    digits = re.search(r"\('(\d+)'\)\[properties\.row\]", fill)[1]
    assert [int(digit) for digit in digits] == shown.codes.tolist()
    assert len(fill) < len(shown.codes) + 300
