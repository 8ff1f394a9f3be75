"""Degrees as the reader wants them; data and exports stay in °C."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

DEGREE_UNITS: Final = ("°C", "°F")


@dataclass(frozen=True)
class Shown:
    """A value's unit on screen with the factor and offset that lead there from the data's unit."""

    unit: str
    factor: float = 1.0
    offset: float = 0.0

    def __call__(self, value: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Convert from the data's unit to the unit on screen."""
        return np.asarray(value, dtype=float) * self.factor + self.offset


CELSIUS: Final = Shown("°C")


def shown_in(unit: str, degrees: str) -> Shown:
    """How a quantity with this unit is shown to a reader who wants ``°C`` or ``°F``.

    A temperature gets the offset of 32, a difference of temperatures does not.
    """
    if degrees == "°F" and unit == "°C":
        return Shown("°F", 1.8, 32.0)
    if degrees == "°F" and unit == "°C difference":
        return Shown("°F", 1.8)
    return Shown(unit.removesuffix(" difference"))
