r"""Do labels say that a proxy acts against its expected sign? What residuals still follow.

.. math:: r_i - \bar r_m = \sum_k \gamma_k (p_{ik} - \bar p_{mk}) + \varepsilon_i

r is label minus estimate, all told within metros. A curve that must not rise is flat at best where
the proxy warms: then its residual rises with the proxy, and γ has the sign that the curve may not
have. One that is too weak leaves a γ of the expected sign: that contradicts nothing.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd
import statsmodels.api as sm

from aespa_core.schema import PROXIES

# Of the t test, with heteroskedasticity-consistent errors (HC3): one proxy in a thousand by chance.
LEVEL: Final = 0.001
# A trend that moves a deviation of the proxy by less is of no consequence, °C.
LEAST_C: Final = 0.05
LEAST_TRACTS: Final = 30


@dataclass(frozen=True)
class ResidualTrend:
    """What residuals follow of one proxy.

    Attributes
    ----------
    proxy
        Its id.
    slope_c, low95_c, high95_c
        γ with its 95 % interval, °C per unit.
    p_value
        Of no trend.
    a_deviation_c
        γ times the proxy's deviation within metros, °C.
    contradicts
        Whether the trend is clear, large enough, and against the expected sign.
    tracts
        How many tell.
    """

    proxy: str
    slope_c: float
    low95_c: float
    high95_c: float
    p_value: float
    a_deviation_c: float
    contradicts: bool
    tracts: int


def residual_trends(tracts: pd.DataFrame) -> tuple[ResidualTrend, ...]:
    """Regress residuals on all measured proxies together.

    Parameters
    ----------
    tracts
        Columns ``residual_c`` (label minus estimate, °C), proxies by id, and ``metro`` where there
        is more than one.

    Returns
    -------
    tuple of ResidualTrend
        One a proxy that varies; empty where fewer than :data:`LEAST_TRACTS` tracts have all.
    """
    present = [p for p in PROXIES if p.id in tracts and tracts[p.id].notna().any()]
    names = [proxy.id for proxy in present]
    used = tracts.dropna(subset=["residual_c", *names])
    if len(used) < LEAST_TRACTS or not names:
        return ()
    metro = used["metro"] if "metro" in used else pd.Series("", index=used.index)
    centred = used[["residual_c", *names]] - used.groupby(metro)[["residual_c", *names]].transform(
        "mean"
    )
    varying = [proxy for proxy in present if centred[proxy.id].std() > 1e-9]
    x = centred[[proxy.id for proxy in varying]]
    fit = sm.OLS(centred["residual_c"], x).fit(cov_type="HC3")
    ends = fit.conf_int()
    found = []
    for proxy in varying:
        slope = float(fit.params[proxy.id])
        moved = slope * float(centred[proxy.id].std())
        low, high = (float(end) for end in ends.loc[proxy.id])
        p_value = float(fit.pvalues[proxy.id])
        clear = p_value < LEVEL and abs(moved) > LEAST_C
        found.append(
            ResidualTrend(
                proxy.id, slope, low, high, p_value, moved, clear and slope * proxy.sign < 0,
                len(used),
            )
        )  # fmt: skip
    return tuple(found)
