"""The report is one file: every figure with its reading, nothing from elsewhere."""

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import pytest

from aespa_core.analysis.disparity.figures.bivariate import bivariate
from aespa_core.analysis.disparity.figures.concentration import concentration
from aespa_core.analysis.disparity.figures.exposure import exposure_by_group
from aespa_core.views.disparity_figures import drawn
from aespa_core.views.disparity_report import report
from tests.made_two_metros import made_analysis

TABLE = '<section id="T1"><table><caption>T1. Made</caption></table></section>'
ORIGIN = ("source: https://example.org/tracts", "code_version: 1 <b>")
ATTACK = "</script><script>alert(1)</script>"


class Tags(HTMLParser):
    """Collects tags with their attributes; a script's text is no tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Note text."""
        self.texts.append(data)


@pytest.fixture(scope="module")
def figures():
    analysis = made_analysis()
    part = next(part for part in analysis.metros if part.id == "seattle")
    made = [
        figure(analysis, part, "predicted_day")
        for figure in (exposure_by_group, concentration, bivariate)
    ]
    frame = made[0].frame.assign(group=made[0].frame["group"].replace("Second", ATTACK))
    made[0] = replace(made[0], frame=frame, title=f"{made[0].title} {ATTACK}")
    return [drawn(one, part.sample.geometry) for one in made]


@pytest.fixture(scope="module")
def page(figures):
    return report("Heat & people", [TABLE], figures, ORIGIN, ["Night: nowhere."]).decode()


def test_it_asks_for_nothing_from_elsewhere(page):
    tags = Tags(page).tags
    for tag, attributes in tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        for name in ("src", "href", "xlink:href", "srcset", "data", "action"):
            assert (attributes.get(name) or "#").startswith("#")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(a["content"] for tag, a in tags if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_plotly_comes_once_and_each_chart_after_it(page):
    assert page.count("plotly.js v") == 1
    assert page.count("Plotly.newPlot(") == page.count('class="plotly-graph-div"') == 2
    assert page.index("plotly.js v") < page.index("Plotly.newPlot(")
    assert 'id="figure-1"' in page
    assert 'id="figure-2"' in page


def test_without_charts_there_is_no_script(figures):
    page = report("Maps", [], figures[2:], ORIGIN)
    assert b"<script" not in page
    assert b"<h2>Tables</h2>" not in page


def test_it_says_everything(page, figures):
    for one in figures:
        assert escape(one.data.reading) in page
        for caution in one.data.cautions:
            assert escape(caution) in page
    assert TABLE in page
    assert "Night: nowhere." in page
    assert "<h1>Heat &amp; people</h1>" in page
    for line in ORIGIN:
        assert escape(line) in page


def test_what_is_named_strangely_stays_text(page):
    assert ATTACK not in page
    # plotly's code, and one script a chart
    assert sum(tag == "script" for tag, _ in Tags(page).tags) == 3


def test_two_maps_of_a_page_need_their_own_shapes(figures):
    analysis = made_analysis()
    maps = [
        drawn(bivariate(analysis, part, "observed_day"), part.sample.geometry, f"{part.id}-")
        for part in analysis.metros
    ]
    tags = Tags(report("Maps", [], maps, ORIGIN).decode()).tags
    shapes = [attributes["id"] for tag, attributes in tags if tag == "path"]
    assert len(set(shapes)) == len(shapes) == 288
    uses = [attributes["href"] for tag, attributes in tags if tag == "use"]
    assert sorted(uses) == sorted(f"#{shape}" for shape in shapes)
