"""A tract model's curves along each tract's own proxies; its neighbours stay where they are."""

from typing import Final, cast

import numpy as np
import torch

from aespa_core.attribution.physics_response import OwnCurve, own_curve
from aespa_core.attribution.response_rows import Ground
from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import TractFeatures
from aespa_core.models.physics_head import MonotoneCurve
from aespa_core.models.tract_model import CLIP_PROXY, SIGNS, TractModel, raw_inputs
from aespa_core.schema import PROXIES

# Homes, not people: what the model itself knows of how densely a tract is built.
DENSITY: Final = "log_housing"
LIMITS: Final = {proxy.id: (proxy.low, proxy.high) for proxy in PROXIES}


@torch.no_grad()
def tract_curves(model: TractModel, features: TractFeatures) -> dict[str, OwnCurve]:
    """Take the curves of all proxies that the model learned out of it, by proxy."""
    inputs = model.standardise(raw_inputs(features)).for_members(model.settings.members)
    hidden = model.head.at_context(inputs)
    curves = {}
    for k, name in enumerate(LEARNED):
        if model.learned[k]:
            form = cast(MonotoneCurve, model.head.curves[k]).form(hidden)
            scale = float(model.anomaly_scale[k, 0])
            curves[name] = own_curve(form, inputs.anomaly[:, :, k], scale, SIGNS[k])
    return curves


def tract_ground(model: TractModel, features: TractFeatures) -> Ground:
    """Say where the curves stand and how far they were learned.

    The model learned differences from an area's mean: its range lies around the mean of this area,
    cut where the model itself stops to look and where the proxy has its physical ends.
    """
    raw = raw_inputs(features)
    mean = features.proxy_mean[:, :, 0]  # (B, K)
    value = np.where(np.isfinite(raw.anomaly[:, :, 0]), features.proxies[:, :, 0], np.nan)
    seen_to = CLIP_PROXY * model.anomaly_scale[:, 0].double().numpy()
    low = mean + np.maximum(model.anomaly_low.double().numpy(), -seen_to)
    high = mean + np.minimum(model.anomaly_high.double().numpy(), seen_to)
    return Ground(
        features.geoid,
        features.area,
        features.context[DENSITY].to_numpy(float),
        {name: value[:, k] for k, name in enumerate(LEARNED)},
        {name: np.maximum(low[:, k], LIMITS[name][0]) for k, name in enumerate(LEARNED)},
        {name: np.minimum(high[:, k], LIMITS[name][1]) for k, name in enumerate(LEARNED)},
    )
