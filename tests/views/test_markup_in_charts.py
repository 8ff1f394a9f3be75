"""Names from outside in every chart, map and report: shown, never a tag, a link or a template."""

import ast
import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from shapely.geometry import box

from aespa_core.analysis.benchmark_studies import studies_in
from aespa_core.analysis.benchmark_tables import read_places, read_predictions, read_results
from aespa_core.analysis.disparity.figures.choices import CHOICES
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.likeness import QUADRANTS
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.explanation import Explanation, Part
from aespa_core.analysis.leaderboard import POOLED, ablations, by_metro, leaderboard, splits_in
from aespa_core.analysis.residuals import residual_places, tract_errors
from aespa_core.analysis.transfer import transfer
from aespa_core.analysis.units import CELSIUS
from aespa_core.views import charts, disparity_charts, exposure_charts, residuals
from aespa_core.views import leaderboard as boards
from aespa_core.views.disparity_maps import class_map, class_svg, legend_of
from aespa_core.views.plain_text import chart_text, html_text
from aespa_core.views.specification_chart import choices_chart
from tests.hostile import ALL, OUTSIDE, write_hostile_benchmark

VIEWS = Path(boards.__file__).parent
# texts in these are the program's own
NO_TEXT = {"percentile_strip", "week_chart", "cooling_chart"}
# steps of others
STEPS = {"laid_out", "dots", "number_matrix"}
TAG = re.compile(r"<(?!/?(br|b|extra)>)")
NUMBERS = {"estimate": [0.5, 1.0], "low95": [0.1, 0.2], "high95": [0.9, 1.8]}


def figure_data(name: str, **columns: object) -> FigureData:
    """Make a figure's data with hostile words around them."""
    frame = pd.DataFrame(columns, index=[ALL, "other"])
    fields = {"id": name, "title": ALL, "axis": f"{ALL} °C", "frame": frame, "reading": ALL}
    return FigureData(**fields)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> dict[str, go.Figure]:
    """Draw every chart with hostile names, by the name of its function."""
    folder = write_hostile_benchmark(tmp_path_factory.mktemp("benchmark"))
    results = read_results(folder / "heat.csv")
    predictions = read_predictions(folder / "heat_predictions.parquet")
    places = read_places(folder / "heat_places.parquet")
    study = next(one for one in studies_in(results) if one.simulated)
    split = splits_in(results, study)[0]
    board = leaderboard(results, study, split, POOLED, "lst_day_c")
    errors = {ALL: tract_errors(predictions, study, split, POOLED, ALL)}
    rows = pd.DataFrame({"metro": [ALL, "x"], "division": [ALL, "x"], "group": [ALL, "x"]})
    rows = rows.assign(**NUMBERS)
    parts = (Part(ALL, 0.5, 0.1, 0.2, 0.3), Part("x", -0.2, 0.1, -0.3, 0.1))
    why = Explanation(ALL, 0.3, 0.1, 0.5, 50.0, parts, (ALL,), False)
    choices = {choice: [ALL, "x"] for choice in CHOICES}
    asked = {"changed": [ALL, "x"], "to": [ALL, "x"], "standard_errors": [ALL, "x"]}
    return {
        "waterfall": charts.waterfall(why, "°C"),
        "distribution": charts.distribution(
            pd.Series([1.0, 2.0], index=[ALL, "x"]), ALL, CELSIUS, ALL
        ),
        "board_figure": boards.board_figure(board),
        "ablation_figure": boards.ablation_figure(
            ablations(results, study, split, POOLED, "lst_day_c")
        ),
        "metro_figure": boards.metro_figure(by_metro(results, board), "MAE"),
        "transfer_figure": boards.transfer_figure(
            transfer(results, study, "mae_within", "lst_day_c")
        ),
        "agreement_figure": residuals.agreement_figure(errors),
        "residual_figure": residuals.residual_figure(
            {ALL: residual_places(errors[ALL], places, study)}
        ),
        "forest_chart": disparity_charts.forest_chart(
            figure_data(
                "forest", metro=[ALL, "x"], outcome=label_of("observed_day"), n=[3, 4], **NUMBERS
            )
        ),
        "exposure_chart": disparity_charts.exposure_chart(
            figure_data("exposure", group=[ALL, "x"], temperature=[1.0, 2.0], share=[0.1, 1.0])
        ),
        "concentration_chart": disparity_charts.concentration_chart(
            figure_data("concentration", share_of_people=[0.0, 1.0], heat=[0.0, 0.1])
        ),
        "likeness_chart": disparity_charts.likeness_chart(
            figure_data(
                "likeness", quadrant=QUADRANTS[0], own=[0.1, 0.2], neighbours=[0.0, 0.1],
                line=[0.0, 0.1],
            )
        ),
        "group_means": exposure_charts.group_means(rows, ALL, CELSIUS),
        "gaps_by_metro": exposure_charts.gaps_by_metro(rows, ALL, CELSIUS),
        "choices_chart": choices_chart(
            figure_data("choices", as_asked=[True, False], **choices, **asked, **NUMBERS)
        ),
    }  # fmt: skip


def strings_in(value: object) -> list[str]:
    """List every text of a figure."""
    if isinstance(value, dict):
        return [text for entry in value.values() for text in strings_in(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in strings_in(entry)]
    return [value] if isinstance(value, str) else []


def chart_makers() -> set[str]:
    """Names of the functions of views/ that return a plotly figure."""
    return {
        node.name
        for path in VIEWS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns) == "go.Figure"
    }


def test_every_chart_of_the_views_is_looked_at(drawn):
    assert chart_makers() - NO_TEXT - STEPS == set(drawn)


def test_no_text_of_a_chart_is_a_tag(drawn):
    for name, figure in drawn.items():
        texts = strings_in(json.loads(figure.to_json())["data"])
        texts += strings_in({**json.loads(figure.to_json())["layout"], "template": None})
        assert [text for text in texts if TAG.search(text)] == [], name
        # it is there, or its start is: a tick has 64 signs
        start = chart_text(ALL, 20).rstrip("…")
        with_text = any(start in re.sub("<br>| ", "", text) for text in texts)
        assert with_text or name in ("transfer_figure", "ablation_figure"), name


def test_what_a_template_fills_in_is_no_template(drawn):
    """A name with %{…} stands in data, where plotly does not look for it."""
    for name, figure in drawn.items():
        for trace in json.loads(figure.to_json())["data"]:
            assert OUTSIDE not in trace.get("hovertemplate", ""), name


def test_maps_as_svg_and_their_legends_show_names_as_text():
    geometry = gpd.GeoSeries([box(i, 0, i + 1, 1) for i in range(2)], crs="EPSG:4326")
    frame = pd.DataFrame({"class": [0, 1]}, index=geometry.index)
    for name in ("bivariate", "clusters"):
        data = FigureData(id=name, title=ALL, axis="", frame=frame, reading="")
        picture = class_svg(geometry, class_map(data))
        assert f'aria-label="{html_text(ALL)}"' in picture
        assert "<img" not in picture + legend_of(class_map(data))
        assert "<a " not in picture + legend_of(class_map(data))


def test_a_tract_without_a_border_draws_nothing_and_keeps_its_place():
    geometry = gpd.GeoSeries([box(0, 0, 1, 1), None, box(1, 0, 2, 1)], crs="EPSG:4326")
    frame = pd.DataFrame({"class": np.array([0, 1, 2])}, index=geometry.index)
    data = FigureData(id="clusters", title="x", axis="", frame=frame, reading="")
    picture = class_svg(geometry, class_map(data))
    assert '<path id="t1" d=""/>' in picture
    assert picture.count("<path") == 3
