"""What a simulated study knows beside its measurements: the right answers."""

from typing import Final

import pandera.pandas as pa

from aespa_core.schema import PROXIES
from aespa_core.studies.air_tables import HOUR, POLLUTANTS
from aespa_core.studies.columns import geoid_column, number, text
from aespa_core.studies.picture_tables import PHOTOS

EFFECTS: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        **{
            f"effect_{proxy.id}_c": number(
                "°C", -60, 60, nullable=False, required=True,
                meaning=f"Day LST as it is, minus with {proxy.label.lower()} at its reference.",
            )
            for proxy in PROXIES
        },
        **{
            f"per_unit_{proxy.id}_c": number(
                "°C", meaning=f"That effect for each unit of {proxy.label.lower()} moved."
            )
            for proxy in PROXIES
        },
        **{
            f"changed_{proxy.id}": number(
                "share 0–1", 0, 1, meaning="Part of the tract whose temperature the move changes."
            )
            for proxy in PROXIES
        },
        **{
            f"flipped_{proxy.id}": number(
                "share 0–1", 0, 1, meaning="Part of that which changes against the expected sign."
            )
            for proxy in PROXIES
        },
        "tree_shade_c": number(
            "°C", -60, 60, meaning="Effect of tree shade: moved by canopy and by shadow alike."
        ),
    },
    unique=["geoid"],
    name="effects",
)  # fmt: skip

ZONE_SHARES: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "zone": pa.Column(
            str,
            pa.Check.str_matches(r"^([1-9]|10|[A-G])$"),
            description="Local Climate Zone, code of Stewart & Oke (2012).",
            metadata={"unit": "text"},
        ),
        "share": number(
            "share 0–1", 0, 1, nullable=False, required=True, meaning="Part of the tract."
        ),
    },
    unique=["geoid", "zone"],
    name="zone_shares",
)

STREET_CLASSES: Final = ("sky", "building", "tree", "grass", "road", "pavement", "soil", "water")

PHOTO_SHARES: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "photo": PHOTOS.columns["photo"],
        **{
            f"{name}_share": number(
                "share 0–1", 0, 1, nullable=False, required=True, meaning=f"Pixels of {name}."
            )
            for name in STREET_CLASSES
        },
    },
    unique=["geoid", "photo"],
    name="photo_shares",
)

SLOPES: Final = pa.DataFrameSchema(
    {
        "outcome": text("What follows: log income, median age, or the logit of a share."),
        "covariate": text("What it follows."),
        "beside": text("Other covariates of the regression that finds it, joined by '+'."),
        "value": number(
            "outcome a unit", nullable=False, required=True, meaning="Change for one unit."
        ),
    },
    unique=["outcome", "covariate"],
    name="slopes",
)

AIR_TRUTH: Final = pa.DataFrameSchema(
    {"geoid": geoid_column(), **POLLUTANTS}, unique=["geoid"], name="air"
)
AIR_HOURS_TRUTH: Final = pa.DataFrameSchema(
    {"geoid": geoid_column(), "hour": HOUR, **POLLUTANTS},
    unique=["geoid", "hour"],
    name="air_hours",
)

TRUTH_TABLES: Final = {
    "truth/slopes": SLOPES,
    "truth/air": AIR_TRUTH,
    "truth/air_hours": AIR_HOURS_TRUTH,
    "truth/effects": EFFECTS,
    "truth/zone_shares": ZONE_SHARES,
    "truth/photo_shares": PHOTO_SHARES,
}
