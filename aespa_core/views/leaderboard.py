"""Leaderboards as plotly figures: who errs least, what each part brings, how far models travel."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aespa_core.analysis.comparison import BETTER, WORSE
from aespa_core.analysis.leaderboard import Ablations, Board, ByMetro, metro_name
from aespa_core.analysis.methods import GROUPS, LEARNED, MINE, OURS, SIMPLE
from aespa_core.analysis.transfer import TRANSFER_METRICS, Transfer
from aespa_core.schema import metro_label
from aespa_core.views.charts import COOLING, MARGINS, WARMING
from aespa_core.views.colors import SEQUENTIAL, css, palette
from aespa_core.views.plain_text import chart_text, chart_texts

# Told apart by shape as well as by colour; the colours hold on a light and on a dark page.
MARKS: Final = {
    MINE: ("diamond", WARMING),
    SIMPLE: ("square", "#8a8a8a"),
    LEARNED: ("circle", COOLING),
}
ROW_PX: Final = 34
GREY: Final = "#8a8a8a"


def board_figure(board: Board) -> go.Figure:
    """Draw each method's error and, beside it, its difference from AESPA with the 95 % interval."""
    yard = board.study.yardstick
    compared = board.rows["difference_c"].notna().any()
    titles = [f"{yard.short}, °C (less is better)"]
    if compared:
        titles.append(f"{yard.short} minus AESPA’s, °C (right of 0: AESPA is better)")
    figure = make_subplots(
        cols=len(titles), shared_yaxes=True, horizontal_spacing=0.04, subplot_titles=titles
    )
    for group, (symbol, colour) in MARKS.items():
        rows = board.rows[board.rows["group"] == group]
        if rows.empty:
            continue
        figure.add_trace(error_marks(rows, symbol, colour, GROUPS[group]), row=1, col=1)
        if compared:
            rows = rows[rows["method"] != OURS]
            figure.add_trace(difference_marks(rows, symbol, colour), row=1, col=2)
    if compared:
        figure.add_vline(x=0, line={"color": GREY, "width": 1, "dash": "dash"}, row=1, col=2)
    figure.update_xaxes(rangemode="tozero", row=1, col=1)
    figure.update_yaxes(
        categoryorder="array", categoryarray=marked(board.rows),
        autorange="reversed",
    )  # fmt: skip
    figure.update_layout(
        margin=MARGINS | {"b": 70},
        height=150 + ROW_PX * len(board.rows),
        legend={"orientation": "h", "y": 0, "yanchor": "bottom", "yref": "container", "x": 0},
    )
    return figure


def marked(rows: pd.DataFrame) -> list[str]:
    """Write each method's label, ours in bold."""
    mine = rows["group"] == MINE
    label = rows["label"].map(chart_text)
    return list(label.mask(mine, "<b>" + label + "</b>"))


def error_marks(rows: pd.DataFrame, symbol: str, colour: str, name: str) -> go.Scatter:
    """Make the dots of one group's errors; the bar is the spread over seeds."""
    return go.Scatter(
        x=rows["error_c"],
        y=marked(rows),
        mode="markers",
        name=name,
        marker={"symbol": symbol, "size": 12, "color": colour},
        error_x={"array": rows["spread_c"], "color": GREY, "thickness": 2},
        customdata=chart_texts(rows[["seeds", "inputs"]]),
        hovertemplate="%{y}: %{x:.3f} °C, %{customdata[0]} seeds<br>"
        "given: %{customdata[1]}<extra></extra>",
    )


def difference_marks(rows: pd.DataFrame, symbol: str, colour: str) -> go.Scatter:
    """Make the dots of one group's differences; hollow where the interval holds zero or is none."""
    clear = rows["verdict"].isin((BETTER, WORSE))
    return go.Scatter(
        x=rows["difference_c"],
        y=marked(rows),
        mode="markers",
        showlegend=False,
        marker={
            "symbol": [symbol if flag else f"{symbol}-open" for flag in clear],
            "size": 11,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        error_x=whiskers(rows),
        customdata=rows[["low_c", "high_c"]],
        hovertemplate="%{y}: %{x:+.3f} °C (%{customdata[0]:+.3f} to %{customdata[1]:+.3f})"
        "<extra></extra>",
    )


def whiskers(rows: pd.DataFrame) -> dict[str, object]:
    """Make the bars of the 95 % interval; none where none was computed."""
    return {
        "array": rows["high_c"] - rows["difference_c"],
        "arrayminus": rows["difference_c"] - rows["low_c"],
        "color": GREY,
        "thickness": 2,
    }


def ablation_figure(found: Ablations) -> go.Figure:
    """Draw how much the error grows when a part is left out."""
    rows = found.rows.dropna(subset=["difference_c"])
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=rows["difference_c"],
            y=rows["label"].map(chart_text),
            marker={"color": [WARMING if value > 0 else COOLING for value in rows["difference_c"]]},
            error_x=whiskers(rows),
            customdata=chart_texts(rows[["error_c", "reference", "reference_c", "change"]]),
            hovertemplate="%{y}: %{customdata[0]:.3f} °C against %{customdata[2]:.3f} °C of "
            "%{customdata[1]} (%{customdata[3]:+.0%})<extra></extra>",
        )
    )
    figure.add_vline(x=0, line={"color": GREY, "width": 1})
    figure.update_layout(
        title="How much the mean error grows without a part, °C (right of 0: the part helps)",
        margin=MARGINS,
        height=110 + 42 * len(rows),
        yaxis={"autorange": "reversed"},
        showlegend=False,
    )
    return figure


def metro_figure(found: ByMetro, short: str) -> go.Figure:
    """Draw each method's error in each metro as a matrix with its numbers; better is lighter."""
    figure = number_matrix(found.matrix, [metro_name(metro) for metro in found.matrix.columns])
    figure.update_layout(title=f"{short} by metro, °C: where AESPA errs most stands left")
    figure.update_traces(hovertemplate="%{y} in %{x}: %{z:.3f} °C<extra></extra>")
    return figure


def number_matrix(matrix: pd.DataFrame, names: list[str], *, less: bool = True) -> go.Figure:
    """Draw a matrix with its numbers on lajolla; ``less`` says that small numbers are good."""
    figure = go.Figure(
        go.Heatmap(
            z=matrix.to_numpy(),
            x=[chart_text(name) for name in names],
            y=[chart_text(name) for name in matrix.index],
            colorscale=[css(colour) for colour in palette(SEQUENTIAL, 9, trim=0.1, reverse=less)],
            texttemplate="%{z:.2f}",
            hoverongaps=False,
            xgap=2,
            ygap=2,
            showscale=False,
        )
    )
    figure.update_layout(
        margin=MARGINS | {"b": 40},
        height=130 + 40 * len(matrix),
        xaxis={"showgrid": False},
        yaxis={"autorange": "reversed", "showgrid": False},
    )
    return figure


def transfer_figure(found: Transfer) -> go.Figure:
    """Draw the matrix of metros learned in and tested in, with its numbers; better is lighter."""
    matrix = found.matrix.rename(index=metro_label)
    names = [metro_label(metro) for metro in matrix.columns]
    figure = number_matrix(matrix, names, less=found.metric == "mae_within")
    figure.update_layout(
        title=TRANSFER_METRICS[found.metric],
        xaxis={"title": "tested in"},
        yaxis={"title": "learned in"},
    )
    figure.update_traces(hovertemplate="learned in %{y}, tested in %{x}: %{z:.3f}<extra></extra>")
    return figure
