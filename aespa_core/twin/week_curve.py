"""When things happen: shapes of a week of 168 hours, hour 0 is Monday 00:00."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

HOURS_OF_DAY: Final = 24


@dataclass(frozen=True)
class Bump:
    """A bell in the course of a day.

    Attributes
    ----------
    hour
        Middle, local time, hours.
    width_h
        Standard deviation, hours.
    weight
        Share of the day's events, relative to the other bumps.
    """

    hour: float
    width_h: float
    weight: float


@dataclass(frozen=True)
class WeekCurve:
    """Events of a week.

    Attributes
    ----------
    weekday, weekend
        Bumps of a day.
    monday_to_friday, saturday, sunday
        Events of such a day.
    """

    weekday: tuple[Bump, ...]
    weekend: tuple[Bump, ...]
    monday_to_friday: float
    saturday: float
    sunday: float

    def hours(self) -> Floats:
        """Events in each hour of the week, shape (168,)."""
        work, rest = day_shape(self.weekday), day_shape(self.weekend)
        return np.concatenate(
            [*[self.monday_to_friday * work] * 5, self.saturday * rest, self.sunday * rest]
        )


def day_shape(bumps: tuple[Bump, ...]) -> Floats:
    """Share of a day's events in each hour, sums to 1, shape (24,).

    An hour counts at its middle, and bumps reach around midnight.
    """
    middle = np.arange(HOURS_OF_DAY) + 0.5
    shape = np.zeros(HOURS_OF_DAY)
    for bump in bumps:
        apart = (middle - bump.hour + 12.0) % HOURS_OF_DAY - 12.0
        bell = np.exp(-0.5 * (apart / bump.width_h) ** 2)
        shape += bump.weight * bell / bell.sum()
    return shape / shape.sum()
