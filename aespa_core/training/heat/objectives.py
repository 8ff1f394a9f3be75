"""What a step minimises: a teacher's terms, and a student's, which add its teacher's."""

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor, nn

from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.heat_model import SIGNS, HeatEstimate, HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.training.heat.correlation_penalty import CorrelationBank
from aespa_core.training.heat.losses import (
    estimate_distance,
    feature_distance,
    proxy_loss,
    ranking_loss,
    sharing_loss,
    temperature_loss,
)
from aespa_core.training.heat.settings import LossWeights, TrainSettings


@dataclass(frozen=True)
class Labels:
    """Excess over the reference by day and night, °C, NaN where unknown, (B,); proxies (B, 5)."""

    day: Tensor
    night: Tensor
    proxies: Tensor

    def rows(self, chosen: Tensor) -> "Labels":
        """Take some of the tracts."""
        return Labels(self.day[chosen], self.night[chosen], self.proxies[chosen])

    def to(self, device: torch.device) -> "Labels":
        """Move to a device."""
        return Labels(self.day.to(device), self.night.to(device), self.proxies.to(device))


@dataclass(frozen=True)
class Terms:
    """Terms of one step, unweighted; None where the step has none of the kind."""

    day: Tensor
    night: Tensor
    proxy: Tensor
    ranking: Tensor
    phys: Tensor | None = None
    share: Tensor | None = None
    kd: Tensor | None = None
    fd: Tensor | None = None

    def by_name(self) -> dict[str, Tensor]:
        """Terms that the step has, by name."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: term for name, term in named.items() if term is not None}

    def total(self, weights: LossWeights) -> Tensor:
        """Weigh and add; the day's error weighs 1."""
        found = self.by_name()
        day = found.pop("day")
        return day + sum(
            (getattr(weights, name) * term for name, term in found.items()), torch.zeros(())
        )


class Objective(nn.Module):
    """A model with its terms: what Fabric wraps, so that every device computes its own loss.

    Fabric moves and casts plain dictionaries and refuses frozen dataclasses; hence :meth:`forward`
    takes and gives dictionaries.

    Parameters
    ----------
    model
        Learns.
    settings
        How.
    encoders
        Learn with the model; None where embeddings are given.
    """

    def __init__(
        self, model: HeatModel, settings: TrainSettings, encoders: Encoders | None = None
    ) -> None:
        super().__init__()
        self.model, self.settings, self.encoders = model, settings, encoders
        self.bank = CorrelationBank(settings.bank, len(SIGNS))

    def forward(
        self,
        inputs: dict[str, Tensor],
        labels: dict[str, Tensor],
        taught: dict[str, Tensor] | None,
        images: tuple[Tensor, Tensor] | None = None,
    ) -> dict[str, Tensor]:
        """Terms of a batch by name, beside their weighted sum ``loss``."""
        given = HeatInputs(**inputs)
        if self.encoders is not None and images is not None:
            seen = self.encoders(*images)
            given = replace(given, satellite=seen.satellite, street=seen.street)
        terms = self.terms(
            given,
            Labels(**labels),
            None if taught is None else HeatEstimate(**taught),
        )
        return {"loss": terms.total(self.settings.weights), **terms.by_name()}

    def terms(self, inputs: HeatInputs, labels: Labels, taught: HeatEstimate | None) -> Terms:
        """Terms of a teacher; with ``taught``, what its teacher says, of a student."""
        found: HeatEstimate = self.model(inputs)
        terms = self.own_terms(found, inputs, labels)
        if taught is None:
            return terms
        return replace(
            terms,
            kd=estimate_distance(found.day, taught.day),
            fd=feature_distance(found.features, taught.features),
        )

    def own_terms(self, found: HeatEstimate, inputs: HeatInputs, labels: Labels) -> Terms:
        """Terms that an estimate has with its labels."""
        model, huber_c = self.model, self.settings.huber_c
        phys = None
        if self.settings.model.physics == "soft":
            phys = self.bank(model.standard_proxies(inputs.proxies), found.day, inputs.metro, SIGNS)
        share = None
        if self.settings.weights.share and self.settings.model.physics == "monotone":
            share = sharing_loss(model.day_slopes(inputs), inputs.proxies.isfinite().float())
        return Terms(
            day=temperature_loss(found.day, labels.day, huber_c),
            night=temperature_loss(found.night, labels.night, huber_c),
            proxy=proxy_loss(
                found.proxies, model.standard_proxies(labels.proxies), labels.proxies.isfinite()
            ),
            ranking=ranking_loss(found.night, found.day),
            phys=phys,
            share=share,
        )
