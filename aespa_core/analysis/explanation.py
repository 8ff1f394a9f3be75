"""Why a tract is as warm as estimated: parts that add up, and what was not measured."""

from dataclasses import dataclass

import pandas as pd

from aespa_core.analysis.places import Places
from aespa_core.schema import PROXIES


@dataclass(frozen=True)
class Part:
    """A bar of the waterfall: ``effect_c`` in °C, ``value`` the tract's proxy (NaN: the base)."""

    label: str
    effect_c: float
    value: float


@dataclass(frozen=True)
class Explanation:
    """A tract's estimate taken apart.

    Attributes
    ----------
    geoid
        The tract.
    anomaly_c, low90_c, high90_c
        Estimated difference from the metro's median and its 90 % interval, °C.
    percentile
        Share of the metro's tracts that are at most as warm, 0–100.
    parts
        The base first, then one bar a measured proxy; their effects sum to ``anomaly_c``.
    not_measured
        Labels of proxies without a value or without a curve here.
    extrapolated
        Whether the tract lies outside the range of the training data.
    """

    geoid: str
    anomaly_c: float
    low90_c: float
    high90_c: float
    percentile: float
    parts: tuple[Part, ...]
    not_measured: tuple[str, ...]
    extrapolated: bool


def explain(places: Places, geoid: str) -> Explanation:
    """Take one tract's estimate apart.

    Parameters
    ----------
    places
        A metro with estimates.
    geoid
        A tract of it, with an estimate.
    """
    row = places.frame.loc[geoid]
    effects = {proxy.id: row.get(f"contribution_{proxy.id}_c") for proxy in PROXIES}
    shown = [proxy for proxy in PROXIES if pd.notna(effects[proxy.id])]
    parts = (
        Part("Not explained by the proxies", float(row["base_c"]), float("nan")),
        *(
            Part(proxy.label, float(effects[proxy.id]), float(row.get(proxy.id, float("nan"))))
            for proxy in shown
        ),
    )
    values = places.frame["anomaly_c"]
    return Explanation(
        geoid=geoid,
        anomaly_c=float(row["anomaly_c"]),
        low90_c=float(row["low90_c"]),
        high90_c=float(row["high90_c"]),
        percentile=float(100 * (values <= row["anomaly_c"]).mean()),
        parts=parts,
        not_measured=tuple(proxy.label for proxy in PROXIES if proxy not in shown),
        extrapolated=bool(row["extrapolated"]),
    )
