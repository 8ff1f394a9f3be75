"""Single tracts of two methods side by side: estimate against observation, and where each errs."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aespa_core.analysis.leaderboard import metro_name
from aespa_core.analysis.residuals import TractErrors
from aespa_core.views.charts import MARGINS
from aespa_core.views.colors import DIVERGING, NEUTRAL, css, palette
from aespa_core.views.plain_text import chart_text, chart_texts

SYMBOLS: Final = (
    "circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star",
)  # fmt: skip
GREY: Final = "#8a8a8a"
SCATTER_PX: Final = 520
MAP_PX: Final = 520


def agreement_figure(shown: Mapping[str, TractErrors], what: str = "") -> go.Figure:
    """Draw observed against estimated temperature of each tested tract, one panel a method.

    Parameters
    ----------
    shown
        Label → tested tracts, one or two methods.
    what
        What both axes tell beyond *estimated* and *observed*, with a leading blank.
    """
    figure = make_subplots(
        cols=len(shown),
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=[chart_text(label) for label in shown],
    )
    every = pd.concat([found.rows for found in shown.values()])
    ends = [every[["observed_c", "estimate_c"]].to_numpy().min(),
            every[["observed_c", "estimate_c"]].to_numpy().max()]  # fmt: skip
    metros = sorted(every["metro"].unique())
    # the ends of the map vanish on a dark and on a light page
    colours = [css(colour) for colour in palette(NEUTRAL, len(metros) + 2, trim=0.12)[1:-1]]
    for column, found in enumerate(shown.values(), 1):
        for number, metro in enumerate(metros):
            rows = found.rows[found.rows["metro"] == metro]
            figure.add_trace(
                go.Scatter(
                    x=rows["estimate_c"],
                    y=rows["observed_c"],
                    mode="markers",
                    name=chart_text(metro_name(metro)),
                    legendgroup=f"metro {number}",
                    showlegend=column == 1,
                    marker={
                        "symbol": SYMBOLS[number % len(SYMBOLS)],
                        "color": colours[number],
                        "size": 6,
                        "opacity": 0.85,
                        "line": {"color": GREY, "width": 0.5},
                    },
                    customdata=chart_texts(rows[["geoid", "residual_c"]]),
                    hovertemplate="tract %{customdata[0]}: estimated %{x:.2f} °C, "
                    "observed %{y:.2f} °C (%{customdata[1]:+.2f})<extra></extra>",
                ),
                row=1,
                col=column,
            )
        figure.add_trace(
            go.Scatter(
                x=ends,
                y=ends,
                mode="lines",
                name="estimate = observation",
                showlegend=column == 1,
                line={"color": GREY, "dash": "dash"},
                hoverinfo="skip",
            ),
            row=1,
            col=column,
        )
    figure.update_xaxes(title=f"estimated{what}, °C")
    figure.update_yaxes(title=f"observed{what}, °C", col=1)
    figure.update_layout(
        margin=MARGINS,
        height=SCATTER_PX,
        legend={"orientation": "h", "y": -0.16, "itemsizing": "constant"},
    )
    return figure


def residual_figure(shown: Mapping[str, pd.DataFrame]) -> go.Figure:
    """Draw where one metro's tracts are hotter or cooler than estimated, one panel a method.

    Both panels share one scale, centred on 0; it ends at the 98th percentile, and what lies beyond
    gets the colour of the end. Axes are equal, in km from the metro's middle.

    Parameters
    ----------
    shown
        Label → rows of :func:`aespa_core.analysis.residuals.residual_places`.
    """
    figure = make_subplots(
        cols=len(shown),
        shared_yaxes=True,
        horizontal_spacing=0.06,
        subplot_titles=[chart_text(label) for label in shown],
    )
    every = pd.concat(shown.values())["residual_c"].abs()
    reach = float(np.quantile(every, 0.98)) or 1.0
    for column, rows in enumerate(shown.values(), 1):
        placed = rows.dropna(subset=["x_km", "y_km"])
        figure.add_trace(
            go.Scatter(
                x=placed["x_km"],
                y=placed["y_km"],
                mode="markers",
                showlegend=False,
                marker={
                    "color": placed["residual_c"],
                    "coloraxis": "coloraxis",
                    "size": 15,
                    "line": {"color": GREY, "width": 1},
                },
                customdata=chart_texts(placed[["geoid", "observed_c", "estimate_c"]]),
                hovertemplate="tract %{customdata[0]}: observed %{customdata[1]:.2f} °C, "
                "estimated %{customdata[2]:.2f} °C (%{marker.color:+.2f})<extra></extra>",
            ),
            row=1,
            col=column,
        )
    figure.update_xaxes(title="km east of the middle", zeroline=False, matches="x")
    figure.update_yaxes(scaleanchor="x", row=1, col=1)
    figure.update_yaxes(zeroline=False)
    figure.update_yaxes(title="km north", col=1)
    figure.update_layout(
        margin=MARGINS,
        height=MAP_PX,
        coloraxis={
            "colorscale": [css(colour) for colour in palette(DIVERGING, 11, trim=0.1)],
            "cmin": -reach,
            "cmax": reach,
            "colorbar": {"title": "observed minus<br>estimated, °C", "tickformat": "+.1f"},
        },
    )
    return figure
