"""Maps of classes that have names: income against heat, and clusters of hot and cool tracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pydeck as pdk

from aespa_core.analysis.disparity.figures import bivariate, clusters
from aespa_core.analysis.disparity.figures.bivariate import THIRDS
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.views.colors import DIVERGING, Rgb, Scale, css, palette
from aespa_core.views.maps import MapFile, fill_expression, geojson_file, outlined
from aespa_core.views.svg_maps import shape_defs, svg_map

# Crameri's lajolla, vik and hawaii; all nine differ for eyes of every kind, on every page
CORNERS: Final[dict[tuple[int, int], Rgb]] = {
    (0, 0): palette("crameri:lajolla", 51)[46],
    (0, 1): palette(DIVERGING, 51)[39],
    (1, 0): palette(DIVERGING, 51)[15],
    (1, 1): palette("crameri:hawaii", 2)[0],
}
_VIK: Final = palette(DIVERGING, 21)
# hot, hot alone, cool alone, cool; what has no pattern is pale, for grey is what is not known
CLUSTER_COLOURS: Final[tuple[Rgb, ...]] = (
    _VIK[17],
    _VIK[13],
    _VIK[7],
    _VIK[4],
    palette("crameri:lajolla", 51)[49],
    (120, 120, 120),
)


def square_colours() -> tuple[Rgb, ...]:
    """Mix the corners: richest and coolest first, third of income by third of heat."""
    mixed = []
    for poor in np.linspace(0, 1, THIRDS):
        for hot in np.linspace(0, 1, THIRDS):
            parts = [
                (poor if p else 1 - poor) * (hot if h else 1 - hot) * np.array(corner, float)
                for (p, h), corner in CORNERS.items()
            ]
            red, green, blue = np.rint(np.sum(parts, axis=0)).astype(int).tolist()
            mixed.append((red, green, blue))
    return tuple(mixed)


COLOURS: Final[dict[str, tuple[Rgb, ...]]] = {
    "bivariate": square_colours(),
    "clusters": CLUSTER_COLOURS,
}
NAMES: Final = {
    "bivariate": (*bivariate.CLASSES, bivariate.UNKNOWN),
    "clusters": (*clusters.CLASSES, clusters.UNKNOWN),
}
END: Final = "padding:0 .1rem;font-weight:normal;font-size:.85rem;text-align:center;border:0"


@dataclass(frozen=True)
class ClassMap:
    """A map of named classes.

    Attributes
    ----------
    id
        Of the figure: ``bivariate`` or ``clusters``.
    title
        What it shows.
    codes
        Class of each tract, the number of colours where it is unknown, shape (B,).
    names
        Of the classes, the unknown last.
    colours
        One a class, without the unknown.
    """

    id: str
    title: str
    codes: npt.NDArray[np.int64]
    names: tuple[str, ...]
    colours: tuple[Rgb, ...]

    @property
    def scale(self) -> Scale:
        """Colours as a deck takes them; the limits are class numbers."""
        return Scale(tuple(map(float, range(len(self.colours) + 1))), self.colours)


def class_map(data: FigureData) -> ClassMap:
    """Colour the classes of a figure."""
    codes = data.frame["class"].to_numpy(np.int64)
    return ClassMap(data.id, data.title, codes, NAMES[data.id], COLOURS[data.id])


def class_map_file(geometry: gpd.GeoSeries, shown: Sequence[ClassMap]) -> MapFile:
    """Write the tracts once with ``k_<id>``, a class number, and ``<id>``, its name, a map.

    Parameters
    ----------
    geometry
        Borders indexed by geoid, in the order of the maps' codes.
    shown
        Maps of these tracts.
    """
    properties: dict[str, npt.ArrayLike] = {
        "geoid": geometry.index.to_numpy(),
        "row": np.arange(len(geometry)),
    }
    for one in shown:
        properties[f"k_{one.id}"] = one.codes
        properties[one.id] = np.array(one.names)[one.codes]
    return geojson_file(properties, geometry)


def class_deck(
    data: str | dict[str, Any],
    shown: ClassMap,
    view: pdk.ViewState,
    chosen: gpd.GeoSeries | None = None,
    outline: Rgb = (20, 20, 20),
) -> pdk.Deck:
    """Draw a map; ``data`` is the address of a :func:`class_map_file`, or its parsed content."""
    layers = [
        pdk.Layer(
            "GeoJsonLayer",
            id=f"classes-{shown.id}",
            data=data,
            stroked=False,
            pickable=True,
            auto_highlight=True,
            get_fill_color=fill_expression(shown.id, shown.scale),
        )
    ]
    if chosen is not None:
        layers.append(outlined(chosen, outline))
    return pdk.Deck(
        layers=layers,
        initial_view_state=view,
        map_provider=None,
        tooltip={"text": f"Tract {{geoid}}\n{{{shown.id}}}"},
    )


def class_svg(geometry: gpd.GeoSeries, shown: ClassMap, prefix: str = "t") -> str:
    """Draw a map as SVG; on a page with others, ``prefix`` must be its own."""
    defs = shape_defs(geometry, prefix)
    return defs + svg_map(defs, shown.codes, shown.colours, shown.title, prefix)


def legend_of(shown: ClassMap) -> str:
    """Write the legend of a map: a square for two things at once, else a list with counts."""
    return square_legend(shown) if shown.id == "bivariate" else list_legend(shown)


def list_legend(shown: ClassMap) -> str:
    """Write each class with its colour and its number of tracts."""
    counts = np.bincount(shown.codes, minlength=len(shown.names))
    entries = [
        f"<span>{swatch(colour)}{escape(name)} ({count:,})</span>"
        for colour, name, count in zip(shown.colours, shown.names, counts, strict=False)
    ]
    return wrapped("".join(entries) + unknown(shown))


def square_legend(shown: ClassMap) -> str:
    """Write the nine classes as a square: hotter to the right, poorer upwards."""
    rows = []
    for poor in reversed(range(THIRDS)):
        end = {THIRDS - 1: "poorer", 0: "richer"}.get(poor, "")
        cells = "".join(
            f'<td style="padding:1px" title="{escape(shown.names[code])}">'
            f'<i style="display:block;width:2rem;height:1.5rem;background:'
            f'{css(shown.colours[code])}"></i></td>'
            for code in range(THIRDS * poor, THIRDS * (poor + 1))
        )
        rows.append(f'<tr><th style="{END}">{end}</th>{cells}</tr>')
    ends = '<div style="display:flex;justify-content:space-between">cooler<b></b>hotter</div>'
    square = (
        '<table style="border-collapse:collapse;width:auto;border:0">'
        f"{''.join(rows)}<tr><td></td>"
        f'<td colspan="{THIRDS}" style="{END}">{ends}</td></tr></table>'
    )
    return wrapped(square + unknown(shown))


def swatch(colour: Rgb) -> str:
    """Write a patch of a colour."""
    return f'<i style="background:{css(colour)}"></i>'


def unknown(shown: ClassMap) -> str:
    """Say what grey stands for, where there is any."""
    count = int((shown.codes == len(shown.colours)).sum())
    name = escape(shown.names[-1])
    return f'<span><i class="missing"></i>{name} ({count:,})</span>' if count else ""


def wrapped(entries: str) -> str:
    """Mark a legend as one."""
    return f'<div class="aespa-legend" role="img" aria-label="Legend">{entries}</div>'
