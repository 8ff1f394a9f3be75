"""Charts of a metro and of a tract, as plotly figures; every title says what it shows."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aespa_core.analysis.explanation import Explanation
from aespa_core.analysis.units import Shown, shown_in
from aespa_core.views.colors import DIVERGING, css, palette
from aespa_core.views.plain_text import LONGEST, chart_lines, chart_text

COOLING, _, WARMING = (css(colour) for colour in palette(DIVERGING, 3, trim=0.2))
MARGINS: Final = {"l": 10, "r": 30, "t": 46, "b": 10}
BARS: Final = 40
LABEL: Final = 16  # signs a line
# Seen on bars of both colours, on a white and on a black page.
INTERVAL: Final = "#8f8f8f"


def waterfall(explanation: Explanation, degrees: str) -> go.Figure:
    """Draw the parts of an estimate, the base as its own bar, ending in the estimate.

    Where members of the model were asked, a line across the end of each bar is their 90 % interval.
    """
    shown = shown_in("°C difference", degrees)
    parts = explanation.parts
    # a long label would leave the bars no room in a narrow column
    labels = [chart_lines(label, LABEL) for label in (*(p.label for p in parts), "Estimate")]
    effects = shown([part.effect_c for part in parts])
    told = [f"{value:+.1f}" for value in (*effects, effects.sum())]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=labels,
            x=[*effects, 0],
            measure=["relative"] * len(effects) + ["total"],
            increasing={"marker": {"color": WARMING}},
            decreasing={"marker": {"color": COOLING}},
            totals={"marker": {"color": "#7a7a7a"}},
            hovertemplate=f"%{{y}}: %{{delta:+.2f}} {shown.unit}<extra></extra>",
        )
    )
    if explanation.with_intervals:
        lows, highs = shown([[part.low90_c, part.high90_c] for part in parts]).T
        figure.add_trace(
            go.Scatter(
                x=np.cumsum(effects),
                y=labels[:-1],
                mode="markers",
                # the bar's end is seen without a mark; the line alone is drawn, and hovered
                marker={"size": 12, "opacity": 0},
                error_x={
                    "array": highs - effects,
                    "arrayminus": effects - lows,
                    "color": INTERVAL,
                    "thickness": 2,
                    "width": 5,
                },
                customdata=np.column_stack([effects, lows, highs]),
                hovertemplate="%{y}: %{customdata[0]:+.2f} (members %{customdata[1]:+.2f} to "
                f"%{{customdata[2]:+.2f}}) {shown.unit}<extra></extra>",
            )
        )
    # in a column of their own: at the bars' ends they would lie on the lines
    for label, words in zip(labels, told, strict=True):
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=6, y=label, text=words, showarrow=False
        )
    figure.update_layout(
        title=f"What makes it so, {shown.unit}",
        margin=MARGINS | {"r": 48},
        height=110 + 38 * len(labels),
        showlegend=False,
        xaxis={"zeroline": True, "title": None, "nticks": 6},
        yaxis={"autorange": "reversed"},
    )
    return figure


def distribution(values: pd.Series, title: str, shown: Shown, chosen: str | None) -> go.Figure:
    """Draw how many tracts have which value, the chosen one marked."""
    numbers = shown(values.dropna())
    counts, edges = np.histogram(numbers, bins=BARS)
    figure = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts,
            width=np.diff(edges),
            marker={"color": "#9aa5ad"},
            hovertemplate="%{x:.2f} " + shown.unit + ": %{y} tracts<extra></extra>",
        )
    )
    if chosen is not None and pd.notna(values[chosen]):
        figure.add_vline(
            x=float(shown(values[chosen])),
            line={"color": WARMING, "width": 3},
            annotation_text=f"tract {chart_text(chosen)}",
        )
    figure.update_layout(
        title=chart_text(title, LONGEST),
        margin=MARGINS,
        height=260,
        xaxis_title=shown.unit,
        yaxis_title="tracts",
        bargap=0,
    )
    return figure


def percentile_strip(values: pd.Series, chosen: str, shown: Shown) -> go.Figure:
    """Draw every tract as a tick on one line and the chosen one as a marker above it."""
    figure = go.Figure(
        [
            go.Scatter(
                x=shown(values),
                y=np.zeros(len(values)),
                mode="markers",
                marker={"symbol": "line-ns-open", "size": 14, "color": "rgba(130,130,130,.35)"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=shown([values[chosen]]),
                y=[0],
                mode="markers",
                marker={"symbol": "diamond", "size": 14, "color": WARMING},
                hovertemplate="%{x:.2f} " + shown.unit + "<extra></extra>",
            ),
        ]
    )
    figure.update_layout(
        title=f"Among all tracts of the metro, {shown.unit}",
        margin=MARGINS,
        height=110,
        showlegend=False,
        yaxis={"visible": False},
    )
    return figure
