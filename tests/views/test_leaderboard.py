"""Charts and tables of a leaderboard carry its numbers; files keep every digit and their origin."""

import io

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.benchmark_studies import STUDIES, study_named
from aespa_core.analysis.benchmark_tables import read_places, read_predictions, read_results
from aespa_core.analysis.comparison import UNCLEAR
from aespa_core.analysis.leaderboard import ablations, by_metro, leaderboard
from aespa_core.analysis.methods import GROUPS, words_of
from aespa_core.analysis.residuals import residual_places, tract_errors
from aespa_core.analysis.transfer import transfer
from aespa_core.views.exports import as_csv, as_latex, result_provenance
from aespa_core.views.leaderboard import (
    ablation_figure,
    board_figure,
    metro_figure,
    transfer_figure,
)
from aespa_core.views.leaderboard_tables import (
    ablation_screen,
    ablation_table,
    board_screen,
    board_table,
    measures_screen,
    method_table,
    metro_table,
    residual_screen,
    residual_table,
    transfer_table,
)
from aespa_core.views.residuals import agreement_figure, residual_figure
from tests.made_leaderboard import ABLATED_C, BLOCKS, ERRORS_C, METRO_OUT

TWIN = study_named("twin")
DAY = "lst_day_c"


@pytest.fixture(scope="module")
def results(made_benchmark):
    return read_results(made_benchmark / "heat.csv")


@pytest.fixture(scope="module")
def board(results):
    return leaderboard(results, TWIN, BLOCKS, "all", DAY)


@pytest.fixture(scope="module")
def errors(made_benchmark):
    predictions = read_predictions(made_benchmark / "heat_predictions.parquet")
    return {
        name: tract_errors(predictions, TWIN, METRO_OUT, "all", name)
        for name in ("aespa", "proxy_ridge")
    }


def points(figure, panel: str) -> dict[str, tuple[float, str]]:
    """Read label → value and symbol off the dots of one panel."""
    found = {}
    for trace in figure.data:
        if trace.xaxis == panel:
            symbols = trace.marker.symbol
            many = [symbols] * len(trace.x) if isinstance(symbols, str) else symbols
            found |= {
                y.removeprefix("<b>").removesuffix("</b>"): (x, symbol)
                for x, y, symbol in zip(trace.x, trace.y, many, strict=True)
            }
    return found


def test_the_chart_has_every_method_in_the_order_of_the_table(board):
    figure = board_figure(board)
    errors = points(figure, "x")
    assert {label: x for label, (x, _) in errors.items()} == dict(
        zip(board.rows["label"], board.rows["error_c"], strict=True)
    )
    order = [
        label.replace("<b>", "").replace("</b>", "") for label in figure.layout.yaxis.categoryarray
    ]
    assert order == list(board.rows["label"])
    assert figure.layout.yaxis.categoryarray[0] == "<b>AESPA (teacher)</b>"


def test_marks_are_hollow_where_nothing_is_clear(board):
    shown = points(board_figure(board), "x2")
    assert "AESPA (teacher)" not in shown
    for row in board.rows[board.rows["method"] != "aespa"].itertuples():
        assert shown[row.label][1].endswith("-open") == (row.verdict == UNCLEAR)


def test_whiskers_end_where_the_interval_ends(board):
    rows = board.rows.set_index("label")
    for trace in board_figure(board).data:
        if trace.xaxis == "x2":
            labels = [label.replace("<b>", "").replace("</b>", "") for label in trace.y]
            np.testing.assert_allclose(trace.x + trace.error_x.array, rows.loc[labels, "high_c"])
            np.testing.assert_allclose(
                trace.x - trace.error_x.arrayminus, rows.loc[labels, "low_c"]
            )


def test_a_metro_without_intervals_still_draws(results):
    figure = board_figure(leaderboard(results, TWIN, BLOCKS, "miami", DAY))
    assert all(symbol.endswith("-open") for _, symbol in points(figure, "x2").values())


def test_the_ablation_chart_grows_to_the_right(results):
    found = ablations(results, TWIN, BLOCKS, "all", DAY)
    bars = ablation_figure(found).data[0]
    assert set(bars.y) == {words_of(method).label for method in ABLATED_C}
    np.testing.assert_array_equal(bars.x, found.rows["difference_c"])


def test_matrices_hold_the_numbers_and_light_is_good(results, board):
    errors = transfer_figure(transfer(results, TWIN, "mae_within", DAY)).data[0]
    assert np.isnan(errors.z[0][0])
    assert errors.z[0][2] == pytest.approx(0.4)
    correlations = transfer_figure(transfer(results, TWIN, "pearson_within", DAY)).data[0]

    def brightness(colour: str) -> int:
        return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))

    small, large = (brightness(stop[1]) for stop in (errors.colorscale[0], errors.colorscale[-1]))
    assert small > large
    small, large = (
        brightness(stop[1]) for stop in (correlations.colorscale[0], correlations.colorscale[-1])
    )
    assert large > small
    shown = metro_figure(by_metro(results, board), "MAE").data[0]
    assert np.shape(shown.z) == (len(board.rows), 3)


