"""Values to classed colours that survive colour blindness (Crameri's maps; never rainbow)."""

from dataclasses import dataclass
from html import escape
from typing import Final

import cmap
import numpy as np
import numpy.typing as npt

Rgb = tuple[int, int, int]

SEQUENTIAL: Final = "crameri:lajolla"
DIVERGING: Final = "crameri:vik"
NEUTRAL: Final = "crameri:batlow"
MISSING: Final[Rgb] = (158, 158, 158)
CLASSES: Final = 7


@dataclass(frozen=True)
class Scale:
    """Classed colours.

    Attributes
    ----------
    edges
        Class limits, ascending, ``len(colours) + 1`` of them, in the layer's unit.
    colours
        One colour a class, from low to high.
    """

    edges: tuple[float, ...]
    colours: tuple[Rgb, ...]


def palette(name: str, classes: int, *, reverse: bool = False, trim: float = 0.0) -> list[Rgb]:
    """Pick evenly spaced colours of a map, leaving ``trim`` of each end unused."""
    positions = np.linspace(trim, 1 - trim, classes)
    colours = [
        tuple(round(255 * channel) for channel in cmap.Colormap(name)(position).rgba[:3])
        for position in positions
    ]
    return colours[::-1] if reverse else colours


def sequential_scale(
    values: npt.ArrayLike, name: str = SEQUENTIAL, *, reverse: bool = False
) -> Scale:
    """Quantile classes: each holds about as many tracts as the others."""
    finite = finite_values(values)
    edges = np.unique(np.quantile(finite, np.linspace(0, 1, CLASSES + 1)))
    if len(edges) == 1:
        edges = np.array([edges[0], edges[0]])
    # the ends of the maps vanish on a white and on a black page
    colours = palette(name, len(edges) - 1, reverse=reverse, trim=0.14)
    return Scale(tuple(map(float, edges)), tuple(colours))


def diverging_scale(values: npt.ArrayLike) -> Scale:
    """Equal classes around zero out to the 98th percentile; the ends take what lies beyond."""
    finite = finite_values(values)
    reach = float(np.quantile(np.abs(finite), 0.98)) or 1.0
    inner = np.linspace(-reach, reach, CLASSES + 1)
    edges = inner.copy()
    edges[0] = min(edges[0], float(finite.min()))
    edges[-1] = max(edges[-1], float(finite.max()))
    return Scale(tuple(map(float, edges)), tuple(palette(DIVERGING, CLASSES, trim=0.1)))


def finite_values(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Values that are numbers; a lone zero if there is none, so that a legend can be drawn."""
    array = np.asarray(values, dtype=float)
    finite = array[np.isfinite(array)]
    return finite if finite.size else np.zeros(1)


def classes_of(values: npt.ArrayLike, scale: Scale) -> npt.NDArray[np.int64]:
    """Class number of each value; ``len(scale.colours)`` stands for missing.

    Parameters
    ----------
    values
        Shape (B,), NaN where missing.
    scale
        Classes.

    Returns
    -------
    numpy.ndarray
        Shape (B,), 0 … number of colours.
    """
    array = np.asarray(values, dtype=float)
    codes = np.searchsorted(scale.edges[1:-1], array, side="right")
    return np.where(np.isfinite(array), codes, len(scale.colours))


def css(colour: Rgb) -> str:
    """Write a colour for style sheets."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def legend_html(scale: Scale, limits: npt.ArrayLike, sign: str, grey: str) -> str:
    """Write the classes of a map with their limits, as they are shown, and what grey stands for."""
    values = np.asarray(limits, float)
    entries = [
        f'<span><i style="background:{css(colour)}"></i>{low:{sign}.2f} … {high:{sign}.2f}</span>'
        for colour, low, high in zip(scale.colours, values, values[1:], strict=False)
    ]
    entries.append(f'<span><i class="missing"></i>{escape(grey)}</span>')
    return f'<div class="aespa-legend" role="img" aria-label="Legend">{"".join(entries)}</div>'
