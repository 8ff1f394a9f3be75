"""The tract model: a physics head with its own standardisation and the range it was trained on."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import TractFeatures
from aespa_core.models.physics_head import (
    HeadInputs,
    HeadOutput,
    HeadSettings,
    HeadShape,
    PhysicsHead,
)
from aespa_core.schema import PROXIES

Array = npt.NDArray[np.float64]

SIGNS: Final = tuple(proxy.sign for proxy in PROXIES if proxy.id in LEARNED)
# What the base may know of a place, as difference from the area's mean, and of the area.
CONTEXT: Final = (
    "log_land_km2", "log_housing", "log_people", "log_housing_1km", "log_housing_3km",
    "log_units_1km", "log_units_3km", "log_km_to_5", "log_km_to_20", "log_sea_km", "near_sea",
    "near_lake", "water_5km", "log_centre_km", "centre_radii",
)  # fmt: skip
AREA_MEANS: Final = (
    "log_housing", "log_sea_km", "log_lake_km", "water_15km", "log_km_to_20", "lat", "lon",
)  # fmt: skip
AREA_SIZE: Final = ("log_area_km", "log_area_people")
# Standardised values beyond these are unlike anything in training and would only extrapolate.
CLIP: Final = 3.0
CLIP_PROXY: Final = 6.0


@dataclass(frozen=True)
class RawInputs:
    """Inputs in their own units, NaN where missing.

    Attributes
    ----------
    anomaly
        Proxies minus the area's mean, shape (B, K, 1 + S).
    context
        Columns :data:`CONTEXT` minus the area's mean, shape (B, C).
    descriptors
        :data:`AREA_MEANS` and :data:`AREA_SIZE`, shape (B, D).
    proxy_descriptors
        Mean and deviation of each proxy in the area, shape (B, K, 2).
    """

    anomaly: Array
    context: Array
    descriptors: Array
    proxy_descriptors: Array


def raw_inputs(features: TractFeatures) -> RawInputs:
    """Take the model's inputs out of the features."""
    context = features.context[list(CONTEXT)] - features.context_mean[list(CONTEXT)]
    area = features.context_mean[list(AREA_MEANS)].join(features.area_size[list(AREA_SIZE)])
    return RawInputs(
        features.proxies - features.proxy_mean,
        context.to_numpy(float),
        area.to_numpy(float),
        np.stack([features.proxy_mean[:, :, 0], features.proxy_sd], axis=-1),
    )


@dataclass(frozen=True)
class TractInputs:
    """Standardised inputs of B tracts, missing values 0; the members share them."""

    anomaly: Tensor
    seen: Tensor
    context: Tensor
    descriptors: Tensor
    proxy_descriptors: Tensor

    def for_members(self, members: int) -> HeadInputs:
        """Give every member the same rows: (B, …) → (M, B, …)."""
        return HeadInputs(
            *(
                value.unsqueeze(0).expand(members, *value.shape)
                for value in (
                    self.anomaly,
                    self.seen,
                    self.context,
                    self.descriptors,
                    self.proxy_descriptors,
                )
            )
        )


