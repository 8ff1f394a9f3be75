"""A tract's movement as a chart, and the classes of its photos as colours."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from aespa_core.studies.truth_tables import STREET_CLASSES
from aespa_core.views.colors import css

# Names on screen, line style and colour: told apart without colour, too.
LINES: Final = {
    "visits": ("Visits to places here", "solid", "#B5452C"),
    "outbound": ("Residents elsewhere", "dash", "#2F6F8F"),
    "stay": ("Residents here", "dot", "#7a7a7a"),
}
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CLASS_COLOURS: Final = {
    "sky": (150, 200, 240),
    "building": (170, 90, 80),
    "tree": (25, 105, 45),
    "grass": (140, 200, 90),
    "road": (75, 75, 85),
    "pavement": (190, 190, 185),
    "soil": (195, 155, 105),
    "water": (60, 110, 200),
}


def week_chart(week: pd.DataFrame) -> go.Figure:
    """Draw the 168 hours of a tract's week, Monday first."""
    figure = go.Figure(
        [
            go.Scatter(
                x=week.index,
                y=week[column],
                name=LINES[column][0],
                line={"dash": LINES[column][1], "color": LINES[column][2], "width": 2},
                hovertemplate="hour %{x}: %{y:.0f} an hour<extra>%{fullData.name}</extra>",
            )
            for column in week
        ]
    )
    figure.update_layout(
        title="Movement over the week, visits an hour",
        height=280,
        margin={"l": 10, "r": 10, "t": 46, "b": 10},
        xaxis={"tickvals": [24 * day + 12 for day in range(7)], "ticktext": DAYS},
        legend={"orientation": "h", "y": -0.15},
    )
    return figure


def class_colours_html() -> str:
    """Write which colour of a mask is what."""
    entries = "".join(
        f'<span><i style="background:{css(colour)}"></i>{name}</span>'
        for name, colour in CLASS_COLOURS.items()
    )
    return f'<div class="aespa-legend" role="img" aria-label="Legend">{entries}</div>'


def coloured(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Give each class of a photo's mask its colour: (R, W) → (R, W, 3)."""
    palette = np.array([CLASS_COLOURS[name] for name in STREET_CLASSES], np.uint8)
    colours: npt.NDArray[np.uint8] = palette[mask]
    return colours
