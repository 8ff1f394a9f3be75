"""Where measured temperature goes against a proxy's expected sign: what is then not to be trusted.

A curve of the model may not take the wrong sign. Where a proxy does act the other way, what is
measured minus what is estimated undoes the curve and more, and ``aespa attribute`` notes that.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from aespa_core.analysis.scenarios.measures import MEASURES, Measure, proxy_named
from aespa_core.schema import PROXY_IDS, Proxy
from aespa_core.studies.folder import Study
from aespa_core.studies.trend_table import ALL, ANOTHER, THIS, UNKNOWN

TABLE = "trends"
LEARNED = {
    THIS: "The model learned from labels of this study: residuals of those tracts are smaller, and "
    "trends show weaker than they are.",
    ANOTHER: "The model learned from another study's labels.",
    UNKNOWN: "Whether the model learned from these labels is not known: residuals of tracts that "
    "it learned from are smaller.",
}


@dataclass(frozen=True)
class Contradiction:
    """A proxy that acts against its expected sign.

    Attributes
    ----------
    proxy
        Its id.
    slope_c, low95_c, high95_c
        Of measured temperature by the proxy, the others held, with its 95 % interval, °C per unit.
    model_slope_c
        What the model's curves say instead, °C per unit.
    a_deviation_c
        The slope times the proxy's standard deviation within metros, °C.
    everywhere
        Whether it shows over all metros of the study together and not in this one alone.
    """

    proxy: str
    slope_c: float
    low95_c: float
    high95_c: float
    model_slope_c: float
    a_deviation_c: float
    everywhere: bool


@dataclass(frozen=True)
class Trends:
    """What labels say of the proxies of one metro; without labels nothing is tested.

    Attributes
    ----------
    tested
        Ids of the proxies that labels could tell of.
    against
        Those that act against their sign, the metro's own trend before that of all metros.
    learned_from
        Whether the model learned from ``this`` study, ``another`` or ``unknown``.
    """

    tested: tuple[str, ...] = ()
    against: tuple[Contradiction, ...] = ()
    learned_from: str = UNKNOWN

    def of(self, proxies: Collection[str]) -> "Trends":
        """Keep what concerns some proxies."""
        tested = tuple(name for name in self.tested if name in proxies)
        return replace(
            self, tested=tested, against=tuple(c for c in self.against if c.proxy in proxies)
        )


UNTESTED = Trends()


def trends_of(study: Study, metro: str, run: str | None) -> Trends:
    """Read what labels say of a run's proxies in a metro."""
    if TABLE not in study.run_tables(run or ""):
        return UNTESTED
    table = study.read_run(run or "", TABLE)
    own = table[table["metro"] == metro].set_index("proxy")
    pooled = table[table["metro"] == ALL].set_index("proxy")
    if own.empty and pooled.empty:
        return UNTESTED
    names = [name for name in PROXY_IDS if name in own.index or name in pooled.index]
    found = [contradiction_of(name, own, pooled) for name in names]
    return Trends(
        tuple(names),
        tuple(one for one in found if one is not None),
        str(table["learned_from"].iloc[0]),
    )


def contradiction_of(proxy: str, own: pd.DataFrame, pooled: pd.DataFrame) -> Contradiction | None:
    """Tell how labels contradict one proxy; None where they do not."""
    for rows, everywhere in ((own, False), (pooled, True)):
        if proxy in rows.index and rows.loc[proxy, "contradicts"]:
            row = rows.loc[proxy]
            return Contradiction(
                proxy,
                float(row["slope_c"]),
                float(row["low95_c"]),
                float(row["high95_c"]),
                float(row["slope_c"] - row["residual_slope_c"]),
                float(row["a_deviation_c"]),
                everywhere,
            )
    return None


def sentences(trends: Trends) -> tuple[str, ...]:
    """Warn of each contradiction, or say that there is none; nothing where nothing was tested."""
    if trends.against or not trends.tested:
        return warnings(trends)
    return (no_contradiction(trends),)


def warnings(trends: Trends) -> tuple[str, ...]:
    """Warn of each contradiction."""
    learned = "" if trends.learned_from == ANOTHER else f" {LEARNED[trends.learned_from]}"
    return tuple(f"{warning(found)}{learned}" for found in trends.against)


def warning(found: Contradiction) -> str:
    """Say what contradicts, and what is therefore not to be trusted."""
    proxy = proxy_named(found.proxy)
    label = proxy.label.lower()
    metro = "in any metro of this study" if found.everywhere else "in this metro"
    where = "over all metros of this study together" if found.everywhere else "here"
    main = [m.label.lower() for m in MEASURES if m.main == proxy.id]
    partly = [m.label.lower() for m in measures_moving(proxy.id) if m.main != proxy.id]
    part = f", nor is the part of {listed(partly)} that works through it" if partly else ""
    return (
        f"Measured temperature {direction(proxy)} with {label} {where}, the other proxies alike "
        f"({found.slope_c:+.1f} °C per unit, 95 % {found.low95_c:+.1f} to {found.high95_c:+.1f}; "
        f"{abs(found.a_deviation_c):.2f} °C for a standard deviation; the model has "
        f"{found.model_slope_c:+z.1f}), against the expected sign. The model cannot follow: "
        f"contributions of {listed([label, *main])} are not to be trusted {metro}{part}."
    )


def direction(proxy: Proxy) -> str:
    """Write which way the temperature goes where it contradicts."""
    return "rises" if proxy.sign < 0 else "falls"


def measures_moving(proxy: str) -> tuple[Measure, ...]:
    """List the measures that move a proxy."""
    return tuple(m for m in MEASURES if any(c.proxy == proxy for c in m.couplings))


def doubt(trends: Trends, measure: Measure) -> str:
    """Say why a measure is not to be trusted; '' where nothing speaks against its main proxy."""
    if not (found := trends.of((measure.main,)).against):
        return ""
    proxy = proxy_named(measure.main)
    where = "over all metros of this study together" if found[0].everywhere else "here"
    return (
        f"Not to be trusted: measured temperature {direction(proxy)} with {proxy.label.lower()} "
        f"{where}, against the expected sign, and the model cannot follow."
    )


def no_contradiction(trends: Trends) -> str:
    """Say that labels contradict no proxy."""
    labels = listed([proxy_named(name).label.lower() for name in trends.tested])
    return (
        f"Checked against measured temperature: it has no clear trend against the expected sign of "
        f"{labels}. {LEARNED[trends.learned_from]}"
    )


def listed(names: list[str]) -> str:
    """Join names: a, b and c."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
