"""Cooling against money, as a figure."""

import plotly.graph_objects as go

from aespa_core.analysis.budget_curve import CoolingCurve
from aespa_core.analysis.units import CELSIUS, Shown
from aespa_core.views.charts import COOLING, INTERVAL, MARGINS


def cooling_chart(
    curve: CoolingCurve, cost_usd: float, cooling_c: float, shown: Shown = CELSIUS
) -> go.Figure:
    """Draw what the next dollar still does, and where the scenario stands.

    Parameters
    ----------
    curve
        Of the same tracts and measures, up to their limits.
    cost_usd, cooling_c
        Of the scenario, by the same weights.
    shown
        Degrees as the reader wants them.
    """
    million = curve.budget / 1e6
    hover = "US$ %{x:,.1f} million: %{y:.3f} " + f"{shown.unit}<extra>%{{fullData.name}}</extra>"
    lines = (
        ("no spending does more", curve.bound, "dot", INTERVAL),
        ("spent best", curve.best, "solid", COOLING),
        ("the same share everywhere", curve.uniform, "dash", INTERVAL),
    )
    figure = go.Figure(
        [
            go.Scatter(
                x=million, y=shown(values), name=name, mode="lines", hovertemplate=hover,
                line={"dash": dash, "color": colour, "width": 2},
            )
            for name, values, dash, colour in lines
        ]
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[cost_usd / 1e6],
            y=shown([cooling_c]),
            name="this scenario",
            mode="markers",
            marker={"symbol": "diamond", "size": 13, "color": "#B5452C"},
            hovertemplate=hover,
        )
    )
    figure.update_layout(
        title=f"What the next dollar still cools: mean over the metro, {shown.unit}",
        height=320,
        margin=MARGINS,
        xaxis={"title": "US$ million", "rangemode": "tozero"},
        yaxis={"title": f"cooler by, {shown.unit}", "rangemode": "tozero"},
        legend={"orientation": "h", "y": -0.28},
    )
    return figure
