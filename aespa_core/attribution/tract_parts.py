r"""A tract model's estimates taken apart, member by member.

.. math:: T = b + \sum_k [g_k(p, \bar p) - g_k(\tilde p, \tilde{\bar p})], \qquad
    \mathrm{own}_k = g_k(p, \tilde{\bar p}) - g_k(\tilde p, \tilde{\bar p})

p is the tract's own value of the proxy and p̄ its neighbours' means; a tilde puts them at their
medians over the metro. What is left of a contribution is its neighbours' part,
:math:`g_k(p, \bar p) - g_k(p, \tilde{\bar p})`.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.attribution.attributed_run import part_rows
from aespa_core.attribution.member_levels import member_levels
from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import TractFeatures
from aespa_core.inference.tract_estimate import evaluated, median_proxies
from aespa_core.models.tract_model import TractModel, raw_inputs
from aespa_core.spread import spread_of
from aespa_core.studies.run_tables import BASE

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TractParts:
    """Parts of the estimates of B tracts of one area by M members, °C.

    Attributes
    ----------
    base_c
        What no proxy explains, (M, B); each member's is against its own median estimate, as
        :mod:`aespa_core.attribution.member_levels` says.
    contribution_c
        Of each proxy against its median in the area, own and neighbours', (M, B, K); NaN where
        the proxy is not measured or has no curve.
    own_c
        The part of it that is the tract's own value alone, neighbours at the median, (M, B, K).
    """

    base_c: Array
    contribution_c: Array
    own_c: Array

    @property
    def anomaly_c(self) -> Array:
        """Base plus contributions, the members' mean, (B,)."""
        parts: Array = self.base_c + np.nansum(self.contribution_c, 2)
        return parts.mean(0)


def tract_parts(model: TractModel, features: TractFeatures) -> TractParts:
    """Take the estimates of all tracts of one area apart."""
    raw = raw_inputs(features)
    median = median_proxies(raw.anomaly)
    own_only = median.copy()
    own_only[:, :, 0] = raw.anomaly[:, :, 0]
    outputs = (evaluated(model, replace(raw, anomaly=a), ()) for a in (raw.anomaly, own_only))
    whole, own = outputs
    middle = evaluated(model, replace(raw, anomaly=median), ()).contribution.double().numpy()
    seen = model.standardise(raw).seen.numpy() > 0  # (B, K)
    contribution, alone = (
        np.where(seen, output.contribution.double().numpy() - middle, np.nan)
        for output in (whole, own)
    )  # (M, B, K)
    base = whole.base.double().numpy() + np.where(seen, middle, 0.0).sum(2)  # (M, B)
    day = base + np.nansum(contribution, 2)
    return TractParts(
        base_c=base - member_levels(day, features.area),
        contribution_c=contribution,
        own_c=alone,
    )


def attribution_rows(geoid: npt.NDArray[np.str_], parts: TractParts) -> pd.DataFrame:
    """Lay the parts out, one row a tract and part that it has, °C."""
    rows = [part_rows(geoid, BASE, spread_of(parts.base_c))]
    for k, name in enumerate(LEARNED):
        effect, own = (spread_of(c[:, :, k]) for c in (parts.contribution_c, parts.own_c))
        rows.append(part_rows(geoid, name, effect, own.mean))
    return pd.concat(rows, ignore_index=True).dropna(subset="effect_c").reset_index(drop=True)
