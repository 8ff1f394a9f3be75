"""Charts and maps of disparities: what is drawn, in which colours and words, on which page."""

import itertools
import json

import numpy as np
import plotly.graph_objects as go
import pytest

from aespa_core.analysis.disparity.figures.bivariate import CLASSES, POOR_AND_HOT, bivariate
from aespa_core.analysis.disparity.figures.choices import CHOICES, choices
from aespa_core.analysis.disparity.figures.clusters import clusters
from aespa_core.analysis.disparity.figures.concentration import concentration
from aespa_core.analysis.disparity.figures.exposure import DIVISION_LABELS, exposure_by_group
from aespa_core.analysis.disparity.figures.forest import forest
from aespa_core.analysis.disparity.figures.likeness import QUADRANTS, likeness
from aespa_core.analysis.disparity.outcomes import OUTCOMES
from aespa_core.analysis.disparity.tables.by_metro import by_metro
from aespa_core.analysis.disparity.tables.robustness import robustness
from aespa_core.errors import StudyError
from aespa_core.views.disparity_charts import SERIES, SYMBOLS
from aespa_core.views.disparity_figures import CHARTS, MAPS, drawn
from aespa_core.views.disparity_maps import (
    COLOURS,
    NAMES,
    class_deck,
    class_map,
    class_map_file,
    class_svg,
    legend_of,
)
from aespa_core.views.maps import view_of
from aespa_core.views.svg_maps import GREY
from tests.made_two_metros import made_analysis

INCOME = "median_household_income_usd"
PAGES = {"light": (255, 255, 255), "dark": (0x17, 0x17, 0x1A)}
# Machado, Oliveira & Fernandes 2009, severity 1, of linear RGB
EYES = {
    "all cones": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                 [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


@pytest.fixture(scope="module")
def analysis():
    made = made_analysis()
    income = made.sample.tracts[INCOME].to_numpy().copy()
    seattle = np.flatnonzero(made.sample.tracts["metro"] == "seattle")
    income[seattle[3]] = np.nan
    return made_analysis(**{INCOME: income})


@pytest.fixture(scope="module")
def part(analysis):
    return next(part for part in analysis.metros if part.id == "seattle")


@pytest.fixture(scope="module")
def figures(analysis, part):
    outcomes = ("observed_day", "predicted_day")
    made = [
        forest(by_metro(analysis).frame, "income_sd", outcomes),
        choices(analysis, part, "observed_day", "income_sd", robustness(analysis).frame),
        *(
            figure(analysis, part, "observed_day")
            for figure in (exposure_by_group, concentration, likeness, bivariate, clusters)
        ),
    ]
    return {figure.id: figure for figure in made}


def linear(colour):
    channel = np.asarray(colour, float) / 255
    return np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)


def lab(light):
    xyz = (
        light
        @ np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]).T
        / [0.9505, 1, 1.089]
    )
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1
    )


def rgb(css):
    return tuple(int(css[at : at + 2], 16) for at in (1, 3, 5))


def contrast(one, other):
    low, high = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_seven_figures_are_drawn(figures, part):
    assert set(figures) == {*CHARTS, *MAPS}
    for one in figures.values():
        picture = drawn(one, part.sample.geometry).picture
        assert isinstance(picture, go.Figure) == (one.id in CHARTS)


@pytest.mark.parametrize("chart", CHARTS)
def test_titles_and_axes_say_what_is_shown_in_which_unit(figures, chart):
    figure = CHARTS[chart](figures[chart])
    title = figure.layout.title.text.replace("<br>", " ")
    assert title == figures[chart].title
    words = [
        (axis.title.text or "").replace("<br>", " ")
        for axis in (*figure.select_xaxes(), *figure.select_yaxes())
    ]
    units = ("°C", "%", "standard deviations")
    assert any(figures[chart].axis in one for one in words)
    assert title.endswith(units)
    # nothing of the page's theme is overruled
    assert figure.layout.paper_bgcolor is None
    assert figure.layout.font.color is None


def test_the_forest_has_a_symbol_an_outcome_and_a_row_a_metro(figures):
    figure = CHARTS["forest"](figures["forest"])
    assert [trace.name for trace in figure.data] == ["Observed by day", "Predicted by day"]
    assert len({trace.marker.symbol for trace in figure.data}) == 2
    assert list(figure.layout.yaxis.ticktext) == list(dict.fromkeys(figures["forest"].frame.metro))
    for trace in figure.data:
        rows = figures["forest"].frame.query("outcome == @trace.name")
        assert np.add(trace.x, trace.error_x.array) == pytest.approx(rows["high95"])
        assert np.subtract(trace.x, trace.error_x.arrayminus) == pytest.approx(rows["low95"])
    assert set(SYMBOLS) == {outcome.label for outcome in OUTCOMES.values()}


@pytest.mark.parametrize("division", DIVISION_LABELS)
def test_groups_differ_in_dash_and_colour(analysis, part, division):
    data = exposure_by_group(analysis, part, "observed_day", division)
    figure = CHARTS["exposure"](data)
    lines = [trace.line for trace in figure.data]
    assert [trace.name for trace in figure.data] == list(dict.fromkeys(data.frame["group"]))
    assert len({line.dash for line in lines}) == len({line.color for line in lines}) == len(lines)
    assert figure.data[0].y[-1] == 100


