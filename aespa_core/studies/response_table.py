r"""How each tract's estimate answers to a move of one proxy: curves, without the model.

.. math:: \Delta T_k(d) = l\,d + \sum_u w_u\,[\tanh(r_u + q_u d) - \tanh r_u]

d is how far the proxy moves from its value now, in its own unit; l, w, q, r are those of the tract,
the proxy and one member of the model at the tract's own context. l and w carry the proxy's expected
sign and no q is negative: a move in the cooling direction never warms, whatever the numbers are.
"""

from typing import Final

import pandera.pandas as pa

from aespa_core.schema import PROXY_IDS
from aespa_core.studies.columns import geoid_column, number, text

UNITS: Final = 4
# Proxies are shares and indices; weights that a model learned stay far below.
MOST_MOVE: Final = 10.0
MOST_COEFFICIENT: Final = 1e6
WEIGHTS: Final = tuple(f"weight_{unit}_c" for unit in range(UNITS))
SLOPES: Final = tuple(f"slope_{unit}" for unit in range(UNITS))
OFFSETS: Final = tuple(f"offset_{unit}" for unit in range(UNITS))


def coefficient(unit: str, low: float = -MOST_COEFFICIENT, *, meaning: str) -> pa.Column:
    """Declare a coefficient of a curve: as precise as the model's own weights."""
    column = number(unit, low, MOST_COEFFICIENT, meaning=meaning, nullable=False, required=True)
    return pa.Column(
        "float32",
        column.checks,
        required=True,
        coerce=True,
        description=meaning,
        metadata=column.metadata,
    )


RESPONSES: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "metro": text("Metro id."),
        "proxy": text("Proxy id.", f"^({'|'.join(PROXY_IDS)})$"),
        "member": pa.Column(
            int, pa.Check.ge(0), description="Of the model.", metadata={"unit": "count", "low": 0}
        ),
        "value": number(
            "of the proxy", -MOST_MOVE, MOST_MOVE,
            meaning="Where the proxy is now; missing where a source forbids it."
        ),
        "lowest": number(
            "of the proxy", -MOST_MOVE, 0, nullable=False, required=True,
            meaning="How far it may fall and still be like anything learned from.",
        ),
        "highest": number(
            "of the proxy", 0, MOST_MOVE, nullable=False, required=True,
            meaning="How far it may rise and still be like anything learned from.",
        ),
        "usual_lowest": number(
            "of the proxy", -MOST_MOVE, 0, nullable=False, required=True,
            meaning="Fall to what a tenth of the metro's equally dense tracts lie below.",
        ),
        "usual_highest": number(
            "of the proxy", 0, MOST_MOVE, nullable=False, required=True,
            meaning="Rise to what a tenth of the metro's equally dense tracts lie above.",
        ),
        "line_c": coefficient("°C per unit", meaning="l, straight part."),
        **{name: coefficient("°C", meaning="w, of a saturating unit.") for name in WEIGHTS},
        **{name: coefficient("1 per unit", 0, meaning="q, its steepness.") for name in SLOPES},
        **{name: coefficient("1", meaning="r, where it is now.") for name in OFFSETS},
    },
    unique=["geoid", "proxy", "member"],
    name="responses",
)  # fmt: skip
