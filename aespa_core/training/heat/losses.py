r"""Terms of the loss, each in °C or without a unit.

.. math:: L_{rank} = \overline{\max(0, \hat T_{night} - \hat T_{day} + m)}, \qquad
    L_{fd} = \overline{(\tilde z_S - \tilde z_T)^2}

z̃ are features standardised over the batch: how far apart student and teacher are does not follow
from how large their features happen to be.
"""

import torch
from torch import Tensor
from torch.nn import functional


def known_mean(values: Tensor, known: Tensor) -> Tensor:
    """Mean over the rows that are known; 0 where none is."""
    return torch.where(known, values, 0.0).sum() / known.sum().clamp(min=1)


def temperature_loss(estimate: Tensor, label: Tensor, huber_c: float) -> Tensor:
    """Huber loss of labelled tracts over its threshold, °C: absolute error of large errors."""
    known = label.isfinite()
    filled = torch.where(known, label, estimate.detach())
    error = functional.huber_loss(estimate, filled, reduction="none", delta=huber_c)
    return known_mean(error / huber_c, known)


def proxy_loss(told: Tensor, standard: Tensor, known: Tensor) -> Tensor:
    """Mean squared error of the five proxies told from images, standardised, where measured."""
    return known_mean((told - standard) ** 2, known)


def ranking_loss(night: Tensor, day: Tensor, margin_c: float = 0.0) -> Tensor:
    """How much hotter a night is than its day, °C."""
    return functional.relu(night - day + margin_c).mean()


def sharing_loss(slopes: Tensor, seen: Tensor) -> Tensor:
    r"""How unlike the proxies' slopes are, °C².

    .. math:: L_{share} = \overline{\textstyle\sum_k (\beta_k - \bar\beta)^2}

    β is what a deviation of a proxy does, its sign taken out. Proxies go together, so that labels
    tell their sum better than each: what they do not tell is shared out alike, instead of all to
    the one that happens to fit best.

    Parameters
    ----------
    slopes
        °C a deviation, ≥ 0, (B, K).
    seen
        1 where a proxy is known, (B, K).
    """
    count = seen.sum(1, keepdim=True).clamp(min=1)
    mean = (slopes * seen).sum(1, keepdim=True) / count
    return ((slopes - mean) ** 2 * seen).sum(1).mean()


def estimate_distance(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean absolute difference of a student's estimates from its teacher's, °C."""
    return (student - teacher.detach()).abs().mean()


def feature_distance(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared difference of standardised features, (B, D) each."""
    return ((standard(student) - standard(teacher.detach())) ** 2).mean()


def standard(features: Tensor) -> Tensor:
    """Standardise each feature over the batch."""
    centred = features - features.mean(0)
    return centred / centred.square().mean(0).add(1e-6).sqrt()