def test_the_line_of_the_scatter_has_the_slope(figures):
    figure = CHARTS["likeness"](figures["likeness"])
    points, line = figure.data[:-1], figure.data[-1]
    assert [trace.name for trace in points] == list(QUADRANTS)
    assert len({trace.marker.symbol for trace in points}) == 4
    own, lag = (np.concatenate([trace[axis] for trace in points]) for axis in "xy")
    slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
    assert slope == pytest.approx(own @ lag / (own @ own))


def test_below_the_curve_every_way_has_one_dot_a_choice(figures):
    data = figures["choices"]
    figure = CHARTS["choices"](data)
    others, asked, dots = figure.data
    assert (asked.name, len(asked.x)) == ("as specified", 1)
    assert asked.marker.symbol != others.marker.symbol
    places, counts = np.unique(dots.x, return_counts=True)
    assert sorted([*others.x, *asked.x]) == places.tolist() == list(range(1, len(data.frame) + 1))
    assert (counts == len(CHOICES)).all()
    labels = figure.layout.yaxis2.ticktext
    at = {(x, labels[y]) for x, y in zip(dots.x, dots.y, strict=True)}
    lone = int(np.flatnonzero(data.frame["weights"] == "tracts alike")[0]) + 1
    assert (lone, "weights: tracts alike") in at
    assert (lone, "weights: population") not in at


@pytest.mark.parametrize("page", PAGES)
def test_lines_are_seen_on_both_pages(page):
    colours = {colour for series in SERIES.values() for colour in series}
    colours |= {colour for _, colour in SYMBOLS.values()}
    assert min(contrast(rgb(colour), PAGES[page]) for colour in colours) > 2.4


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("shown", COLOURS)
def test_no_two_classes_look_alike(eye, shown):
    colours = np.array([*COLOURS[shown], rgb(GREY)])
    seen = lab(np.clip(linear(colours) @ np.transpose(EYES[eye]), 0, 1))
    apart = {
        (one, other): np.linalg.norm(seen[one] - seen[other])
        for one, other in itertools.combinations(range(len(seen)), 2)
    }
    # 2.3 is a just noticeable difference
    assert min(apart.values()) > 10, min(apart, key=apart.get)


@pytest.mark.parametrize("shown", MAPS)
def test_the_file_holds_a_class_and_its_name_a_tract(figures, part, shown):
    maps = [class_map(figures[one]) for one in MAPS]
    file = class_map_file(part.sample.geometry, maps)
    found = [feature["properties"] for feature in json.loads(file.content)["features"]]
    frame = figures[shown].frame
    assert [one["geoid"] for one in found] == frame.index.tolist()
    assert [one[f"k_{shown}"] for one in found] == frame["class"].tolist()
    assert [one[shown] for one in found] == frame["name"].tolist()
    assert len(NAMES[shown]) == len(COLOURS[shown]) + 1


@pytest.mark.parametrize("shown", MAPS)
def test_a_deck_goes_by_address_and_knows_every_class(figures, part, shown):
    one = class_map(figures[shown])
    view = view_of(part.sample.geometry.to_frame("geometry"), 500)
    deck = json.loads(class_deck("/app/static/x.geojson", one, view).to_json())
    layer = deck["layers"][0]
    assert layer["data"] == "/app/static/x.geojson"
    for code in range(len(one.colours)):
        assert f"properties.k_{shown} == {code} ?" in layer["getFillColor"]
    assert "mapProvider" not in deck or deck["mapProvider"] is None


def test_the_static_map_draws_every_tract_in_the_colour_of_its_class(figures, part):
    one = class_map(figures["bivariate"])
    svg = class_svg(part.sample.geometry, one, "a")
    assert svg.count('<path id="a') == svg.count('href="#a') == len(one.codes)
    red, green, blue = one.colours[POOR_AND_HOT]
    group = svg.split(f'<g fill="#{red:02x}{green:02x}{blue:02x}"')[1].split("</g>")[0]
    assert group.count("<use") == (figures["bivariate"].frame["class"] == POOR_AND_HOT).sum()
    assert f'aria-label="{one.title}"' in svg


def test_the_square_has_nine_swatches_words_at_its_ends_and_what_grey_is(figures):
    legend = legend_of(class_map(figures["bivariate"]))
    places = [legend.index(f'title="{name}"') for name in CLASSES]
    assert legend.count("display:block") == 9
    # poor and hot is the last of the first row
    assert sorted(places)[:3] == [places[6], places[7], places[POOR_AND_HOT]]
    for word in ("poorer", "richer", "cooler", "hotter", "no income or no temperature (1)"):
        assert word in legend


def test_the_list_counts_its_tracts(figures):
    shown = class_map(figures["clusters"])
    legend = legend_of(shown)
    for code, name in enumerate(shown.names[:-1]):
        assert f"{name} ({(shown.codes == code).sum():,})" in legend
    # every tract has a temperature: grey is nothing
    assert "missing" not in legend


def test_a_map_without_its_borders_is_an_error(figures, part):
    with pytest.raises(StudyError, match="it was given none"):
        drawn(figures["clusters"])
    with pytest.raises(StudyError, match="those of 144 others"):
        drawn(figures["clusters"], part.sample.geometry.iloc[::-1])
