"""The physics head's curves of each tract, taken out of the model as numbers of a table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from aespa_core.models.heat.heads import MonotoneDay
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.models.physics_head import CurveForm
from aespa_core.schema import PROXIES

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OwnCurve:
    """One proxy's curve along the tract's own value, in the proxy's unit, its sign taken in.

    Attributes
    ----------
    line
        °C per unit, (M, B).
    weight, slope, offset
        Of the saturating units: °C, per unit, at the value now; (M, B, U).
    """

    line: Array
    weight: Array
    slope: Array
    offset: Array


def own_curve(form: CurveForm, now: torch.Tensor, scale: float, sign: int) -> OwnCurve:
    """Rewrite a curve so that it starts at the tract's value and moves by proxy units.

    Parameters
    ----------
    form
        At each tract's context.
    now
        Standardised values that the curve sees now, own first, (M, B, 1 + S).
    scale
        Of the own value.
    sign
        Expected of the proxy.
    """
    along = torch.bmm(now, form.mix)[..., 1:]  # (M, B, U)
    line = form.line * form.mix[:, :1, 0] / scale
    slope = form.slope * form.mix[:, :1, 1:] / scale
    offset = form.slope * along + form.offset
    return OwnCurve(
        *(value.double().numpy() for value in (sign * line, sign * form.weight, slope, offset))
    )


@torch.no_grad()
def heat_curves(models: Sequence[HeatModel], inputs: HeatInputs) -> tuple[OwnCurve, ...]:
    """Take the day curves of all proxies out of a multimodal model's members, in their order.

    Raises
    ------
    TypeError
        If the model has no curves (its physics is not ``monotone``).
    """
    found = []
    for k, proxy in enumerate(PROXIES):
        members = []
        for model in models:
            if not isinstance(model.day, MonotoneDay):
                raise TypeError(f"physics = '{model.settings.physics}' has no curves")
            form = model.day.curves.each()[k].form(model.conditions_of(inputs)[None])
            now = model.standard_proxies(inputs.proxies)[None, :, k, None]
            members.append(own_curve(form, now, float(model.proxy_scale[k]), proxy.sign))
        found.append(stacked(members))
    return tuple(found)


def stacked(members: Sequence[OwnCurve]) -> OwnCurve:
    """Put members of one row each side by side."""
    return OwnCurve(
        *(
            np.concatenate([getattr(member, name) for member in members])
            for name in ("line", "weight", "slope", "offset")
        )
    )