class TractModel(nn.Module):
    """Standardisation, head, and the range of its training data; all of it in the weights file.

    Parameters
    ----------
    settings
        Size of the head.
    distances
        1 + S, values a proxy.
    """

    context_centre: Tensor
    context_scale: Tensor
    descriptors_centre: Tensor
    descriptors_scale: Tensor
    proxy_descriptors_centre: Tensor
    proxy_descriptors_scale: Tensor
    anomaly_scale: Tensor
    context_low: Tensor
    context_high: Tensor
    anomaly_low: Tensor
    anomaly_high: Tensor
    learned: Tensor

    def __init__(self, settings: HeadSettings, distances: int) -> None:
        super().__init__()
        self.settings = settings
        context, descriptors = len(CONTEXT), len(AREA_MEANS) + len(AREA_SIZE)
        self.head = PhysicsHead(settings, HeadShape(context, descriptors, distances), SIGNS)
        proxies = len(SIGNS)
        for name, shape in (
            ("context", (context,)),
            ("descriptors", (descriptors,)),
            ("proxy_descriptors", (proxies, 2)),
        ):
            self.register_buffer(f"{name}_centre", torch.zeros(shape))
            self.register_buffer(f"{name}_scale", torch.ones(shape))
        # 0 stays the area's mean: proxies are scaled, not moved
        self.register_buffer("anomaly_scale", torch.ones(proxies, distances))
        for end in ("low", "high"):
            self.register_buffer(f"context_{end}", torch.zeros(context))
            self.register_buffer(f"anomaly_{end}", torch.zeros(proxies))
        # 1 where a proxy was measured beside a label in training: the others have no curve
        self.register_buffer("learned", torch.ones(proxies))

    def fit_standardisation(self, raw: RawInputs, area: npt.NDArray[np.str_]) -> None:
        """Take centre, scale and range from training tracts; descriptors count once an area."""
        _, first = np.unique(area, return_index=True)
        for name, values in (
            ("context", raw.context),
            ("descriptors", raw.descriptors[first]),
            ("proxy_descriptors", raw.proxy_descriptors[first]),
        ):
            self._set(f"{name}_centre", mean_or(values, 0.0))
            self._set(f"{name}_scale", deviation_or_one(values))
        self._set("anomaly_scale", deviation_or_one(raw.anomaly))
        own = raw.anomaly[:, :, 0]
        for end, extreme in (("low", np.nanmin), ("high", np.nanmax)):
            self._set(f"context_{end}", extreme(raw.context, axis=0))
            ends = [extreme(p[np.isfinite(p)]) if np.isfinite(p).any() else 0.0 for p in own.T]
            self._set(f"anomaly_{end}", np.array(ends))
        self._set("learned", np.isfinite(own).any(0).astype(float))

    def _set(self, name: str, value: Array) -> None:
        buffer: Tensor = getattr(self, name)
        buffer.copy_(torch.as_tensor(value, dtype=torch.float32))

    def standardise(self, raw: RawInputs, hide: tuple[str, ...] = ()) -> TractInputs:
        """Turn raw inputs into the head's; ``hide`` treats proxies as not measured."""
        shown = torch.tensor([float(name not in hide) for name in LEARNED]) * self.learned
        own = np.isfinite(raw.anomaly[:, :, 0])
        return TractInputs(
            anomaly=scaled(raw.anomaly, 0.0, self.anomaly_scale, CLIP_PROXY),
            seen=torch.as_tensor(own, dtype=torch.float32) * shown,
            context=scaled(raw.context, self.context_centre, self.context_scale, CLIP),
            descriptors=scaled(
                raw.descriptors, self.descriptors_centre, self.descriptors_scale, CLIP
            ),
            proxy_descriptors=shown[:, None]
            * scaled(
                raw.proxy_descriptors,
                self.proxy_descriptors_centre,
                self.proxy_descriptors_scale,
                CLIP,
            ),
        )

    def forward(self, inputs: HeadInputs) -> HeadOutput:
        """Estimate the difference from the area's mean, °C."""
        output: HeadOutput = self.head(inputs)
        return output

    def outside_training(self, raw: RawInputs) -> npt.NDArray[np.bool_]:
        """Mark tracts with any context or own proxy beyond the range of training, shape (B,)."""
        own = raw.anomaly[:, :, 0]
        context = beyond(raw.context, self.context_low, self.context_high)
        proxies = beyond(own, self.anomaly_low, self.anomaly_high) & (self.learned.numpy() > 0)
        return np.asarray(context.any(1) | proxies.any(1))


def beyond(values: Array, low: Tensor, high: Tensor) -> npt.NDArray[np.bool_]:
    """Mark values outside their range; missing ones are not outside."""
    # the range is stored in 32 bits: a training value must not fall out of it by rounding
    slack = 1e-5 * (1 + np.abs(values))
    outside: npt.NDArray[np.bool_] = (values < low.numpy() - slack) | (
        values > high.numpy() + slack
    )
    return outside


def scaled(values: Array, centre: Tensor | float, scale: Tensor, clip: float) -> Tensor:
    """Standardise, set missing values to 0 and cut what lies beyond ``clip``."""
    standard = (torch.as_tensor(values, dtype=torch.float32) - centre) / scale
    return standard.nan_to_num(0.0).clamp(-clip, clip)


def mean_or(values: Array, default: float) -> Array:
    """Mean of each column over its measured values; the default where there is none."""
    measured = np.isfinite(values)
    count = measured.sum(0)
    total = np.where(measured, values, 0.0).sum(0)
    return np.where(count > 0, total / np.maximum(count, 1), default)


def deviation_or_one(values: Array) -> Array:
    """Take each column's standard deviation over its measured values; 1 where it says nothing."""
    square = mean_or((values - mean_or(values, 0.0)) ** 2, 1.0)
    deviation = np.sqrt(square)
    return np.where(deviation > 1e-3, deviation, 1.0)
