"""Maps as inline SVG: shapes once, any number of maps that colour them."""

import math
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from aespa_core.views.colors import Rgb, css
from aespa_core.views.maps import TOLERANCE_DEGREES, drawable
from aespa_core.views.plain_text import html_text

WIDTH: Final = 400.0
# of what has no class: light, so that what has one is seen
GREY: Final = "#dcdcdc"


def shape_defs(geometry: gpd.GeoSeries, prefix: str = "t") -> str:
    """Write the shapes of B tracts as symbols ``t0`` … ``tB-1`` that maps can use.

    Degrees become pixels of a map :data:`WIDTH` wide, stretched for the latitude. Where a page
    holds several metros, each needs its own ``prefix``.
    """
    # who has no border keeps his place and draws nothing
    shapes = np.full(len(geometry), shapely.Polygon(), object)
    drawn = drawable(geometry)
    shapes[drawn] = shapely.coverage_simplify(geometry.to_numpy()[drawn], 2 * TOLERANCE_DEGREES)
    west, south, east, north = shapely.total_bounds(shapes)
    stretch = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max((east - west) * stretch, 1e-9)
    placed = shapely.transform(
        shapes,
        lambda xy: np.column_stack(
            [(xy[:, 0] - west) * stretch * scale, (north - xy[:, 1]) * scale]
        ),
    )
    paths = (f'<path id="{prefix}{i}" d="{path_of(shape)}"/>' for i, shape in enumerate(placed))
    box = f"0 0 {WIDTH:g} {(north - south) * scale:.1f}"
    return (
        f'<svg width="0" height="0" style="position:absolute" data-box="{box}"><defs>'
        f"{''.join(paths)}</defs></svg>"
    )


def box_of(defs: str) -> str:
    """Give the view box that maps of these shapes need."""
    return defs.split('data-box="', 1)[1].split('"', 1)[0]


def path_of(shape: shapely.Geometry) -> str:
    """Write the rings of a polygon, or of several, as path data with a decimal a number."""
    rings = []
    for polygon in shapely.get_parts(shape):
        for ring in () if polygon.is_empty else (polygon.exterior, *polygon.interiors):
            points = np.round(shapely.get_coordinates(ring)[:-1], 1)
            rings.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(rings)


def svg_map(
    defs: str,
    codes: npt.NDArray[np.int64],
    colours: tuple[Rgb, ...],
    title: str,
    prefix: str = "t",
) -> str:
    """Draw a map of the shapes; a code beyond the colours is grey."""
    groups = []
    for code in range(len(colours) + 1):
        colour = css(colours[code]) if code < len(colours) else GREY
        uses = "".join(f'<use href="#{prefix}{i}"/>' for i in np.nonzero(codes == code)[0])
        groups.append(f'<g fill="{colour}" stroke="{colour}" stroke-width="0.3">{uses}</g>')
    label = html_text(title)
    return f'<svg viewBox="{box_of(defs)}" role="img" aria-label="{label}">{"".join(groups)}</svg>'
