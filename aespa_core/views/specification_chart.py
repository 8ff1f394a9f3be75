"""Specification curve: estimates from low to high, and below each how was asked."""

from typing import Final

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aespa_core.analysis.disparity.figures.choices import CHOICES
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.views.disparity_charts import COOL, HOT, INTERVAL, ZERO, interval, laid_out
from aespa_core.views.plain_text import chart_lines, chart_text, chart_texts

ROW_PX: Final = 19
CURVE_PX: Final = 260
ASKED, OTHER = "as specified", "asked in another way"


def choices_chart(data: FigureData) -> go.Figure:
    """Draw the curve above, and a dot below wherever a choice was made."""
    frame = data.frame
    options = [(choice, option) for choice in CHOICES for option in sorted(frame[choice].unique())]
    rows_px = ROW_PX * len(options)
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.03,
        row_heights=[CURVE_PX, rows_px],
    )
    place = np.arange(1, len(frame) + 1)
    for name, symbol, colour, chosen in (
        (OTHER, "circle", COOL, ~frame["as_asked"]),
        (ASKED, "diamond", HOT, frame["as_asked"]),
    ):
        rows = frame[chosen]
        figure.add_trace(
            go.Scatter(
                x=place[chosen],
                y=rows["estimate"],
                name=name,
                mode="markers",
                marker={"symbol": symbol, "size": 12 if name == ASKED else 7, "color": colour},
                error_y=interval(rows, colour),
                customdata=chart_texts(
                    rows[["changed", "to", "low95", "high95", "standard_errors"]]
                ),
                hovertemplate="%{y:+.2f} °C (%{customdata[2]:+.2f} to %{customdata[3]:+.2f})<br>"
                "%{customdata[0]}: %{customdata[1]}<br>%{customdata[4]}<extra></extra>",
            ),
            row=1,
            col=1,
        )
    marks = [
        (at, row)
        for row, (choice, option) in enumerate(options)
        for at in place[frame[choice] == option]
    ]
    figure.add_trace(
        go.Scatter(
            x=[at for at, _ in marks],
            y=[row for _, row in marks],
            mode="markers",
            showlegend=False,
            marker={"symbol": "square", "size": 7, "color": INTERVAL},
            hoverinfo="skip",
        ),
        row=2,
        col=1,
    )
    figure.add_hline(y=0, line=ZERO, row=1, col=1)
    laid_out(
        figure,
        data,
        CURVE_PX + rows_px + 60,
        {"showticklabels": False, "zeroline": False},
        {"title": chart_lines(data.axis, 30), "zeroline": False},
    )
    figure.update_layout(
        xaxis2={"title": "ways to ask, lowest estimate first", "showticklabels": False},
        yaxis2={
            "tickvals": list(range(len(options))),
            "ticktext": [chart_text(f"{choice}: {option}") for choice, option in options],
            "range": [len(options) - 0.4, -0.6],
            "zeroline": False,
        },
    )
    figure.update_xaxes(showgrid=False, zeroline=False, range=[0.3, len(frame) + 0.7])
    return figure
