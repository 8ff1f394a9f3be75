"""One model of a tract's temperature; a teacher is the student plus mobility."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn

from aespa_core.models.heat.fusion import Fusion
from aespa_core.models.heat.heads import Excess, FreeDay, HeadParts, MonotoneDay, Night
from aespa_core.models.heat.image_residual import ImageResidual
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.models.heat.mobility import MobilityEncoder
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.models.physics_head import HeadSettings
from aespa_core.schema import PROXIES

# A share of water may lie many deviations from the mean of dry tracts.
CLIP = 12.0
SIGNS = tuple(proxy.sign for proxy in PROXIES)


@dataclass(frozen=True)
class ModelShape:
    """Sizes that follow from the data.

    Attributes
    ----------
    satellite_tokens, satellite_width, street_width
        T and the widths of the two embeddings.
    context
        Number of context columns, C.
    metros
        Metros learned from, in their order.
    """

    satellite_tokens: int
    satellite_width: int
    street_width: int
    context: int
    metros: tuple[str, ...]


@dataclass(frozen=True)
class HeatEstimate:
    """What the model says of B tracts.

    Attributes
    ----------
    day, night
        Temperature above the reference, °C, (B,).
    base, contribution
        Parts of ``day``, °C, (B,) and (B, K); a model without curves has only a base.
    proxies
        Proxies as the features tell them, standardised, (B, K).
    features
        Fused features z, (B, D): what a student learns to match.
    attention
        Of each photo, (B, K photos); 0 where there is none.
    """

    day: Tensor
    night: Tensor
    base: Tensor
    contribution: Tensor
    proxies: Tensor
    features: Tensor
    attention: Tensor

    def rows(self, chosen: Tensor) -> "HeatEstimate":
        """Take some of the tracts."""
        return HeatEstimate(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def to(self, device: torch.device) -> "HeatEstimate":
        """Move to a device."""
        return HeatEstimate(*(getattr(self, field.name).to(device) for field in fields(self)))


class HeatModel(nn.Module):
    """Encoders' embeddings, mobility, context and proxies in; one estimate out.

    Parameters
    ----------
    settings
        Of the model.
    shape
        Sizes that follow from the data.
    """

    context_centre: Tensor
    context_scale: Tensor
    proxy_centre: Tensor
    proxy_scale: Tensor

    def __init__(self, settings: ModelSettings, shape: ModelShape) -> None:
        super().__init__()
        self.settings, self.shape = settings, shape
        width, hidden, proxies = settings.width, settings.hidden, len(SIGNS)
        curves = HeadSettings(1, hidden, settings.units, settings.dropout)
        self.tile_residual = ImageResidual(shape.satellite_tokens, shape.satellite_width, proxies)
        self.photo_residual = ImageResidual(1, shape.street_width, proxies)
        self.tile_in = nn.Linear(shape.satellite_width, width)
        self.photo_in = nn.Linear(shape.street_width, width)
        self.mobility = MobilityEncoder(settings.mobility_hidden, width)
        self.conditions = nn.Sequential(
            nn.Linear(2 * shape.context + width, hidden), nn.SiLU(), nn.Dropout(settings.dropout)
        )
        self.fusion = Fusion(width, settings.heads, settings.layers, hidden, settings.dropout)
        metros = max(len(shape.metros), 1)
        self.day: MonotoneDay | FreeDay
        if settings.physics == "monotone":
            self.day = MonotoneDay(width, shape.context, metros, curves, SIGNS)
        else:
            self.day = FreeDay(width, shape.context, metros, curves, proxies)
        self.night = Night(width, shape.context, metros, curves, proxies)
        # proxies are told from features that still know them
        self.tell = nn.Sequential(
            nn.Linear(shape.satellite_width + shape.street_width, width),
            nn.SiLU(),
            nn.Linear(width, proxies),
        )
        self.dropout = nn.Dropout(settings.dropout)
        self.register_buffer("context_centre", torch.zeros(shape.context))
        self.register_buffer("context_scale", torch.ones(shape.context))
        self.register_buffer("proxy_centre", torch.zeros(proxies))
        self.register_buffer("proxy_scale", torch.ones(proxies))

    def standard_proxies(self, proxies: Tensor) -> Tensor:
        """Standardise proxies, 0 where missing."""
        return ((proxies - self.proxy_centre) / self.proxy_scale).nan_to_num(0.0)

    def standard_context(self, context: Tensor) -> Tensor:
        """Standardise the context, 0 where missing, cut where it is unlike anything learned."""
        return (
            ((context - self.context_centre) / self.context_scale)
            .nan_to_num(0.0)
            .clamp(-CLIP, CLIP)
        )

    def filled_context(self, inputs: HeatInputs) -> Tensor:
        """Standardise the context; where it is missing a tract is like its metro."""
        usual = self.standard_context(inputs.usual)
        return torch.where(inputs.context.isfinite(), self.standard_context(inputs.context), usual)

    def conditions_of(self, inputs: HeatInputs) -> Tensor:
        """Conditions h of the curves: context and movement, no image and no proxy, (B, H)."""
        use = self.settings.use_mobility
        week = self.mobility(inputs.week, inputs.volume, inputs.has_week & use)
        context = self.standard_context(inputs.context)
        known = inputs.context.isfinite().float()
        by: Tensor = self.conditions(torch.cat([context, known, week], -1))
        return by

    def forward(self, inputs: HeatInputs) -> HeatEstimate:
        """Estimate B tracts."""
        use = self.settings
        has_tile = inputs.has_tile & use.use_satellite
        has_photo = inputs.has_photo & use.use_street
        read = self.standard_proxies(inputs.read)
        # a model without the curves' promise keeps its images as they are
        tiles = self.tile_residual(inputs.satellite, read)  # (B, T, Ds)
        photos = self.photo_residual(inputs.street[:, :, None].flatten(0, 1), repeat(read, inputs))
        photos = photos.view(*inputs.street.shape)  # (B, K, Dp)
        by = self.conditions_of(inputs)  # (B, H)
        fused = self.fusion(
            self.dropout(self.tile_in(tiles)),
            self.dropout(self.photo_in(photos)),
            has_tile,
            has_photo,
            by,
        )
        parts = HeadParts(
            fused.features,
            self.filled_context(inputs),
            self.standard_context(inputs.usual),
            by,
            self.standard_proxies(inputs.proxies),
            inputs.proxies.isfinite().float(),
            inputs.metro,
        )
        day: Excess = self.day(parts)
        return HeatEstimate(
            day.total,
            self.night(parts),
            day.base,
            day.contribution,
            self.tell(self.knowing(inputs, has_tile, has_photo)),
            fused.features,
            fused.attention,
        )

    def knowing(self, inputs: HeatInputs, has_tile: Tensor, has_photo: Tensor) -> Tensor:
        """Pool the image features with what they know of the proxies, (B, Ds + Dp)."""
        tile = (inputs.satellite - self.tile_residual.centre) / self.tile_residual.scale
        photo = (inputs.street - self.photo_residual.centre) / self.photo_residual.scale
        count = has_photo.sum(1, keepdim=True).clamp(min=1)
        street = (photo * has_photo[..., None]).sum(1) / count
        return torch.cat([tile.mean(1) * has_tile[:, None], street], -1)

    @torch.no_grad()
    def fit_standardisation(self, inputs: HeatInputs) -> None:
        """Take centres and scales, and the proxies' part of the images, from training tracts."""
        for name, values in (("context", inputs.context), ("proxy", inputs.proxies)):
            centre = values.nanmean(0).nan_to_num(0.0)
            spread = ((values - centre) ** 2).nanmean(0).sqrt().nan_to_num(0.0)
            getattr(self, f"{name}_centre").copy_(centre)
            getattr(self, f"{name}_scale").copy_(torch.where(spread > 1e-4, spread, 1.0))
        if inputs.has_week.any():
            volume = inputs.volume[inputs.has_week]
            self.mobility.volume_centre.copy_(volume.mean(0))
            self.mobility.volume_scale.copy_(volume.std(0, correction=0).clamp(min=1e-3))
        self.fit_residuals(inputs)

    @torch.no_grad()
    def fit_residuals(self, inputs: HeatInputs) -> None:
        """Learn what the proxies say of the images."""
        read = self.standard_proxies(inputs.read)
        take = self.settings.residualise and self.settings.physics == "monotone"
        self.tile_residual.fit(inputs.satellite, read, inputs.has_tile, residualise=take)
        flat = inputs.street.flatten(0, 1)[:, None]
        self.photo_residual.fit(
            flat, repeat(read, inputs), inputs.has_photo.flatten(), residualise=take
        )


def repeat(read: Tensor, inputs: HeatInputs) -> Tensor:
    """Give every photo its tract's proxies, (B K, 5)."""
    return read.repeat_interleave(inputs.street.shape[1], 0)


def metros_of(metro: Sequence[str]) -> tuple[str, ...]:
    """Metros learned from, in alphabetical order."""
    return tuple(sorted(set(metro)))
