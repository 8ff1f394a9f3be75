"""Where measured temperature goes against a proxy's expected sign: what is then not to be trusted.

A curve of the model may not take the wrong sign. Where a proxy does act the other way, what is
measured minus what is estimated undoes the curve and more, and ``aespa attribute`` notes that.
Where it undoes a part of the curve only, the contribution may be too strong: the expected sign
pulls, or what labels do not tell apart was shared out.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import pandas as pd

from aespa_core.analysis.scenarios.measures import MEASURES, Measure, proxy_named
from aespa_core.schema import PROXY_IDS, Proxy
from aespa_core.studies.folder import Study
from aespa_core.studies.trend_table import ALL, ANOTHER, THIS, UNKNOWN

TABLE = "trends"
# A curve that is too strong by less for a deviation of the proxy is of no consequence, °C.
LEAST_C = 0.05
LEARNED = {
    THIS: "The model learned from labels of this study: residuals of those tracts are smaller, and "
    "trends show weaker than they are.",
    ANOTHER: "The model learned from another study's labels.",
    UNKNOWN: "Whether the model learned from these labels is not known: residuals of tracts that "
    "it learned from are smaller.",
}


@dataclass(frozen=True)
class Disagreement:
    """A proxy whose curve and labels do not say the same.

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
    too_strong
        Those whose curves lie beyond the 95 % interval of what is measured, without a wrong sign.
    learned_from
        Whether the model learned from ``this`` study, ``another`` or ``unknown``.
    """

    tested: tuple[str, ...] = ()
    against: tuple[Disagreement, ...] = ()
    too_strong: tuple[Disagreement, ...] = ()
    learned_from: str = UNKNOWN

    def of(self, proxies: Collection[str]) -> "Trends":
        """Keep what concerns some proxies."""
        return replace(
            self,
            tested=tuple(name for name in self.tested if name in proxies),
            against=tuple(one for one in self.against if one.proxy in proxies),
            too_strong=tuple(one for one in self.too_strong if one.proxy in proxies),
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
    against = found_by(contradicts, names, own, pooled)
    known = {one.proxy for one in against}
    rest = [name for name in names if name not in known]
    return Trends(
        tuple(names),
        against,
        found_by(is_too_strong, rest, own, pooled),
        str(table["learned_from"].iloc[0]),
    )


def found_by(
    test: Callable[[pd.Series], bool], names: list[str], own: pd.DataFrame, pooled: pd.DataFrame
) -> tuple[Disagreement, ...]:
    """List the proxies that a test finds: the metro's own row before that of all metros."""
    found = []
    for name in names:
        for rows, everywhere in ((own, False), (pooled, True)):
            if name in rows.index and test(rows.loc[name]):
                found.append(disagreement_of(rows.loc[name], everywhere=everywhere))
                break
    return tuple(found)


def disagreement_of(row: pd.Series, *, everywhere: bool) -> Disagreement:
    """Take a row of the table, named by its proxy."""
    return Disagreement(
        str(row.name),
        float(row["slope_c"]),
        float(row["low95_c"]),
        float(row["high95_c"]),
        model_slope(row),
        float(row["a_deviation_c"]),
        everywhere,
    )


def contradicts(row: pd.Series) -> bool:
    """Whether what is measured is clearly of the wrong sign."""
    return bool(row["contradicts"])


def is_too_strong(row: pd.Series) -> bool:
    """Whether the curve's slope lies beyond the measured interval, and by enough."""
    sign = proxy_named(str(row.name)).sign
    strongest = max(sign * row["low95_c"], sign * row["high95_c"])
    deviation = row["a_deviation_c"] / row["slope_c"] if row["slope_c"] else 0.0
    enough = abs(row["residual_slope_c"]) * deviation > LEAST_C
    return bool(sign * model_slope(row) > strongest and enough)


def model_slope(row: pd.Series) -> float:
    """Slope of the curves themselves, °C per unit."""
    return float(row["slope_c"] - row["residual_slope_c"])


def sentences(trends: Trends) -> tuple[str, ...]:
    """Say all that labels tell of the proxies; nothing where nothing was tested."""
    if not trends.tested:
        return ()
    none = () if trends.against else (no_contradiction(trends),)
    return (*warnings(trends), *none, *map(caution, trends.too_strong))


def warnings(trends: Trends) -> tuple[str, ...]:
    """Warn of each contradiction."""
    learned = "" if trends.learned_from == ANOTHER else f" {LEARNED[trends.learned_from]}"
    return tuple(f"{warning(found)}{learned}" for found in trends.against)


def warning(found: Disagreement) -> str:
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


def caution(found: Disagreement) -> str:
    """Say that a curve is stronger than what is measured."""
    proxy = proxy_named(found.proxy)
    where = "over all metros of this study together" if found.everywhere else "here"
    helped = [m.label.lower() for m in measures_moving(proxy.id)]
    also = f", and with them what {listed(helped)} would do" if helped else ""
    return (
        f"Measured temperature {'falls' if proxy.sign < 0 else 'rises'} with {proxy.label.lower()} "
        f"{where} less than the model says ({found.slope_c:+z.1f} °C per unit, the other proxies "
        f"alike, 95 % {found.low95_c:+z.1f} to {found.high95_c:+z.1f}; the model has "
        f"{found.model_slope_c:+z.1f}): its contributions may be too strong{also}."
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
