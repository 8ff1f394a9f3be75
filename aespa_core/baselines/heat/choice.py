"""Settings are chosen by how wrong they are on tracts as far away as the tested ones."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from aespa_core.baselines.heat.columns import learnable
from aespa_core.baselines.heat.contract import HeatData
from aespa_core.datasets.heat.folds import training_folds
from aespa_core.datasets.heat.splits import METRO_OUT

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# Learns on some tracts and estimates all, one column a setting: (B,) → (B, S).
Fit = Callable[[Mask], Array]


def errors_apart(data: HeatData, fit: Fit, seed: int) -> Array:
    """Error of each setting, °C, shape (S,): how wrong it is on tracts apart, in the mean.

    Folds of the training tracts are estimated by the others of them (:func:`training_folds`), and
    the validation tracts by all of them; but where a metro is tested, validation tracts lie among
    the training ones and tell nothing about an unseen metro, so they are left out. There half of
    the error is around the metro's own mean: one wrong offset would hide all that is right in it.
    """
    rows, labels = learnable(data), data.excess_c
    fold = training_folds(data.samples, data.split, seed=seed)
    wrong = []
    for number in np.unique(fold[rows]):
        apart = rows & (fold == number)
        if (rows & ~apart).any():
            off = fit(rows & ~apart)[apart] - labels[apart, None]
            around = off - off.mean(axis=0) if data.split.kind == METRO_OUT else off
            wrong.append((np.abs(off) + np.abs(around)) / 2)
    checked = data.split.validation & np.isfinite(labels)
    if data.split.kind != METRO_OUT and checked.any():
        wrong.append(np.abs(fit(rows)[checked] - labels[checked, None]))
    error: Array = np.concatenate(wrong).mean(axis=0)
    return error
