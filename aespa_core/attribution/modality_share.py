r"""How much each kind of input moves an estimate: Shapley values over what may be missing.

.. math:: \phi_m = \sum_{S \not\ni m} \frac{|S|!\,(n - |S| - 1)!}{n!}\,[T(S \cup m) - T(S)]

T(S) is the day's estimate with the modalities S alone, the others hidden as the model learned to do
without them (Shapley 1953). The values sum to the estimate with all minus that with none.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt
import torch

from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.studies.run_tables import MODALITIES
from aespa_core.training.heat.loop import estimated

Array = npt.NDArray[np.float64]


def used_modalities(settings: ModelSettings) -> tuple[str, ...]:
    """Name the modalities that a model looks at."""
    used = {
        "satellite": settings.use_satellite,
        "street": settings.use_street,
        "mobility": settings.use_mobility,
    }
    return tuple(name for name in MODALITIES if used[name])


def with_modalities(inputs: HeatInputs, shown: Sequence[str]) -> HeatInputs:
    """Hide all modalities but these."""
    nothing = torch.zeros_like
    return replace(
        inputs,
        has_tile=inputs.has_tile if "satellite" in shown else nothing(inputs.has_tile),
        has_photo=inputs.has_photo if "street" in shown else nothing(inputs.has_photo),
        has_week=inputs.has_week if "mobility" in shown else nothing(inputs.has_week),
    )


def modality_effects(models: Sequence[HeatModel], inputs: HeatInputs) -> dict[str, Array]:
    """Share an estimate out between the modalities that the model uses.

    Parameters
    ----------
    models
        Members.
    inputs
        B tracts.

    Returns
    -------
    dict
        Modality → °C, (M, B).
    """
    used = used_modalities(models[0].settings)
    count = len(used)
    day = {
        shown: np.stack(
            [estimated(model, with_modalities(inputs, shown)).day.double() for model in models]
        )
        for size in range(count + 1)
        for shown in combinations(used, size)
    }
    effects = {}
    for name in used:
        total = np.zeros_like(day[()])
        for shown in day:
            if name in shown:
                continue
            size = len(shown)
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            larger = tuple(m for m in used if m in shown or m == name)
            total += weight * (day[larger] - day[shown])
        effects[name] = total
    return effects
