"""What a model run leaves in a study beside its estimates: why they are so, and what moves them."""

from typing import Final

import pandera.pandas as pa

from aespa_core.schema import PROXY_IDS
from aespa_core.studies.columns import geoid_column, number, text
from aespa_core.studies.response_table import RESPONSES
from aespa_core.studies.saliency_table import SALIENCY, SALIENCY_CHECK
from aespa_core.studies.tables import ESTIMATES
from aespa_core.studies.trend_table import TRENDS

BASE: Final = "base"
# What an estimate can be taken apart into beside the proxies: what each kind of input moves.
MODALITIES: Final = ("satellite", "street", "mobility")
PARTS: Final = (BASE, *PROXY_IDS, *MODALITIES)

ATTRIBUTIONS: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "part": text("Base, proxy or modality.", f"^({'|'.join(PARTS)})$"),
        "effect_c": number(
            "°C", -60, 60, nullable=False, required=True,
            meaning="Of a proxy: against its metro's median. Of a modality, which is within the "
            "base: against not having it. Members' mean.",
        ),
        "low90_c": number(
            "°C", -600, 600, meaning="Lower end of what nine in ten members say; none for one."
        ),
        "high90_c": number("°C", -600, 600, meaning="Upper end."),
        "own_c": number(
            "°C", -60, 60,
            meaning="Of a proxy: the part that is the tract's own, its neighbours at the median.",
        ),
    },
    unique=["geoid", "part"],
    name="attributions",
)  # fmt: skip

ATTENTION: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "photo": text("Name of the photo's file, without its ending."),
        "attention": number(
            "share 0–1", 0, 1, nullable=False, required=True,
            meaning="Weight of the photo among the tract's, the members' mean.",
        ),
    },
    unique=["geoid", "photo"],
    name="attention",
)  # fmt: skip

EXPLANATIONS: Final = {
    "attributions": ATTRIBUTIONS,
    "responses": RESPONSES,
    "attention": ATTENTION,
    "saliency": SALIENCY,
    "saliency_check": SALIENCY_CHECK,
    "trends": TRENDS,
}
RUN_TABLES: Final = {"estimates": ESTIMATES, **EXPLANATIONS}
