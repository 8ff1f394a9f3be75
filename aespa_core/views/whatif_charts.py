"""Cooling against money, as a figure."""

import plotly.graph_objects as go

from aespa_core.analysis.budget_curve import CoolingCurve
from aespa_core.views.charts import COOLING, INTERVAL, MARGINS


def cooling_chart(curve: CoolingCurve, cost_usd: float, cooling_c: float) -> go.Figure:
    """Draw what the next dollar still does, and where the scenario stands.

    Parameters
    ----------
    curve
        Of the same tracts and measures, up to their limits.
    cost_usd, cooling_c
        Of the scenario, by the same weights.
    """
    million = curve.budget / 1e6
    hover = "US$ %{x:,.1f} million: %{y:.3f} °C<extra>%{fullData.name}</extra>"
    lines = (
        ("no spending does more", curve.bound, "dot", INTERVAL),
        ("spent best", curve.best, "solid", COOLING),
        ("the same share everywhere", curve.uniform, "dash", INTERVAL),
    )
    figure = go.Figure(
        [
            go.Scatter(
                x=million, y=values, name=name, mode="lines", hovertemplate=hover,
                line={"dash": dash, "color": colour, "width": 2},
            )
            for name, values, dash, colour in lines
        ]
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[cost_usd / 1e6],
            y=[cooling_c],
            name="this scenario",
            mode="markers",
            marker={"symbol": "diamond", "size": 13, "color": "#B5452C"},
            hovertemplate=hover,
        )
    )
    figure.update_layout(
        title="What the next dollar still cools: mean over the metro, °C",
        height=320,
        margin=MARGINS,
        xaxis={"title": "US$ million", "rangemode": "tozero"},
        yaxis={"title": "cooler by, °C", "rangemode": "tozero"},
        legend={"orientation": "h", "y": -0.28},
    )
    return figure
