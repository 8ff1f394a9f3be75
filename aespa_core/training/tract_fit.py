"""Fit the tract model: all members at once, on batches of areas, errors centred in their area."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from aespa_core.datasets.tract_training import TrainingTracts, centred
from aespa_core.models.physics_head import HeadInputs, HeadSettings
from aespa_core.models.tract_model import SIGNS, TractInputs, TractModel, raw_inputs

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FitSettings:
    """How the tract model learns.

    Attributes
    ----------
    head
        Size of the head.
    steps
        Steps of AdamW under a one-cycle schedule.
    areas, tracts
        Areas a batch, tracts an area in a batch (drawn with replacement).
    area_power
        An area is drawn with probability proportional to its tracts to this power.
    learning_rate, decay
        Peak learning rate; weight decay of matrices.
    area_drop
        Share of areas whose descriptors are hidden in a batch: few areas, easily learned by heart.
    area_jitter, context_jitter
        Standard deviation of noise on standardised descriptors (one draw an area) and context.
    hide_area, hide_tract
        Probability that a proxy is hidden in a whole area of a batch, one a proxy, or in a tract.
    huber_c
        Error at which the loss turns from square to absolute, °C.
    half_weight_blocks
        Number of census blocks behind a label at which its weight is one half.
    """

    head: HeadSettings = field(default_factory=HeadSettings)
    steps: int = 700
    areas: int = 12
    tracts: int = 64
    area_power: float = 0.7
    learning_rate: float = 0.05
    decay: float = 0.3
    area_drop: float = 0.3
    area_jitter: float = 0.6
    context_jitter: float = 0.45
    hide_area: tuple[float, ...] = (0.05, 0.3, 0.3)
    hide_tract: float = 0.03
    huber_c: float = 1.0
    half_weight_blocks: float = 10.0


@dataclass(frozen=True)
class Batch:
    """Rows drawn for each member, (M, A, T) flattened to (M, A × T)."""

    inputs: HeadInputs
    target: Tensor
    weight: Tensor


def fit_tract_model(
    tracts: TrainingTracts,
    settings: FitSettings,
    seed: int,
    progress: Callable[[int], None] = lambda step: None,
) -> TractModel:
    """Fit all members.

    Parameters
    ----------
    tracts
        Labelled tracts of complete areas.
    settings
        How to learn.
    seed
        Of weights, batches and noise.
    progress
        Called with the number of each finished step.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    features, labels = tracts.features, tracts.labels
    raw = raw_inputs(features)
    model = TractModel(settings.head, raw.anomaly.shape[2])
    model.fit_standardisation(raw, features.area)
    inputs = model.standardise(raw)
    target = torch.as_tensor(centred(labels.lst_day_c, features.area), dtype=torch.float32)
    blocks = labels.n_blocks / (labels.n_blocks + settings.half_weight_blocks)
    weight = torch.as_tensor(blocks, dtype=torch.float32)
    draw = AreaDraw.of(features.area, settings)

    matrices = [p for name, p in model.head.named_parameters() if name.endswith("weight")]
    others = [p for name, p in model.head.named_parameters() if not name.endswith("weight")]
    optimiser = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": settings.decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=settings.learning_rate,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, settings.steps, pct_start=0.1
    )
    model.train()
    for step in range(settings.steps):
        rows = torch.from_numpy(draw(rng))
        batch = Batch(augmented(inputs, rows, settings), target[rows], weight[rows])
        loss = centred_loss(model(batch.inputs).estimate, batch, settings)
        optimiser.zero_grad()
        loss.backward()
        # members do not share parameters: the bound grows with their number
        nn.utils.clip_grad_norm_(model.parameters(), 5.0 * settings.head.members**0.5)
        optimiser.step()
        schedule.step()
        progress(step + 1)
    return model.eval()


@dataclass(frozen=True)
class AreaDraw:
    """Draws areas, then tracts of them, for every member apart."""

    order: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]
    probability: Array
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, area: npt.NDArray[np.str_], settings: FitSettings) -> "AreaDraw":
        """Index the tracts by area."""
        _, inverse, count = np.unique(area, return_inverse=True, return_counts=True)
        power = count**settings.area_power
        shape = (settings.head.members, settings.areas, settings.tracts)
        order = np.argsort(inverse, kind="stable")
        return cls(order, np.cumsum(count) - count, count, power / power.sum(), shape)

    def __call__(self, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Draw rows, shape (M, A × T)."""
        members, areas, tracts = self.shape
        pick = rng.choice(len(self.count), (members, areas), p=self.probability)[..., None]
        within = (rng.random(self.shape) * self.count[pick]).astype(int)
        return self.order[self.start[pick] + within].reshape(members, areas * tracts)


def augmented(inputs: TractInputs, rows: Tensor, settings: FitSettings) -> HeadInputs:
    """Take the drawn rows, hide proxies and blur what the base could learn by heart."""
    members, areas, tracts = rows.shape[0], settings.areas, settings.tracts

    def by_area(value: Tensor) -> Tensor:  # (M, A, D) → (M, A × T, D)
        return value.repeat_interleave(tracts, 1)

    keep = 1.0 - torch.tensor(settings.hide_area)
    shown = by_area((torch.rand(members, areas, len(SIGNS)) < keep).float())
    kept = (torch.rand(members, areas * tracts, len(SIGNS)) >= settings.hide_tract).float()
    alive = by_area((torch.rand(members, areas, 1) >= settings.area_drop).float())
    descriptors = inputs.descriptors[rows]
    proxy_descriptors = inputs.proxy_descriptors[rows]
    context = inputs.context[rows]
    blur = settings.area_jitter
    return HeadInputs(
        anomaly=inputs.anomaly[rows],
        seen=inputs.seen[rows] * shown * kept,
        context=context + settings.context_jitter * torch.randn_like(context),
        descriptors=alive
        * (descriptors + by_area(torch.randn(members, areas, descriptors.shape[-1]) * blur)),
        proxy_descriptors=(alive * shown)[..., None]
        * (
            proxy_descriptors
            + by_area(torch.randn(members, areas, *proxy_descriptors.shape[2:]) * blur)
        ),
    )


def centred_loss(estimate: Tensor, batch: Batch, settings: FitSettings) -> Tensor:
    """Weighted Huber loss of errors less their mean in the area, summed over members."""
    shape = (-1, settings.areas, settings.tracts)
    error, weight = (estimate - batch.target).view(shape), batch.weight.view(shape)
    mean = (weight * error).sum(2, keepdim=True) / weight.sum(2, keepdim=True).clamp(min=1e-6)
    loss = functional.huber_loss(
        error - mean, torch.zeros_like(error), reduction="none", delta=settings.huber_c
    )
    return ((weight * loss).sum((1, 2)) / weight.sum((1, 2))).sum()
