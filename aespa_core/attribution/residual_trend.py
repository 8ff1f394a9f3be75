r"""Do labels say that a proxy acts against its expected sign? What residuals say with the curves.

.. math:: r_i + \sum_j f_j(p_{ij}) = \mu_m + \sum_k (\beta_k + \gamma_k)\, p_{ik} + \varepsilon_i

r is label minus estimate, f_j a curve of the model, μ a level of each metro: partial residuals
(Larsen & McCleary 1972, Technometrics 14:781). β is the curves' own slope and γ what the residuals
follow beyond it. A curve may not take the wrong sign: where the proxy does, γ undoes the curve and
more, and β + γ is of the wrong sign. A γ against the sign that only weakens a curve contradicts
nothing.
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
    """What labels follow of one proxy, the others held.

    Attributes
    ----------
    proxy
        Its id.
    slope_c, low95_c, high95_c
        β + γ with its 95 % interval, °C per unit.
    residual_slope_c
        γ alone, °C per unit: without curves the same.
    p_value
        Of β + γ = 0.
    a_deviation_c
        β + γ times the proxy's deviation within metros, °C.
    contradicts
        Whether the slope is clear, large enough, and against the expected sign.
    tracts
        How many tell.
    """

    proxy: str
    slope_c: float
    low95_c: float
    high95_c: float
    residual_slope_c: float
    p_value: float
    a_deviation_c: float
    contradicts: bool
    tracts: int


def residual_trends(tracts: pd.DataFrame) -> tuple[ResidualTrend, ...]:
    """Regress partial residuals on all measured proxies together.

    Parameters
    ----------
    tracts
        Columns ``residual_c`` (label minus estimate, °C), proxies by id, ``contribution_<id>_c``
        where the model has curves (°C), and ``metro`` where there is more than one.

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
    curves = used.filter(regex="^contribution_.*_c$").sum(axis=1)
    told = used[["residual_c", *names]].assign(partial_c=used["residual_c"] + curves)
    centred = told - told.groupby(metro).transform("mean")
    varying = [proxy for proxy in present if centred[proxy.id].std() > 1e-9]
    x = centred[[proxy.id for proxy in varying]]
    fit = sm.OLS(centred["partial_c"], x).fit(cov_type="HC3")
    beyond = sm.OLS(centred["residual_c"], x).fit().params
    ends = fit.conf_int()
    found = []
    for proxy in varying:
        slope, p_value = float(fit.params[proxy.id]), float(fit.pvalues[proxy.id])
        moved = slope * float(centred[proxy.id].std())
        low, high = (float(end) for end in ends.loc[proxy.id])
        clear = p_value < LEVEL and abs(moved) > LEAST_C
        found.append(
            ResidualTrend(
                proxy.id, slope, low, high, float(beyond[proxy.id]), p_value, moved,
                clear and slope * proxy.sign < 0, len(used),
            )
        )  # fmt: skip
    return tuple(found)
