"""What measured temperature follows of the proxies, where a run's curves are known.

A trend is the coefficient of a proxy in a regression, within metros, of labels less the run's base
on all proxies as the model's curves see them. A curve may not take the wrong sign: where the proxy
does, the residual undoes the curve and more.
"""

from typing import Final

import pandera.pandas as pa

from aespa_core.schema import PROXY_IDS
from aespa_core.studies.columns import number, text

# In the place of a metro: all metros of the study together.
ALL: Final = "all"
THIS, ANOTHER, UNKNOWN = "this", "another", "unknown"

TRENDS: Final = pa.DataFrameSchema(
    {
        "metro": text(f"Metro id, or `{ALL}`: all of several together, each by its own mean."),
        "proxy": text("Proxy id.", f"^({'|'.join(PROXY_IDS)})$"),
        "slope_c": number(
            "°C per unit", nullable=False, required=True,
            meaning="Of measured temperature by the proxy, the others held.",
        ),
        "low95_c": number("°C per unit", meaning="Lower end of its 95 % interval."),
        "high95_c": number("°C per unit", meaning="Upper end."),
        "residual_slope_c": number(
            "°C per unit", nullable=False, required=True,
            meaning="The part of it that the estimates miss.",
        ),
        "p_value": number("1", 0, 1, meaning="Of no trend, tracts taken as independent."),
        "a_deviation_c": number(
            "°C", nullable=False, required=True,
            meaning="The slope times the proxy's standard deviation within metros.",
        ),
        "contradicts": pa.Column(
            bool,
            description="Whether the trend is clear, large enough, against the expected sign.",
            metadata={"unit": "yes/no"},
        ),
        "tracts": pa.Column(
            int, pa.Check.gt(0), description="How many tell.", metadata={"unit": "count", "low": 1}
        ),
        "learned_from": text(
            "Study whose labels the model learned from, by its name. Of `this` one: residuals of "
            "the tracts that it learned from are smaller, and trends show weaker than they are.",
            f"^({THIS}|{ANOTHER}|{UNKNOWN})$",
        ),
    },
    unique=["metro", "proxy"],
    name="trends",
)  # fmt: skip