def test_estimate_and_observation_stand_on_the_axes_that_say_so(errors):
    figure = agreement_figure(errors)
    dots = [trace for trace in figure.data if trace.mode == "markers" and trace.xaxis == "x"]
    rows = errors["aespa"].rows
    np.testing.assert_allclose(
        np.sort(np.concatenate([t.x for t in dots])), np.sort(rows["estimate_c"])
    )
    np.testing.assert_allclose(
        np.sort(np.concatenate([t.y for t in dots])), np.sort(rows["observed_c"])
    )
    assert figure.layout.xaxis.title.text.startswith("estimated")
    assert figure.layout.yaxis.title.text.startswith("observed")
    line = next(trace for trace in figure.data if trace.mode == "lines")
    assert list(line.x) == list(line.y)
    # told apart without colour
    assert len({trace.marker.symbol for trace in dots}) == len(dots) == 3


def placed(errors, made_benchmark):
    places = read_places(made_benchmark / "heat_places.parquet")
    return {name: residual_places(found, places, TWIN) for name, found in errors.items()}


def test_maps_share_a_scale_around_zero_and_have_equal_axes(errors, made_benchmark):
    tables = placed(errors, made_benchmark)
    here = {name: table[table["metro"] == "boston"] for name, table in tables.items()}
    figure = residual_figure(here)
    axis = figure.layout.coloraxis
    assert axis.cmin == -axis.cmax < 0
    assert figure.layout.yaxis.scaleanchor == "x"
    # the tract without a place is not drawn
    assert [len(trace.x) for trace in figure.data] == [39, 39]
    first = figure.data[0]
    drawn = dict(zip(first.customdata[:, 0], first.marker.color, strict=True))
    known = here["aespa"].dropna(subset=["x_km"]).set_index("geoid")["residual_c"]
    assert drawn == known.to_dict()


def test_every_number_on_file_has_its_unit_in_its_name(board):
    table = board_table(board)
    unitless = {"rank", "seeds", "r2", "pearson", "r2_within", "pearson_within"}
    for name in table.select_dtypes("number"):
        assert name in unitless or name.endswith(
            ("_c", "_count", "_share", "_curves", "seconds")
        ), name


def test_tables_on_screen_are_the_tables_on_file(results, board, errors, made_benchmark):
    np.testing.assert_array_equal(board_screen(board)["MAE (°C)"], board_table(board)["error_c"])
    measures = measures_screen(board)
    np.testing.assert_allclose(
        measures["90 % intervals held (%)"], 100 * board_table(board)["coverage_90_share"]
    )
    found = ablations(results, TWIN, BLOCKS, "all", DAY)
    np.testing.assert_array_equal(
        ablation_screen(found)["Growth (°C)"], ablation_table(found)["difference_c"]
    )
    tables = placed(errors, made_benchmark)
    table = residual_table(tables["aespa"], tables["proxy_ridge"])
    assert len(table) == len(tables["aespa"])
    both = table.set_index("geoid")["other_residual_c"]
    alone = tables["proxy_ridge"].set_index("geoid")["residual_c"]
    np.testing.assert_allclose(both, alone[both.index])
    assert residual_screen(table, ("One", "Other")).shape == (len(table), 7)
    assert residual_screen(table, ("One", "One")).shape == (len(table), 5)


def test_files_keep_every_digit_and_say_that_it_is_simulated(results, board, made_benchmark):
    origin = result_provenance(made_benchmark / "heat.csv", TWIN, results, "a test")
    found = transfer(results, TWIN, "mae_within", DAY)
    for table in (
        board_table(board),
        ablation_table(ablations(results, TWIN, BLOCKS, "all", DAY)),
        metro_table(by_metro(results, board)),
        transfer_table(found),
    ):
        content = as_csv(table, origin)
        back = pd.read_csv(io.BytesIO(content), comment="#")
        for name in table.select_dtypes("number"):
            np.testing.assert_array_equal(back[name], table[name])
        head = content.decode()
        assert "# kind: SIMULATED, no real place" in head
        assert "# command: aespa bench heat --study twin" in head
        assert "# file_sha256: " in head
        assert "# code_version: 0.2.0" in head
        assert as_latex(table, "A caption", origin).decode().startswith("% content: a test")


def test_every_method_has_words():
    for method in (*ERRORS_C, *ABLATED_C):
        words = words_of(method)
        assert words.group in GROUPS
        assert words.label != words.id
        assert words.inputs != "not described"
    for study in STUDIES:
        labels = [words.label for words in study.methods]
        assert len(set(labels)) == len(labels)
    table = method_table(["resnet", "new_thing", "aespa"], TWIN.methods)
    assert list(table["id"]) == ["aespa", "resnet", "new_thing"]
    assert table["method"].iloc[-1] == "New thing"
