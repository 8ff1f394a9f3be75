"""A picture with what its regions move painted over it: red warms the estimate, blue cools it."""

from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from aespa_core.views.colors import DIVERGING, css, palette

Pixels = npt.NDArray[np.uint8]
Cells = npt.NDArray[np.float64]

COOLS, _, WARMS = palette(DIVERGING, 3, trim=0.15)
# The strongest region still shows the picture beneath.
MOST_COVER: Final = 0.8
# What lies under the paint is greyed by this much: colours of its own would be taken for paint.
GREYED: Final = 0.7


def overlaid(picture: Pixels, effect_c: Cells, reach_c: float) -> Pixels:
    """Paint effects over a picture.

    Parameters
    ----------
    picture
        (H, W, 3).
    effect_c
        Of each cell, °C, (R, C).
    reach_c
        Effect that gets the fullest colour, °C; one number for all pictures of a tract.
    """
    height, width = picture.shape[:2]
    small = Image.fromarray(effect_c.astype(np.float32))
    effect = np.asarray(small.resize((width, height), Image.Resampling.BILINEAR))
    cover = MOST_COVER * np.clip(np.abs(effect) / (reach_c or 1.0), 0.0, 1.0)[..., None]
    colour = np.where(effect[..., None] > 0, np.array(WARMS), np.array(COOLS))
    grey = picture.mean(-1, keepdims=True)
    beneath = (1 - GREYED) * picture + GREYED * grey
    painted: Pixels = ((1 - cover) * beneath + cover * colour).round().astype(np.uint8)
    return painted


def moves_html(reach: float, unit: str) -> str:
    """Write which colour cools and which warms, and by how much the fullest of them does."""
    return (
        '<div class="aespa-legend" role="img" aria-label="Legend">'
        f'<span><i style="background:{css(COOLS)}"></i>cools by {reach:.3f} {escape(unit)} or more '
        f'</span><span><i style="background:{css(WARMS)}"></i>warms by {reach:.3f} {escape(unit)} '
        "or more, in one cell of a map</span></div>"
    )
