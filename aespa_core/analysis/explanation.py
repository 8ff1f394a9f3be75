"""Why a tract is as warm as estimated: parts that add up, and what was not measured."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.places import Places
from aespa_core.schema import PROXIES
from aespa_core.studies.folder import Study
from aespa_core.studies.run_tables import BASE, MODALITIES

BASE_LABEL: Final = "Not explained by the proxies"
MODALITY_LABELS: Final = {
    "satellite": "the satellite picture",
    "street": "street photos",
    "mobility": "movement over the week",
}
# Below this, what a part would be without its neighbours is the same part, °C.
SAME_C: Final = 0.005


@dataclass(frozen=True)
class Part:
    """A bar of the waterfall, or what a kind of input moves within the bars.

    Attributes
    ----------
    label
        Words on screen.
    effect_c
        °C.
    value
        The tract's proxy, in its own unit; NaN of the base and of a kind of input.
    low90_c, high90_c
        What nine in ten members of the model would say, °C; NaN where nobody asked them.
    own_c
        Of a proxy: the effect were its neighbours' proxies at the median, °C; NaN where unknown.
    """

    label: str
    effect_c: float
    value: float = float("nan")
    low90_c: float = float("nan")
    high90_c: float = float("nan")
    own_c: float = float("nan")

    @property
    def neighbours_count(self) -> bool:
        """Whether some of the effect is its neighbours'."""
        return abs(self.own_c - self.effect_c) > SAME_C


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
    modalities
        What each kind of input moves, within the parts and not beside them; empty where unknown.
    taken_apart
        Whether the run's attributions say more than its estimates do.
    """

    geoid: str
    anomaly_c: float
    low90_c: float
    high90_c: float
    percentile: float
    parts: tuple[Part, ...]
    not_measured: tuple[str, ...]
    extrapolated: bool
    modalities: tuple[Part, ...] = field(default=())
    taken_apart: bool = False

    @property
    def with_intervals(self) -> bool:
        """Whether the members' spread is known of every part."""
        return all(np.isfinite(part.low90_c) for part in self.parts)


def attributions_of(study: Study, run: str | None, geoid: str) -> pd.DataFrame | None:
    """Read what ``aespa attribute`` left of a tract, indexed by tract and part; None where nothing.

    ``run`` is None for an atlas, which is one run.
    """
    if "attributions" not in study.run_tables(run or ""):
        return None
    rows = study.read_tract(run or "", "attributions", geoid)
    return rows.set_index(["geoid", "part"]).sort_index()


def explain(places: Places, geoid: str, attributions: pd.DataFrame | None = None) -> Explanation:
    """Take one tract's estimate apart.

    Parameters
    ----------
    places
        A metro with estimates.
    geoid
        A tract of it, with an estimate.
    attributions
        As :func:`attributions_of` reads them; intervals and kinds of input come from them.
    """
    row = places.frame.loc[geoid]
    effects = {proxy.id: row.get(f"contribution_{proxy.id}_c") for proxy in PROXIES}
    shown = [proxy for proxy in PROXIES if pd.notna(effects[proxy.id])]
    known = attributions is not None and geoid in attributions.index
    told = attributions.loc[geoid] if attributions is not None and known else pd.DataFrame()
    parts = (
        part_of(BASE_LABEL, float(row["base_c"]), told, BASE),
        *(
            part_of(proxy.label, float(effects[proxy.id]), told, proxy.id, row.get(proxy.id))
            for proxy in shown
        ),
    )
    modalities = tuple(
        part_of(MODALITY_LABELS[name], float(told.loc[name, "effect_c"]), told, name)
        for name in MODALITIES
        if name in told.index
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
        modalities=modalities,
        taken_apart=known,
    )


def part_of(
    label: str, effect_c: float, told: pd.DataFrame, name: str, value: float | None = None
) -> Part:
    """Put a part together from the estimates and, where there is one, its row of attributions."""
    row = told.loc[name] if name in told.index else pd.Series(dtype=float)
    said = (float(row.get(column, np.nan)) for column in ("low90_c", "high90_c", "own_c"))
    return Part(label, effect_c, float("nan") if value is None else float(value), *said)
