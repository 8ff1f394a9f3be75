"""What every method of the tract benchmark is: settings to choose from, and a way to fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.tract_features import TractFeatures
from aespa_core.datasets.tract_training import TrainingTracts

Array = npt.NDArray[np.float64]

# Estimates of B tracts, °C; each area's level is free, since scores are centred in the area.
Predictor = Callable[[TractFeatures], Array]


@dataclass(frozen=True)
class Method:
    """A method by its id in tables.

    Attributes
    ----------
    id
        Plain id.
    grid
        Settings that tuning may choose from; every tuned method has the same number.
    fit
        Fits to labelled tracts with one of these settings and a seed.
    """

    id: str
    grid: tuple[Mapping[str, float], ...]
    fit: Callable[[TrainingTracts, Mapping[str, float], int], Predictor]
