"""Means of groups and gaps between them, as plotly figures; every title says what it shows."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from aespa_core.analysis.units import Shown
from aespa_core.views.charts import INTERVAL, MARGINS, WARMING
from aespa_core.views.plain_text import LONGEST, chart_text

ROW_PX = 26


def group_means(rows: pd.DataFrame, title: str, shown: Shown) -> go.Figure:
    """Draw the mean temperature of each group with its 95 % interval, divisions apart.

    Parameters
    ----------
    rows
        Means of T2 of one metro and outcome: ``division``, ``group``, ``estimate``, ``low95``,
        ``high95``.
    title
        What is shown.
    shown
        Degrees of the reader.
    """
    return dots(rows, [labels(rows["division"]), labels(rows["group"])], title, shown)


def gaps_by_metro(rows: pd.DataFrame, title: str, shown: Shown) -> go.Figure:
    """Draw a gap in each metro with its 95 % interval; a line marks no gap.

    Parameters
    ----------
    rows
        Gaps of T2 of one outcome: ``metro`` (as it is shown), ``estimate``, ``low95``, ``high95``.
    title, shown
        As for :func:`group_means`.
    """
    figure = dots(rows, labels(rows["metro"]), title, shown)
    figure.add_vline(0, line_dash="dot", line_color=INTERVAL)
    return figure


def dots(rows: pd.DataFrame, names: Sequence[object], title: str, shown: Shown) -> go.Figure:
    """Draw one dot a row with its interval, first row on top."""
    means, lows, highs = (shown(rows[name]) for name in ("estimate", "low95", "high95"))
    figure = go.Figure(
        go.Scatter(
            x=means,
            y=names,
            mode="markers",
            marker={"size": 11, "color": WARMING},
            error_x={
                "array": highs - means,
                "arrayminus": means - lows,
                "color": INTERVAL,
                "thickness": 2,
            },
            hovertemplate="%{y}: %{x:.2f} " + shown.unit + "<extra></extra>",
        )
    )
    figure.update_layout(
        title=chart_text(title, LONGEST),
        margin=MARGINS,
        height=110 + ROW_PX * len(rows),
        xaxis_title=shown.unit,
        yaxis={"autorange": "reversed"},
    )
    return figure


def labels(names: pd.Series) -> list[str]:
    """Write names for an axis."""
    return [chart_text(name) for name in names]
