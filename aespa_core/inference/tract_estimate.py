"""What a tract model says of a metro: differences from its median, taken apart."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from aespa_core.datasets.tract_features import TractFeatures
from aespa_core.models.physics_head import HeadOutput
from aespa_core.models.tract_model import RawInputs, TractModel, raw_inputs

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TractEstimate:
    """Estimates of B tracts of one area, °C.

    Attributes
    ----------
    anomaly_c
        Estimate minus the area's median estimate, shape (B,).
    base_c
        The part that no proxy explains, shape (B,).
    contribution_c
        The part of each proxy against its median in the area, at the tract's own context, shape
        (B, K); NaN where the proxy is not measured. Base and contributions sum to the anomaly.
    member_c
        Anomaly of each member, shape (M, B).
    outside
        Whether the tract lies outside the range of the training data, shape (B,).
    """

    anomaly_c: Array
    base_c: Array
    contribution_c: Array
    member_c: Array
    outside: npt.NDArray[np.bool_]


def estimate_tracts(
    model: TractModel, features: TractFeatures, hide: tuple[str, ...] = ()
) -> TractEstimate:
    """Estimate the tracts of one area.

    Parameters
    ----------
    model
        Fitted.
    features
        All tracts of the area.
    hide
        Proxies to treat as not measured.
    """
    raw = raw_inputs(features)
    here = evaluated(model, raw, hide)
    seen = model.standardise(raw, hide).seen.numpy() > 0
    at_median = evaluated(model, replace(raw, anomaly=median_proxies(raw.anomaly)), hide)
    members = (here.base + here.contribution.sum(-1)).double().numpy()  # (M, B)
    # sums are made in 64 bits, so that the parts add up to the whole far below .0001 °C
    own, median = (o.contribution.double().mean(0).numpy() for o in (here, at_median))  # (B, K)
    # where the own proxy is missing both are 0; where it is not, the base takes the median's part
    base = here.base.double().mean(0).numpy() + np.where(seen, median, 0.0).sum(1)
    contribution = np.where(seen, own - median, np.nan)
    total = base + np.nansum(contribution, 1)
    level = np.median(total)
    return TractEstimate(
        anomaly_c=total - level,
        base_c=base - level,
        contribution_c=contribution,
        member_c=members - np.median(members, 1, keepdims=True),
        outside=model.outside_training(raw),
    )


def evaluated(model: TractModel, raw: RawInputs, hide: tuple[str, ...]) -> HeadOutput:
    """Run all members on the same rows."""
    inputs = model.standardise(raw, hide).for_members(model.settings.members)
    with torch.inference_mode():
        output: HeadOutput = model(inputs)
    return output


def median_proxies(anomaly: Array) -> Array:
    """Put every tract's proxies, own and neighbouring, at their medians; missing stay missing."""
    measured = np.isfinite(anomaly)
    median = np.zeros(anomaly.shape[1:])
    for k, s in np.ndindex(median.shape):
        if measured[:, k, s].any():
            median[k, s] = np.median(anomaly[measured[:, k, s], k, s])
    return np.where(measured, median, np.nan)
