"""Each figure of disparities drawn in its way: a chart, or a map with its legend."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import plotly.graph_objects as go

from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.errors import StudyError
from aespa_core.views.disparity_charts import (
    concentration_chart,
    exposure_chart,
    forest_chart,
    likeness_chart,
)
from aespa_core.views.disparity_maps import COLOURS, class_map, class_svg, legend_of
from aespa_core.views.specification_chart import choices_chart

CHARTS: Final[dict[str, Callable[[FigureData], go.Figure]]] = {
    "forest": forest_chart,
    "exposure": exposure_chart,
    "concentration": concentration_chart,
    "likeness": likeness_chart,
    "choices": choices_chart,
}
MAPS: Final = tuple(COLOURS)


@dataclass(frozen=True)
class Drawn:
    """A figure with its picture: a plotly chart, or the HTML of a map and its legend."""

    data: FigureData
    picture: go.Figure | str


def drawn(data: FigureData, geometry: gpd.GeoSeries | None = None, prefix: str = "t") -> Drawn:
    """Draw a figure.

    Parameters
    ----------
    data
        What it shows.
    geometry
        Borders of its tracts, indexed by geoid; only maps need them.
    prefix
        Of the shapes of a map; each map of a page needs its own.

    Raises
    ------
    StudyError
        If a map has no borders, or those of other tracts.
    """
    if data.id in CHARTS:
        return Drawn(data, CHARTS[data.id](data))
    if geometry is None or not geometry.index.equals(data.frame.index):
        raise StudyError(
            f"'{data.title}' needs the borders of its {len(data.frame):,} tracts in their order: "
            f"it was given {'none' if geometry is None else f'those of {len(geometry):,} others'}."
        )
    shown = class_map(data)
    return Drawn(data, class_svg(geometry, shown, prefix) + legend_of(shown))
