"""Charts of disparities, as plotly figures: colours are never alone, symbols and dashes differ."""

from textwrap import wrap
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.likeness import QUADRANTS
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.views.charts import INTERVAL, MARGINS
from aespa_core.views.colors import DIVERGING, css, palette
from aespa_core.views.plain_text import chart_lines, chart_text, chart_texts

_VIK: Final = [css(colour) for colour in palette(DIVERGING, 21)]
# from warm to cool; each is seen on a white and on a black page
HOT, WARM, MIDDLE, FRESH, COOL = _VIK[17], _VIK[14], INTERVAL, _VIK[6], _VIK[4]
SERIES: Final = {
    1: (HOT,),
    2: (HOT, COOL),
    3: (HOT, MIDDLE, COOL),
    4: (HOT, WARM, FRESH, COOL),
    5: (HOT, WARM, MIDDLE, FRESH, COOL),
}
DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash")
# filled where it was observed
SYMBOLS: Final = {
    label_of("observed_day"): ("circle", HOT),
    label_of("observed_night"): ("square", COOL),
    label_of("brightness_day"): ("triangle-up", WARM),
    label_of("predicted_day"): ("diamond-open", FRESH),
}
QUADRANT_MARKS: Final = dict(
    zip(
        QUADRANTS,
        (("circle", HOT), ("triangle-up", WARM), ("triangle-down", FRESH), ("square", COOL)),
        strict=True,
    )
)
ZERO: Final = {"color": INTERVAL, "width": 1, "dash": "dot"}
TITLE_SIGNS: Final = 56
LINE_PX: Final = 22
NO_ZERO: Final = {"zeroline": False}


def forest_chart(data: FigureData) -> go.Figure:
    """Draw each metro's coefficient with its 95 % interval, one symbol an outcome."""
    frame = data.frame
    metros, outcomes = list(dict.fromkeys(frame["metro"])), list(dict.fromkeys(frame["outcome"]))
    spread = np.linspace(-0.22, 0.22, len(outcomes)) if len(outcomes) > 1 else np.zeros(1)
    figure = go.Figure()
    for outcome, shift in zip(outcomes, spread, strict=True):
        rows = frame[frame["outcome"] == outcome]
        symbol, colour = SYMBOLS[outcome]
        figure.add_trace(
            go.Scatter(
                x=rows["estimate"],
                y=[metros.index(metro) + shift for metro in rows["metro"]],
                name=outcome,
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 11,
                    "color": colour,
                    "line": {"width": 2, "color": colour},
                },
                error_x=interval(rows, colour),
                customdata=chart_texts(rows[["metro", "low95", "high95", "n"]]),
                hovertemplate="%{customdata[0]}: %{x:+.2f} °C (%{customdata[1]:+.2f} to "
                "%{customdata[2]:+.2f}), %{customdata[3]:,} tracts<extra>%{fullData.name}</extra>",
            )
        )
    figure.add_vline(x=0, line=ZERO)
    ticks = {
        "tickvals": list(range(len(metros))),
        "ticktext": [chart_text(metro) for metro in metros],
        "autorange": "reversed",
    }
    return laid_out(
        figure,
        data,
        150 + 46 * len(metros),
        {"title": chart_text(data.axis)} | NO_ZERO,
        ticks | NO_ZERO,
    )


def exposure_chart(data: FigureData) -> go.Figure:
    """Draw which share of each group lives at a temperature or below."""
    groups = list(dict.fromkeys(data.frame["group"]))
    unit = data.axis.rpartition(" ")[2]
    figure = go.Figure()
    for group, colour, dash in zip(groups, SERIES[len(groups)], DASHES, strict=False):
        rows = data.frame[data.frame["group"] == group]
        figure.add_trace(
            go.Scatter(
                x=rows["temperature"],
                y=100 * rows["share"],
                name=chart_text(group),
                mode="lines",
                line={"color": colour, "dash": dash, "width": 2.5},
                hovertemplate="%{y:.0f} % at %{x:.1f} " + unit + " or below"
                "<extra>%{fullData.name}</extra>",
            )
        )
    figure.add_hline(y=50, line=ZERO)
    share = {"title": "Share of the group at this or below, %", "range": [0, 100]}
    return laid_out(figure, data, 380, {"title": chart_text(data.axis)} | NO_ZERO, share)


def concentration_chart(data: FigureData) -> go.Figure:
    """Draw heat above the mean, summed from the poorest on: above 0 it lies on the poorer."""
    unit = data.axis.rpartition(" ")[2]
    figure = go.Figure(
        go.Scatter(
            x=100 * data.frame["share_of_people"],
            y=data.frame["heat"],
            mode="lines+markers",
            fill="tozeroy",
            line={"color": HOT, "width": 2.5},
            marker={"symbol": "circle", "size": 6},
            hovertemplate="poorest %{x:.0f} %: %{y:+.3f} " + unit + "<extra></extra>",
        )
    )
    figure.add_hline(y=0, line=ZERO)
    people = {"title": "People, poorest first, %", "range": [0, 100]}
    return laid_out(figure, data, 360, people, {"title": chart_lines(data.axis, 32)})


def likeness_chart(data: FigureData) -> go.Figure:
    """Draw each tract against its neighbours; the slope of the line is Moran's I."""
    figure = go.Figure()
    for quadrant, (symbol, colour) in QUADRANT_MARKS.items():
        rows = data.frame[data.frame["quadrant"] == quadrant]
        figure.add_trace(
            go.Scatter(
                x=rows["own"],
                y=rows["neighbours"],
                name=quadrant,
                mode="markers",
                marker={"symbol": symbol, "size": 6, "color": colour, "opacity": 0.75},
                text=[chart_text(geoid) for geoid in rows.index],
                hovertemplate="tract %{text}: %{x:+.2f}, neighbours %{y:+.2f}<extra></extra>",
            )
        )
    ends = data.frame.sort_values("own").iloc[[0, -1]]
    figure.add_trace(
        go.Scatter(
            x=ends["own"],
            y=ends["line"],
            name="line through all: Moran's I",
            mode="lines",
            line={"color": INTERVAL, "width": 3},
        )
    )
    figure.add_hline(y=0, line=ZERO)
    figure.add_vline(x=0, line=ZERO)
    return laid_out(
        figure,
        data,
        440,
        {"title": chart_text(f"The tract, {data.axis}")} | NO_ZERO,
        {"title": chart_text(f"Its neighbours, {data.axis}")} | NO_ZERO,
    )


def interval(rows: pd.DataFrame, colour: str) -> dict[str, Any]:
    """Draw the 95 % interval of estimates; none where it is unknown."""
    return {
        "array": rows["high95"] - rows["estimate"],
        "arrayminus": rows["estimate"] - rows["low95"],
        "color": colour,
        "thickness": 2,
        "width": 4,
    }


def laid_out(
    figure: go.Figure,
    data: FigureData,
    height: int,
    x: dict[str, Any],
    y: dict[str, Any],
) -> go.Figure:
    """Give a figure its title, over as many lines as it needs, and the axes their words."""
    lines = wrap(data.title, TITLE_SIGNS)
    figure.update_layout(
        title={"text": "<br>".join(map(chart_text, lines)), "font": {"size": 15}},
        margin=MARGINS | {"t": 34 + LINE_PX * len(lines)},
        height=height + LINE_PX * len(lines),
        xaxis=x,
        yaxis=y,
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
    )
    return figure
