r"""How each region of a tract's pictures moves the day's estimate: one row a cell of a picture.

.. math:: e(\text{cell}) = \sum_{i \in \text{cell}} (x_i - \bar x_i) \int_0^1
    \frac{\partial T}{\partial x_i}\big(\bar x + a\,(x - \bar x)\big)\, da

are integrated gradients (Sundararajan et al. 2017) from the metro's mean picture x̄ to the picture
x, all else as it is. A picture's cells sum to what it changes against that mean picture. What the
pictures were read as of the proxies is held: an effect takes the way through the base alone.

Beside the maps stands how like they are to maps of the same pictures by random weights: the sanity
check of Adebayo et al. (2018). Maps that stay as they are, 1, show edges and nothing learned.
"""

from typing import Final

import pandera.pandas as pa

from aespa_core.studies.columns import geoid_column, number, text

TILE: Final = "tile"
# Cells down and across; a tile's and a photo's are equally many, so that one scale serves both.
TILE_CELLS: Final = (16, 16)
PHOTO_CELLS: Final = (8, 32)


def cell_number(meaning: str, most: int) -> pa.Column:
    """Declare a place of a cell, counted from 0."""
    return pa.Column(
        int,
        [pa.Check.ge(0), pa.Check.lt(most)],
        description=meaning,
        metadata={"unit": "count", "low": 0, "high": most - 1},
    )


def likeness(meaning: str) -> pa.Column:
    """Declare a rank correlation over the cells of two maps."""
    return number("rank correlation", -1, 1, meaning=meaning, nullable=False, required=True)


SALIENCY: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "image": text("`tile`, or the name of a photo's file without its ending."),
        "row": cell_number("From the top.", TILE_CELLS[0]),
        "column": cell_number("From the left.", PHOTO_CELLS[1]),
        "effect_c": pa.Column(
            "float32",
            [pa.Check.ge(-60), pa.Check.le(60)],
            coerce=True,
            description="How the cell moves the day's estimate; members' mean.",
            metadata={"unit": "°C", "low": -60, "high": 60},
        ),
    },
    unique=["geoid", "image", "row", "column"],
    name="saliency",
)

SALIENCY_CHECK: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "image": text("`tile`, or the name of a photo's file without its ending."),
        "model": likeness("With the map of a model of random weights; draws' mean."),
        "encoders": likeness("With the map by encoders of random weights; draws' mean."),
    },
    unique=["geoid", "image"],
    name="saliency_check",
)
